"""A learner's own recordings, as loggers, spreadsheets and zip programs write them: read
right, or refused with one sentence that holds the cure.

The headers of named loggers are those that public code reads from their exports.
"""

import unicodedata
import zipfile

import numpy as np
import pytest

from katas.detector.recordings import DataError, archive, folder, table
from katas.detector.recordings.recording import GRAVITY
from katas.dojo.store.errors import CourseError
from katas.dojo.workspace import data_command

INDEX = "file,subject,activity,is_fall,start_s,end_s\n"
OURS = ["time_s", "acc_x_g", "acc_y_g", "acc_z_g"]
OURS += ["gyro_x_rad_s", "gyro_y_rad_s", "gyro_z_rad_s"]
FALL = INDEX + "a.csv,anna,trip,1,,\n"


def movement(rate=50.0, seconds=6.0):
    """What a wrist does: rest, a blow at 3 s, a slow turn.

    Shapes: times [time] in [s]; acceleration [time, 3] in [g]; rotation in [rad/s].
    """
    times = np.arange(round(rate * seconds)) / rate
    noise = np.random.default_rng(0).normal(0, 0.01, (len(times), 6))
    blow = 3 * np.exp(-(((times - 3) / 0.05) ** 2))
    acceleration = noise[:, :3] + np.column_stack([blow, 0 * times, 0 * times + 1])
    rotation = noise[:, 3:] + np.column_stack([2 * np.sin(times), 0 * times, 0 * times])
    return times, acceleration, rotation


def text_of(columns, header, separator=",", form="{:.6f}", before="", end="\n"):
    rows = [
        separator.join(form.format(value) for value in row)
        for row in np.column_stack(columns)
    ]
    return before + end.join([separator.join(header), *rows]) + end


def ours(rate=50.0, scale=1.0, names=OURS, **options):
    """A recording in the folder's format."""
    times, acceleration, rotation = movement(rate)
    return text_of([times, *(acceleration.T * scale), *rotation.T], names, **options)


def place(path, text, index=FALL, name="a.csv"):
    path.mkdir(exist_ok=True)
    (path / "recordings.csv").write_bytes(
        index if isinstance(index, bytes) else index.encode()
    )
    (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def is_right(path):
    """Whether the folder holds the one recording, read right."""
    (one,) = folder.recordings(path)
    times, _, rotation = movement()
    even = np.arange(len(one.signal)) / 50
    expected = np.interp(even, times, rotation[:, 0])
    assert one.is_fall
    assert one.impact == pytest.approx(3, abs=0.03)
    np.testing.assert_allclose(np.median(one.signal[:, 2]), 1, atol=0.02)
    np.testing.assert_allclose(one.signal[:, 3], expected, atol=0.08)
    return True


def refusal(path):
    with pytest.raises(DataError) as caught:
        folder.recordings(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


# Ten recordings as loggers write them


def with_unit(header, old, new):
    return [name.replace(old, new) for name in header]


def phyphox():
    """Acceleration alone, tabs, quoted names, scientific notation."""
    times, acceleration, _ = movement()
    names = [f"Acceleration {axis} (m/s^2)" for axis in "xyz"]
    names = [
        f'"{name}"' for name in ("Time (s)", *names, "Absolute acceleration (m/s^2)")
    ]
    size = np.linalg.norm(acceleration, axis=1)
    columns = [times, *(acceleration.T * GRAVITY), size * GRAVITY]
    return text_of(columns, names, "\t", "{:.9E}")


def phyphox_both():
    times, acceleration, rotation = movement()
    names = ["Time (s)"]
    names += [f"Acceleration {axis} (m/s^2)" for axis in "xyz"]
    names += [f"Gyroscope {axis} (rad/s)" for axis in "xyz"]
    return text_of([times, *(acceleration.T * GRAVITY), *rotation.T], names, "\t")


def sensor_logger():
    """Nanoseconds since 1970, seconds, and one sensor a file, z first."""
    times, acceleration, _ = movement()
    lines = ["time,seconds_elapsed,z,y,x"]
    for t, (x, y, z) in zip(times, acceleration * GRAVITY, strict=True):
        lines.append(f"{1718030736872695300 + int(t * 1e9)},{t},{z},{y},{x}")
    return "\n".join(lines) + "\n"


def sensorlog():
    """SensorLog on iOS: many columns, text among them."""
    times, acceleration, rotation = movement()
    names = ["loggingTime(txt)", "accelerometerTimestamp_sinceReboot(s)"]
    names += [f"accelerometerAcceleration{axis}(G)" for axis in "XYZ"]
    names += [f"motionRotationRate{axis}(rad/s)" for axis in "XYZ"]
    names += [f"motionUserAcceleration{axis}(G)" for axis in "XYZ"]
    lines = [",".join(names)]
    for t, a, r in zip(times, acceleration, rotation, strict=True):
        stamp = f"2024-08-22T14:12:{7 + t:06.3f}+02:00"
        values = [62608 + t, *a, *r, *(a - [0, 0, 1])]
        lines.append(",".join([stamp, *(f"{value:.6f}" for value in values)]))
    return "\n".join(lines) + "\n"


def g_force_recorder():
    """The columns of Physics Toolbox: times of day, acceleration in g, rad/s."""
    times, acceleration, rotation = movement()
    lines = ["time,gFx,gFy,gFz,wx,wy,wz,"]
    for t, a, r in zip(times, acceleration, rotation, strict=True):
        values = ",".join(f"{value:.4f}" for value in [*a, *r])
        lines.append(f"14:12:{t:06.3f},{values},")
    return "\n".join(lines) + "\n"


def wrist_sensor():
    """MetaMotion by its app: one sensor a file, three clocks."""
    times, acceleration, _ = movement()
    lines = ["epoc (ms),timestamp (-0700),elapsed (s),x-axis (g),y-axis (g),z-axis (g)"]
    for t, a in zip(times, acceleration, strict=True):
        values = ",".join(f"{value:.3f}" for value in a)
        lines.append(f"{1_500_000_000_000 + t * 1000:.0f},14.12.07,{t:.3f},{values}")
    return "\n".join(lines) + "\n"


def actigraph():
    """Ten lines about the device, then acceleration without a clock."""
    _, acceleration, _ = movement(100)
    lines = ["------ Data File Created By ActiGraph GT3X+ at 100 Hz ------"]
    lines += ["Serial Number: NEO1F18120387", "Start Time 00:00:00"]
    lines += ["Accelerometer X,Accelerometer Y,Accelerometer Z"]
    lines += [",".join(f"{value:.3f}" for value in a) for a in acceleration]
    return "\n".join(lines) + "\n"


def dot():
    """Xsens DOT: a counter, a clock of 10 kHz or microseconds, m/s2, deg/s."""
    times, acceleration, rotation = movement()
    names = ["PacketCounter", "SampleTimeFine", "Acc_X", "Acc_Y", "Acc_Z"]
    names += ["Gyr_X", "Gyr_Y", "Gyr_Z"]
    columns = [np.arange(len(times)), times * 1e6, *(acceleration.T * GRAVITY)]
    return text_of([*columns, *np.rad2deg(rotation).T], names)


def comment_lines():
    """PicoQuake: lines about the device that begin with #, no clock, g and dps."""
    times, acceleration, rotation = movement()
    names = ["count", "a_x", "a_y", "a_z", "g_x", "g_y", "g_z"]
    columns = [np.arange(len(times)), *acceleration.T, *np.rad2deg(rotation).T]
    return "# Device: D4E9\n# Config: data_rate = 50.0 Hz\n" + text_of(columns, names)


def linear():
    """A phone's virtual sensor, from which gravity is removed."""
    times, acceleration, rotation = movement()
    names = ["Time (s)"]
    names += [f"Linear Acceleration {axis} (m/s^2)" for axis in "xyz"]
    names += [f"Gyroscope {axis} (rad/s)" for axis in "xyz"]
    acceleration = (acceleration - [0, 0, 1]) * GRAVITY
    return text_of([times, *acceleration.T, *rotation.T], names)


LOGGERS = {
    phyphox: [
        "rename 'Time (s)' to time_s, 'Acceleration x (m/s^2)' to acc_x_m_s2",
        "acceleration and angular rate belong in one file",
    ],
    phyphox_both: [
        "rename 'Time (s)' to time_s, 'Acceleration x (m/s^2)' to acc_x_m_s2, "
        "'Gyroscope x (rad/s)' to gyro_x_rad_s, y and z likewise"
    ],
    sensor_logger: [
        "rename 'seconds_elapsed' to time_s",
        "acceleration and angular rate belong in one file",
    ],
    sensorlog: [
        "rename 'accelerometerTimestamp_sinceReboot(s)' to time_s, "
        "'accelerometerAccelerationX(G)' to acc_x_g, "
        "'motionRotationRateX(rad/s)' to gyro_x_rad_s"
    ],
    g_force_recorder: [
        "rename 'time' to time_s, 'gFx' to acc_x_g, 'wx' to gyro_x_rad_s or gyro_x_deg_s"
    ],
    wrist_sensor: [
        "rename 'elapsed (s)' to time_s",
        "acceleration and angular rate belong in one file",
    ],
    actigraph: ["no column time_s"],
    dot: [
        "rename 'SampleTimeFine' to time_s, 'Acc_X' to acc_x_m_s2 or acc_x_g, "
        "'Gyr_X' to gyro_x_rad_s or gyro_x_deg_s, y and z likewise"
    ],
    comment_lines: [
        "rename 'a_x' to acc_x_m_s2 or acc_x_g",
        "add time_s, row number / rate",
    ],
    linear: ["gravity is removed: record the raw one"],
}


@pytest.mark.parametrize("logger", LOGGERS, ids=lambda logger: logger.__name__)
def test_a_loggers_own_columns_are_refused_with_the_names_to_write(tmp_path, logger):
    message = refusal(place(tmp_path / "d", logger()))
    assert "a.csv, line 1: no column time_s" in message
    for words in LOGGERS[logger]:
        assert words in message


def renamed(text, names):
    head, _, rest = text.partition("\n")
    for old, new in names.items():
        head = head.replace(old, new)
    return f"{head}\n{rest}"


def test_a_loggers_file_with_the_names_written_is_read(tmp_path):
    names = {"Time (s)": "time_s"}
    names |= {f"Acceleration {a} (m/s^2)": f"acc_{a}_m_s2" for a in "xyz"}
    names |= {f"Gyroscope {a} (rad/s)": f"gyro_{a}_rad_s" for a in "xyz"}
    assert is_right(place(tmp_path / "p", renamed(phyphox_both(), names)))
    names = {"accelerometerTimestamp_sinceReboot(s)": "time_s"}
    names |= {f"accelerometerAcceleration{a.upper()}(G)": f"acc_{a}_g" for a in "xyz"}
    names |= {f"motionRotationRate{a.upper()}(rad/s)": f"gyro_{a}_rad_s" for a in "xyz"}
    assert is_right(place(tmp_path / "s", renamed(sensorlog(), names)))


def test_renaming_alone_does_not_hide_a_clock_in_other_units_or_missing_gravity(
    tmp_path,
):
    names = {"SampleTimeFine": "time_s"}
    names |= {f"Acc_{a.upper()}": f"acc_{a}_m_s2" for a in "xyz"}
    names |= {f"Gyr_{a.upper()}": f"gyro_{a}_deg_s" for a in "xyz"}
    message = refusal(place(tmp_path / "d", renamed(dot(), names)))
    assert "it looks like microseconds: divide by 1,000,000" in message
    names = {"Time (s)": "time_s"}
    names |= {f"Linear Acceleration {a} (m/s^2)": f"acc_{a}_m_s2" for a in "xyz"}
    names |= {f"Gyroscope {a} (rad/s)": f"gyro_{a}_rad_s" for a in "xyz"}
    for unit in ("m_s2", "g"):
        text = renamed(linear(), names).replace("m_s2", unit)
        message = refusal(place(tmp_path / unit, text))
        assert "gravity seems to be removed" in message
        assert "looks like" not in message


# Spreadsheets


def cells_quoted(text):
    lines = text.splitlines()
    return "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in lines)


SPREADSHEETS = {
    "German locale": ours(separator=";").replace(".", ",").encode("utf-8-sig"),
    "tabs and decimal commas": ours(separator="\t").replace(".", ",").encode(),
    "semicolons, decimal points": ours(separator=";").encode(),
    "sep line": b"sep=;\r\n" + ours(separator=";", end="\r\n").encode(),
    "sep line, commas": b"sep=,\n" + ours().encode(),
    "UTF-16, tabs": ours(separator="\t", end="\r\n").encode("utf-16"),
    "UTF-16 without a mark": ours().encode("utf-16-le"),
    "quoted cells": cells_quoted(ours()).encode(),
    "quoted, spaces": cells_quoted(ours()).replace(",", ", ").encode(),
    "CRLF": ours(end="\r\n").encode(),
    "CR": ours(end="\r").encode(),
    "comments": b"# made by hand\n\n# twice\n" + ours().encode() + b"# the end\n",
    "empty columns": ours(end=",,\n").encode(),
    "empty rows": ours().encode() + b",,,,,,\n" * 3,
    "row numbers": "\n".join(
        f"{k - 1 if k else ''},{line}" for k, line in enumerate(ours().splitlines())
    ).encode(),
}


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_what_a_spreadsheet_saves_is_read(tmp_path, kind):
    assert is_right(place(tmp_path / "d", SPREADSHEETS[kind]))


INDICES = {
    "German locale": "file;subject;activity;is_fall;start_s;end_s\n"
    "a.csv;anna;Sturz, vorw\u00e4rts;1;1,9;4,9\n",
    "cut rows": INDEX + "a.csv,anna,trip,1\n",
    "empty columns": "file,subject,activity,is_fall,start_s,end_s,,\na.csv,anna,trip,1,,,,\n",
    "sep line": "sep=,\n" + FALL,
    "./ in front": INDEX + "./a.csv,anna,trip,1,,\n",
    "backslash": INDEX + ".\\a.csv,anna,trip,1,,\n",
}


@pytest.mark.parametrize("kind", INDICES)
def test_an_index_from_a_spreadsheet_is_read(tmp_path, kind):
    assert is_right(place(tmp_path / "d", ours(), INDICES[kind]))


BAD_INDICES = {
    "a point": ("., anna,trip,1,,\n", "line 2: . lies outside the folder"),
    "case": ("A.CSV,anna,trip,1,,\n", "no file A.CSV in .*; there is a.csv"),
    "no ending": ("a,anna,trip,1,,\n", "no file a in .*; there is a.csv"),
}


@pytest.mark.parametrize("kind", BAD_INDICES)
def test_a_wrong_file_name_is_answered_with_the_near_one(tmp_path, kind):
    row, message = BAD_INDICES[kind]
    with pytest.raises(DataError, match=message):
        folder.recordings(place(tmp_path / "d", ours(), INDEX + row))


def test_a_value_below_no_name_is_refused(tmp_path):
    text = ours(end=",\n").replace(",\n", ",7\n", 9).replace(",7\n", ",\n", 1)
    assert "'7' stands in a column without a name" in refusal(
        place(tmp_path / "d", text)
    )


def test_lines_above_the_header_are_named(tmp_path):
    message = refusal(place(tmp_path / "d", "Device,watch\nOwner,anna\n" + ours()))
    assert "a.csv, line 3: the header stands here; delete the lines above it" in message


def test_an_index_by_another_name_is_named(tmp_path):
    path = place(tmp_path / "d", ours())
    (path / "recordings.csv").rename(path / "Recordings.csv.txt")
    assert "Rename Recordings.csv.txt to recordings.csv" in refusal(path)


# Clocks


def clock(scale, start=0.0, rate=50.0, form="{:.9f}"):
    times, acceleration, rotation = movement(rate)
    rows = [OURS]
    for t, a, r in zip(times, acceleration, rotation, strict=True):
        values = [f"{value:.5f}" for value in (*a, *r)]
        rows.append([form.format(start + t * scale), *values])
    return "\n".join(map(",".join, rows)) + "\n"


CLOCKS = {
    "milliseconds": (clock(1e3), "rises by 20 a row; it looks like milliseconds"),
    "milliseconds since 1970": (clock(1e3, 1.7e12), "it looks like milliseconds"),
    "microseconds": (clock(1e6), "rises by 20000 a row; it looks like microseconds"),
    "nanoseconds": (clock(1e9), "by 20000000 a row; it looks like nanoseconds: divide"),
    "spreadsheet days": (
        clock(1 / 86_400, 45_000, form="{:.12f}"),
        "multiply by 86,400",
    ),
    "2 Hz": (clock(1, rate=2), "rises by 0.5 a row, which is not between 8 and 2,000"),
    "1 Hz": (clock(1, rate=1), "rises by 1 a row, which is not between 8 and 2,000"),
    "a billionth": (clock(5e-8, form="{:.12f}"), "by 0.000000001 a row, which is not"),
    "few digits": (
        clock(1, 1.7e9, form="{:.0f}"),
        "line 3: time_s stands still at 1700000000; export it with more digits",
    ),
    "back": (
        clock(1, 1.7e9) + clock(1, 1.7e9).split("\n", 1)[1],
        "goes back, from 1700000005.98 to 1700000000; sort",
    ),
    "time of day": (clock(1, form="14:12:{:06.3f}"), "write seconds as one number"),
}


@pytest.mark.parametrize("kind", CLOCKS)
def test_a_clock_in_other_units_is_named_in_full_digits(tmp_path, kind):
    text, words = CLOCKS[kind]
    message = refusal(place(tmp_path / "d", text))
    assert words in message
    assert "e+" not in message
    assert "e-" not in message


def test_times_may_begin_below_zero_or_in_1970(tmp_path):
    assert is_right(place(tmp_path / "a", clock(1, -2.5)))
    assert is_right(place(tmp_path / "b", clock(1, 1.7e9)))


def test_a_clock_is_refused_before_it_is_resampled(tmp_path, monkeypatch):
    path = place(tmp_path / "d", clock(1 / 86_400, 45_000, form="{:.12f}"))
    monkeypatch.setattr(folder, "resample", None)  # took 17 s a file of such days
    assert "multiply by 86,400" in refusal(path)


# Zips


def packed(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


TOP = {"d/recordings.csv": FALL, "d/a.csv": ours()}
NFD = unicodedata.normalize("NFD", "m\u00fcller.csv")
ZIPS = {
    "a folder": TOP,
    "no folder": {"recordings.csv": FALL, "a.csv": ours()},
    "a Mac": TOP
    | {
        "__MACOSX/d/._a.csv": b"\0\5\x16\7",
        "d/.DS_Store": b"\0\0\0\1Bud1",
        "d/._a.csv": b"\0",
    },
    "Windows": TOP | {"d/Thumbs.db": b"x", "d/desktop.ini": b"x"},
    "points": {"./d/recordings.csv": FALL, "./d/a.csv": ours()},
    "two folders deep": {f"x/{name}": content for name, content in TOP.items()},
    "a file beside the folder": TOP | {"readme.txt": "hello"},
    "a decomposed name": {
        "recordings.csv": INDEX + "m\u00fcller.csv,anna,trip,1,,\n",
        NFD: ours(),
    },
    "a decomposed entry": {
        "recordings.csv": INDEX + f"{NFD},anna,trip,1,,\n",
        "m\u00fcller.csv": ours(),
    },
}


@pytest.mark.parametrize("kind", ZIPS)
def test_a_zip_is_read_whoever_packed_it(tmp_path, kind):
    assert is_right(packed(tmp_path / "d.zip", ZIPS[kind]))


def test_an_unpacked_zip_of_a_mac_is_read_and_its_names_stay(tmp_path):
    path = place(tmp_path / "d", ours(), INDEX + "m\u00fcller.csv,anna,trip,1,,\n", NFD)
    (path / "._recordings.csv").write_bytes(b"\0")
    before = sorted(each.name for each in path.iterdir())
    assert is_right(tmp_path)  # the folder above, as a download leaves it
    assert sorted(each.name for each in path.iterdir()) == before


def test_a_macs_name_in_utf_8_without_its_flag_is_read(tmp_path):
    index = INDEX + "m\u00fcller.csv,anna,trip,1,,\n"
    path = packed(tmp_path / "d.zip", {"recordings.csv": index, "mu??ller.csv": ours()})
    raw = path.read_bytes().replace(b"mu??ller.csv", NFD.encode())
    path.write_bytes(raw)
    assert is_right(path)


BROKEN = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", BROKEN)
def test_damage_in_a_zip_is_one_sentence_whatever_the_method(tmp_path, method):
    path = packed(tmp_path / "d.zip", {"a.csv": ours(), "recordings.csv": FALL}, method)
    raw = bytearray(path.read_bytes())
    for damaged in range(60, 400, 37):
        copy = bytearray(raw)
        copy[damaged] ^= 0xFF
        path.write_bytes(copy)
        message = refusal(path)
        assert "a.csv" in message
        assert "is damaged" in message


def test_an_unknown_method_or_a_password_is_answered_with_the_cure(tmp_path):
    files = {"recordings.csv": FALL, "a.csv": ours()}
    path = packed(tmp_path / "d.zip", files)
    raw = path.read_bytes()
    for offset, value in ((8, 9), (6, 1)):  # deflate64; encrypted
        copy = bytearray(raw)
        for mark, shift in ((b"PK\3\4", 0), (b"PK\1\2", 2)):
            at = copy.find(mark)
            copy[at + offset + shift] = value
        path.write_bytes(copy)
        message = refusal(path)
        assert "recordings.csv in" in message
        assert (
            "unpack the zip with the program that made it, and name the folder"
            in message
        )


def test_a_member_twice_is_refused(tmp_path):
    path = packed(tmp_path / "d.zip", {"a.csv": "1", "./a.csv": "2"})
    with pytest.raises(DataError, match=r"holds a\.csv twice"):
        archive.Archive(path)


# Sizes


def test_a_file_over_the_limit_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    zipped = packed(tmp_path / "d.zip", {"recordings.csv": FALL, "a.csv": ours()})
    plain = place(tmp_path / "d", ours())
    monkeypatch.setattr(archive, "LARGEST", 2**10)
    for path in (zipped, plain):
        assert "a.csv in" in refusal(path)
        assert "more than 0; split it into several recordings" in refusal(path)


def test_a_bomb_costs_no_memory(tmp_path):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("recordings.csv", FALL)
        with file.open("a.csv", "w", force_zip64=True) as member:
            for _ in range(201):
                member.write(bytes(2**20))
    assert "a.csv in" in (message := refusal(path))
    assert "has 201 MB, more than 200" in message


def test_rows_over_the_limit_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 100)
    message = refusal(place(tmp_path / "d", ours()))
    assert "a.csv, line 102: more than 100 rows; split the file" in message


# What `kata data own` prints


def printed(capsys, path):
    data_command.run("own", str(path))
    return " ".join(capsys.readouterr().out.split())


def test_a_folder_is_summed_up_by_subject_rate_and_range(tmp_path, capsys):
    index = INDEX + "a.csv,anna,trip,1,,\nb.csv,ben,walk,0,,\nc.csv,ben,blink,0,,\n"
    path = place(tmp_path / "d", ours(100), index)
    times, acceleration, rotation = movement(25)
    clipped = [times, *np.clip(acceleration, -2, 2).T, *rotation.T]
    (path / "b.csv").write_text(text_of(clipped, OURS))
    (path / "c.csv").write_text("".join(ours(50).splitlines(keepends=True)[:90]))
    out = printed(capsys, path)
    assert "3 recordings, 1 fall, 2 subjects" in out
    assert "anna 1 fall, 0.1 minutes" in out
    assert "ben 0 falls, 0.1 minutes" in out
    assert "25 to 100 Hz, read as 50 Hz" in out
    assert "up to 3.0 g along one axis" in out
    assert "1 recording below 2.56 s, which give no window" in out


def test_clipping_is_seen(tmp_path, capsys):
    times, acceleration, rotation = movement(200)
    columns = [times, *np.clip(acceleration, -2, 2).T, *rotation.T]
    out = printed(capsys, place(tmp_path / "d", text_of(columns, OURS)))
    assert "up to 2.0 g along one axis; clipped in 1 recording" in out


def test_all_bad_files_are_listed_at_once_up_to_twenty(tmp_path, capsys):
    rows = [f"{k}.csv,anna,trip,1,,\n" for k in range(30)]
    path = place(
        tmp_path / "d", ours(), INDEX + "a.csv,anna,trip,1,,\n" + "".join(rows)
    )
    for k in range(25):
        (path / f"{k}.csv").write_text(ours().replace("0.0", f"x{k}", 1))
    with pytest.raises(CourseError, match="30 of 31 recordings cannot be read"):
        data_command.run("own", str(path))
    lines = capsys.readouterr().out.splitlines()
    assert sum("is no number in time_s" in line for line in lines) == 20
    assert "... and 10 more" in lines
    assert lines[0].startswith("1 recording, 1 fall")


def test_a_sound_folder_needs_no_more_memory_than_its_numbers(tmp_path):
    """A long recording is read row by row, not as a list of texts."""
    import tracemalloc

    times, acceleration, rotation = movement(200, 150)
    text = text_of([times, *acceleration.T, *rotation.T], OURS)
    folder.recordings(place(tmp_path / "warm", ours(200)))  # imports SciPy
    path = place(tmp_path / "d", text)
    tracemalloc.start()
    folder.recordings(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * len(text)
