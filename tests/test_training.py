"""The command line of day 31 with a quick stand-in network: files, resume, refusals."""

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from katas.detector import (
    baselines,
    cli,
    parts,
    protocol,
    run,
    simulator,
    sources,
    training,
)
from katas.detector.options import configuration
from katas.detector.runtime import distributed
from katas.detector.shipping import ship
from katas.dojo.course import targets
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from tests.spied_parts import never_called, spied


@pytest.fixture(scope="module")
def day():
    targets.install("solutions")
    from katas.day31 import train_detector

    yield train_detector
    targets.remove()


@pytest.fixture(scope="module")
def people():
    return simulator.recordings(people=5, seed=1, falls=2, activities=2)


@pytest.fixture(autouse=True)
def _small_forest(monkeypatch):
    monkeypatch.setattr(baselines, "TREES", 10)


class Trainer:
    """Counts trainings; each gives a new network that nobody fits; may be killed."""

    def __init__(self, killed_at=None):
        self.calls, self.killed_at = 0, killed_at

    def __call__(self, pool, config, seed, validation=None, callbacks=()):
        import keras

        self.calls += 1
        if self.calls == self.killed_at:
            raise KeyboardInterrupt
        keras.utils.set_random_seed(seed)
        inputs = keras.Input((128, 6))
        x = keras.layers.GlobalMaxPooling1D()(inputs)
        model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))
        model.compile("sgd", "binary_crossentropy")
        x, y = pool.cut(np.arange(32)), pool.label[:32, None]
        model.fit(x, y, epochs=2, verbose=0, callbacks=list(callbacks))
        return model


def command(people, out, *line, trainer=None, read=None):
    """Run a command line with the reference's other parts; return the metrics."""
    given = dataclasses.replace(parts.load(parts.Parts), train=trainer or Trainer())
    options = cli.parse(["train", *line, "--out", str(out)])
    run.train(options, given, read or (lambda name: people))
    return json.loads((out / "metrics.json").read_text("utf-8"))


def test_a_run_leaves_metrics_predictions_pictures_model_and_card(
    day, people, tmp_path
):
    import keras

    found = command(people, tmp_path, "--seeds", "2", "--protocol", "holdout")
    for model in ("network", "forest", "threshold"):
        for figure in ("f1", "event_sensitivity", "false_alarms_per_hour", "delay_s"):
            assert figure in found[model]
            assert set(found[model]["spread"][figure]) == {"seeds", "subjects"}
    assert found["network"]["parameters"] == 7
    rows = np.load(tmp_path / "predictions.npz")
    assert {"subject", "recording", "first_sample", "score", "label"} <= set(rows)
    assert len({len(rows[name]) for name in rows}) == 1
    assert set(rows["seed"]) == {0, 1}
    assert np.isfinite(rows["score"]).all()
    for name in ("curves.png", "confusion.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    model = keras.saving.load_model(tmp_path / "model.keras")
    assert model.count_params() == 7
    card = (tmp_path / "model_card.md").read_text("utf-8")
    assert "not those of daily life" in card
    assert list((tmp_path / "logs").rglob("events.out.tfevents.*"))


def test_the_run_prints_and_records_whose_code_each_part_is(
    day, people, tmp_path, capsys
):
    found = command(people, tmp_path, "--protocol", "holdout")
    card = (tmp_path / "model_card.md").read_text("utf-8")
    printed = capsys.readouterr().out
    rows = found["run"]["parts"]
    assert [row["part"] for row in rows] == [
        field.name
        for field in dataclasses.fields(parts.Parts)
        if field.name in parts.TABLE
    ]
    width = max(len(row["part"]) for row in rows)
    for row in rows:
        line = f"| {row['part']:<{width}} | {row['day']:02d}  | {row['owner']:<9} |"
        assert line in printed
        assert line in card


def test_a_run_calls_every_part(day, people, tmp_path):
    loaded = parts.load(parts.Parts)
    given, calls = spied(dataclasses.replace(loaded, train=Trainer()))
    options = cli.parse(["train", "--protocol", "loso", "--out", str(tmp_path)])
    run.train(options, given, lambda name: people[: len(people) // 5 * 3])
    assert never_called(given, calls) == set()


def test_day_31_trains_the_network_of_day_30(day):
    loaded = parts.load(parts.Parts)
    assert loaded.train.__globals__["fall_net"] is loaded.fall_net


def test_a_run_has_the_configuration_window_and_rate_of_the_parts(
    day, people, tmp_path
):
    @dataclasses.dataclass(frozen=True)
    class Config(day.Config):
        mine: int = 7

    loaded = parts.load(parts.Parts)
    changes = {"Config": Config, "window_length": 64, "sampling_rate": 25.0}
    given = dataclasses.replace(loaded, train=Trainer(), **changes)
    options = cli.parse(["train", "--protocol", "holdout", "--out", str(tmp_path)])
    found = run.train(options, given, lambda name: people)
    assert found["run"]["config"]["mine"] == 7
    assert found["run"]["window_s"] == 64 / 25


def test_the_network_is_compared_with_each_baseline_person_by_person(
    day, people, tmp_path
):
    from katas.day26.strategies import holm, paired_bootstrap, permutation_test

    found = command(people, tmp_path, "--protocol", "loso")
    card = (tmp_path / "model_card.md").read_text("utf-8")
    for point, models in (("budget", found), ("best_f1", found["best_f1"])):
        pairs = [
            [[person["f1"] for person in models[name]["subjects"].values()]
             for name in ("network", baseline)]
            for baseline in ("forest", "threshold")
        ]  # fmt: skip
        corrected = holm([permutation_test(*pair) for pair in pairs])
        compared = found["comparison"][point].items()
        for (_, one), pair, p in zip(compared, pairs, corrected, strict=True):
            assert (one["low"], one["high"]) == paired_bootstrap(*pair)
            assert one["p"] == p
            assert one["people"] == 5
            assert f"{one['low']:+.3f} to {one['high']:+.3f}, p = {p:.2g}" in card
        assert list(found["comparison"][point]) == ["forest", "threshold"]


def test_a_person_without_a_figure_is_in_no_pair(day):
    from katas.detector.artifacts import comparison

    def model(*f1):
        return {"subjects": {f"P{k}": {"f1": value} for k, value in enumerate(f1)}}

    nan = float("nan")
    models = {"network": model(1, nan, 1), "forest": model(0, 0, 0.5)}
    loaded = parts.load(parts.Parts)
    found = comparison.compare(loaded, models)
    assert found["forest"]["people"] == 2
    assert found["forest"]["gain"] == 0.75
    alone = {"network": model(1, nan), "forest": model(0, 0)}
    assert comparison.compare(loaded, alone) == {}


def test_the_figures_are_those_of_the_predictions(day, people, tmp_path):
    found = command(people, tmp_path, "--protocol", "loso")
    rows = np.load(tmp_path / "predictions.npz")
    alarm = rows["score"] >= rows["threshold"]
    scores = protocol.window_scores(rows["label"], alarm, rows["score"])
    assert found["network"]["f1"] == pytest.approx(scores["f1"])
    assert len(found["network"]["subjects"]) == 5


def test_the_budget_of_false_alarms_moves_the_operating_point(day, people, tmp_path):
    line = ("--protocol", "holdout", "--false-alarms")
    strict, loose = (
        command(people, tmp_path / rate, *line, rate) for rate in ("5", "500")
    )
    assert (
        strict["threshold"]["false_alarms_per_hour"]
        < loose["threshold"]["false_alarms_per_hour"]
    )
    assert strict["threshold_of_the_model"] > loose["threshold_of_the_model"]
    assert strict["best_f1"] == loose["best_f1"]


def test_a_killed_run_resumes_after_its_last_finished_fold(day, people, tmp_path):
    line = ("--protocol", "loso")
    whole = Trainer()
    unbroken = command(people, tmp_path / "whole", *line, trainer=whole)
    assert whole.calls == 5 * 4 + 1  # three inner ones and one a fold, one to ship
    killed = Trainer(killed_at=11)
    with pytest.raises(KeyboardInterrupt):
        command(people, tmp_path / "broken", *line, trainer=killed)
    again = Trainer()
    resumed = command(people, tmp_path / "broken", *line, trainer=again)
    assert again.calls == whole.calls - 8
    for model in ("network", "forest", "threshold"):
        assert resumed[model] == unbroken[model]
    third = Trainer()
    command(people, tmp_path / "broken", *line, trainer=third)
    assert third.calls == 0


def test_more_seeds_continue_from_fewer(day, people, tmp_path):
    line = ("--protocol", "holdout", "--seeds")
    command(people, tmp_path, *line, "1")
    more = Trainer()
    command(people, tmp_path, *line, "2", trainer=more)
    assert more.calls == 4


def test_another_configuration_does_not_mix_into_a_run(day, people, tmp_path):
    command(people, tmp_path, "--protocol", "holdout")
    with pytest.raises(CourseError, match="another run"):
        command(people, tmp_path, "--protocol", "holdout", "--epochs", "3")


def test_one_data_set_trains_and_another_tests(day, people, tmp_path):
    others = simulator.recordings(people=2, seed=9, falls=2, activities=2)
    given = {"ours": people, "theirs": others}
    line = ("--train-on", "ours", "--test-on", "theirs")
    found = command(people, tmp_path, *line, read=given.__getitem__)
    assert set(found["network"]["subjects"]) == {"B/P01", "B/P02"}
    rows = np.load(tmp_path / "predictions.npz")
    assert set(rows["subject"]) == {"B/P01", "B/P02"}
    assert found["run"]["protocol"] == "train-test"
    assert (found["run"]["train_on"], found["run"]["test_on"]) == ("ours", "theirs")
    record = ship.record_of(tmp_path)
    data = training.load(record, parts.load(parts.Parts), given.__getitem__)
    assert len(data.folds[0].test) == len(rows["score"])
    assert set(data.windows.subject[data.folds[0].test]) == {"B/P01", "B/P02"}


def test_a_split_by_window_is_marked_as_leaking_in_the_card(day, people, tmp_path):
    line = ("--split", "windows", "--protocol", "holdout")
    command(people, tmp_path, *line)
    assert "too good" in (tmp_path / "model_card.md").read_text("utf-8")


def test_the_epoch_is_chosen_by_people_who_do_not_train(day, people, tmp_path):
    seen = []

    def watch(pool, config, seed, validation=None, callbacks=()):
        seen.append((len(pool.signal), validation[0].shape, set(validation[1])))
        return Trainer()(pool, config, seed)

    command(people, tmp_path, "--keep", "best", "--protocol", "holdout",
            trainer=watch)  # fmt: skip
    whole = sum(len(one.signal) for one in people)
    assert all(length < whole for length, _, _ in seen)
    assert all(labels <= {0, 1} for _, _, labels in seen)


def test_a_configuration_comes_from_a_file(day, tmp_path):
    file = tmp_path / "one.toml"
    file.write_text("rate = 0.001\n[design]\nkernels = [5, 9]\nattention = false\n")
    made = configuration(day.Config, file, epochs=3)
    assert (made.rate, made.epochs, made.windows) == (0.001, 3, 8000)
    assert made.design.kernels == (5, 9)
    assert made.design.attention is False
    assert dataclasses.replace(made.design, kernels=()).stages == made.design.stages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epoch = 3\n", "unknown epoch"),
        ("[design]\nkernel = 3\n", "unknown design.kernel"),
        ("epochs = 0\n", "at least 1"),
        ("positive = 20\n", "between 0 and 1"),
        ("epochs = = 2\n", "--config"),
    ],
)
def test_a_wrong_configuration_gets_one_sentence(day, tmp_path, text, message):
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(CourseError, match=message):
        configuration(day.Config, file)


@pytest.mark.parametrize(
    "line",
    [
        ["--train-on", "sim"],
        ["--test-on", "weda"],
        ["--data", "sim", "--test-on", "weda", "--protocol", "loso"],
        ["--train-on", "sim", "--test-on", "weda", "--data", "sim"],
        ["--train-on", "sim", "--test-on", "weda", "--split", "windows"],
        ["--protocol", "10fold"],
        ["--seeds", "0"],
        ["--false-alarms", "0"],
        ["--false-alarms", "few"],
        ["--strategy", "many"],
    ],
)
def test_arguments_that_do_not_fit_are_refused(line, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.parse(["train", *line])
    assert stop.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_many_workers_without_names_get_one_sentence(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(CourseError, match="TF_CONFIG"):
        distributed.strategy("multiworker")


def test_blank_missing_data_and_control_c_end_in_one_sentence(
    day, monkeypatch, tmp_path
):
    (tmp_path / "folds").mkdir()
    for fold in (1, 2, 3):
        (tmp_path / "folds" / f"seed0-fold{fold}.npz").touch()
    for error, message in [
        (NotImplementedError("day 16: return x"), "kata adopt 16"),
        (KeyboardInterrupt(), "resumes after fold 3"),
        (CourseError("what is wrong"), "what is wrong"),
    ]:

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr(run, "train", fail)
        with pytest.raises(SystemExit, match=message):
            cli.main(["train", "--out", str(tmp_path)])


def test_data_and_test_on_name_the_training_and_the_test_data():
    options = cli.parse(["train", "--data", "sim", "--test-on", "weda"])
    assert (options.data, options.train_on, options.test_on) == (None, "sim", "weda")


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (None, "no data set and no folder"),
        ("", "empty"),
        ("file,subject\na.csv,P1\n", "activity"),
        ("file,subject,activity,is_fall,start_s,end_s\na.csv,P1,walk,0,,\n", "a.csv"),
    ],
)
def test_data_that_cannot_be_read_get_one_sentence(day, tmp_path, index, message):
    folder = tmp_path / "mine"
    if index is not None:
        folder.mkdir()
        (folder / "recordings.csv").write_text(index)
    with pytest.raises(SystemExit) as stop:
        cli.main(["train", "--data", str(folder), "--out", str(tmp_path)])
    assert message in stop.value.code
    assert "\n" not in stop.value.code
    assert not (tmp_path / "run.json").exists()


def write_folder(folder, people, rate=104.0):
    """The recordings as another device would have written them: deg/s, its own rate."""
    lines = ["file,subject,activity,is_fall,start_s,end_s"]
    folder.mkdir()
    for k, one in enumerate(people):
        t = np.arange(0, one.seconds - 1 / one.rate, 1 / rate)
        clock = np.arange(len(one.signal)) / one.rate
        columns = [np.interp(t, clock, channel) for channel in one.signal.T]
        columns = [t, *columns[:3], *np.rad2deg(columns[3:])]
        header = "time_s," + ",".join(f"acc_{a}_g" for a in "xyz")
        header += "," + ",".join(f"gyro_{a}_deg_s" for a in "xyz")
        file = folder / f"{k}.csv"
        np.savetxt(file, np.transpose(columns), "%.6f", ",", header=header, comments="")
        span = ",".join(f"{moment:.3f}" for moment in one.span) if one.span else ","
        what = one.activity.replace(",", "")
        lines.append(f"{k}.csv,Q{one.subject},{what},{one.is_fall:d},{span}")
    (folder / "recordings.csv").write_text("\n".join(lines))


def test_a_folder_of_another_device_tests(day, people, tmp_path):

    others = simulator.recordings(people=2, seed=9, falls=2, activities=2)
    write_folder(tmp_path / "mine", others)
    given = {"ours": people, str(tmp_path / "mine"): sources.load(tmp_path / "mine")}
    line = ("--train-on", "ours", "--test-on", str(tmp_path / "mine"))
    found = command(people, tmp_path / "out", *line, read=given.__getitem__)
    assert set(found["network"]["subjects"]) == {"QP01", "QP02"}
    direct = {"ours": people, "theirs": others}
    line = ("--train-on", "ours", "--test-on", "theirs")
    same = command(people, tmp_path / "two", *line, read=direct.__getitem__)
    assert found["run"]["falls"] == same["run"]["falls"]
    assert found["run"]["hours"] == pytest.approx(same["run"]["hours"], rel=0.02)


SMALL = "epochs = 4\nwindows = 256\nbatch = 32\nrate = 0.1\naverage = 0.5\nclip = 1e9\n"


def replica(folder, out, *line, **environment):
    """Start a process of its own: tests/replicas.py."""
    (folder / "small.toml").write_text(SMALL)
    line = [*line, "--config", str(folder / "small.toml"), "--out", str(out)]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.replicas", *line],
        cwd=paths.root(),
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(*processes):
    """What each process printed; none is left behind, and all of them succeeded."""
    try:
        outputs = [process.communicate(timeout=300)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0] * len(processes), (
        outputs
    )
    return outputs


def test_one_replica_two_and_two_workers_end_at_the_same_metrics(tmp_path):
    line = ("--protocol", "holdout")
    alone = replica(tmp_path, tmp_path / "one", *line)
    two = replica(tmp_path, tmp_path / "two", *line, "--strategy", "mirrored")
    ended(alone, two)
    with socket.socket() as first, socket.socket() as second:
        for place in (first, second):
            place.bind(("127.0.0.1", 0))
        places = [f"127.0.0.1:{place.getsockname()[1]}" for place in (first, second)]
    crew = [
        {"cluster": {"worker": places}, "task": {"type": "worker", "index": index}}
        for index in (0, 1)
    ]
    line = (*line, "--strategy", "multiworker")
    out = tmp_path / "crew"
    ended(*(replica(tmp_path, out, *line, TF_CONFIG=json.dumps(one)) for one in crew))
    metrics = [json.loads((tmp_path / name / "metrics.json").read_text("utf-8"))
            for name in ("one", "two", "crew", "crew/worker1")]  # fmt: skip
    rows = [np.load(tmp_path / name / "predictions.npz")["score"]
            for name in ("one", "two", "crew", "crew/worker1")]  # fmt: skip
    assert metrics[0]["best_f1"]["network"]["f1"] > 0
    for other, scores in zip(metrics[1:], rows[1:], strict=True):
        assert scores == pytest.approx(rows[0], abs=1e-4)
        for model in ("network", "forest", "threshold"):
            for mine, first in (
                (other, metrics[0]),
                (other["best_f1"], metrics[0]["best_f1"]),
            ):
                assert mine[model]["f1"] == pytest.approx(first[model]["f1"])
                delay = pytest.approx(first[model]["delay_s"], nan_ok=True)
                assert mine[model]["delay_s"] == delay


def test_a_run_that_was_really_killed_ends_at_the_same_predictions(tmp_path):
    line = ("--protocol", "loso")
    whole = replica(tmp_path, tmp_path / "whole", *line)
    broken = replica(tmp_path, tmp_path / "broken", *line)
    for _ in range(3000):
        if (tmp_path / "broken" / "folds" / "seed0-fold1.npz").exists():
            break
        time.sleep(0.1)
    broken.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    broken.communicate()
    assert not (tmp_path / "broken" / "metrics.json").exists()
    again = ended(whole, replica(tmp_path, tmp_path / "broken", *line))[1]
    assert "trained seed0-fold1" not in again
    assert "trained seed0-fold3" in again
    rows = [
        np.load(tmp_path / name / "predictions.npz") for name in ("whole", "broken")
    ]
    for name in rows[0]:
        assert np.array_equal(rows[0][name], rows[1][name]), name
