"""Day 20. What must hold when a training stops, keeps or resumes; one sentence each."""

import pickle
import tempfile
from functools import cache
from pathlib import Path

import keras
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from keras import layers

from katas.day20.callbacks import (
    Backup,
    Checkpoint,
    EarlyStopping,
    improved,
    resume,
    train,
    variables,
    write_whole,
)
from katas.dojo.judge.check import close, equal, raises

EPOCHS, STEPS = 4, 3  # of the small run: 3 batches of 16 an epoch
few = settings(max_examples=4)
# Eighths are exact, so that a tie is a tie however it is computed.
values = st.integers(-8, 8).map(lambda k: k / 8)
odd = st.sampled_from([np.nan, np.inf, -np.inf])
losses = st.lists(values | odd, min_size=1, max_size=14)
modes = st.sampled_from(["min", "max"])
Killed = type("Killed", (BaseException,), {})


@cache
def tiny():
    """A model of one weight, which will hold the number of the epoch."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse")
    return model


def drive(callback, series):
    """Call a callback as fit would; (epochs run, the weight at the end)."""
    model, done = tiny(), 0
    model.stop_training = False
    callback.set_model(model)
    callback.on_train_begin()
    for done, value in enumerate(series, 1):
        model.set_weights([np.array([[done]])])
        callback.on_epoch_end(done - 1, {"loss": 0.0, "val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end()
    return done, int(np.asarray(model.weights[0]).item())


@cache
def run():
    """A model with all that has a memory, its data, and the state it starts in."""
    keras.utils.set_random_seed(20)
    inside = [layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)]
    model = keras.Sequential([keras.Input((3,)), layers.Dense(8, "relu"), *inside])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    model.optimizer.build(model.trainable_variables)
    x = np.random.default_rng(20).normal(size=(STEPS * 16, 3)).astype("float32")
    return model, x, x[:, :1] - x[:, 1:2], copies(everything(model))


def everything(model):
    """Referee: weights, statistics, seeds, and what the optimizer keeps."""
    return list(model.variables) + list(model.optimizer.variables)


def copies(variables):
    """The values of variables as they are now."""
    return [np.array(np.asarray(variable)) for variable in variables]


def fresh():
    """The model as a new process would build it."""
    model, x, y, start = run()
    for variable, value in zip(everything(model), start, strict=True):
        variable.assign(value)
    return model, x, y


def scripted(series, kill_at=None):
    """A callback that writes the validation loss, and kills the run at a step."""
    steps = []

    def batch_end(batch, logs):
        steps.append(batch)
        if len(steps) == kill_at:
            raise Killed

    callback = keras.callbacks.LambdaCallback(
        on_train_batch_end=batch_end,
        on_epoch_end=lambda epoch, logs: logs.update(val_loss=series[epoch]),
    )
    callback.remembers, callback.steps = (), steps
    return callback


def trained(path, kill_at=None, series=(4.0, 3.0, 2.0, 1.0), patience=9):
    """(stopper, steps taken) of a run that a new process began or resumed."""
    model, x, y = fresh()
    script, stopper = scripted(series, kill_at), EarlyStopping(patience=patience)
    try:
        train(model, x, y, len(series), path, [script, stopper])
    except Killed:
        return None, len(script.steps)
    return stopper, len(script.steps)


@cache
def unbroken():
    """(weights, steps taken) of a run that nobody kills."""
    with tempfile.TemporaryDirectory() as folder:
        _, steps = trained(Path(folder) / "whole")
    return copies(run()[0].weights), steps


@given(value=values | st.just(np.nan), mode=modes)
def test_the_first_value_is_the_best_so_far(value, mode):
    rule = "The first value has nothing to beat. What is `best` then?"
    equal(bool(improved(value, None, mode, 1.0)), True, rule)


@given(value=values, best=values, delta=st.integers(0, 4).map(lambda k: k / 8))
def test_a_gain_counts_when_it_is_larger_than_min_delta(value, best, delta):
    rule = "A smaller step in the right direction is not enough. Nor is one as large?"
    equal(bool(improved(value, best, "min", delta)), best - value > delta, rule)


@given(value=values, best=values, delta=st.integers(0, 4).map(lambda k: k / 8))
def test_with_mode_max_more_is_better(value, best, delta):
    rule = "An F1 gets better when it grows. Which way does min_delta point then?"
    equal(bool(improved(value, best, "max", delta)), value - best > delta, rule)


@st.composite
def cases(draw):
    """Any losses, ties among them; of eighths where they meet a min_delta."""
    if draw(st.booleans()):
        return draw(losses), draw(st.integers(0, 3)) / 8
    any_loss = st.floats(width=32, allow_subnormal=False)  # Keras compares in float32
    few_values = draw(st.lists(any_loss, min_size=1, max_size=5))
    return draw(st.lists(st.sampled_from(few_values), min_size=1, max_size=14)), 0.0


@given(case=cases(), patience=st.integers(0, 4), mode=modes)
@example(([3, 2, 2, 2, 2, 2, 2], 0), 3, "min")
@example(([np.nan, 2, 1, 0, 0, 0], 0), 2, "min")
@example(([5, 1, 4, 0, 2, 2, 2], 0), 2, "min")
@example(([2, 1.875, 1.75, 1.625, 1.5], 0.375), 2, "min")  # each gain is too small
def test_it_stops_at_the_same_epoch_as_that_of_keras(case, patience, mode):
    series, delta = case
    arguments = ("val_loss", patience, delta, mode)
    keras_own = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, min_delta=delta, mode=mode
    )
    rule = "`patience` epochs in a row without a gain end it. Which of them count?"
    equal(
        drive(EarlyStopping(*arguments), series)[0], drive(keras_own, series)[0], rule
    )


@given(series=losses, patience=st.integers(0, 4), mode=modes)
@example([3, 1, 2, 2, 2], 2, "min")
@example([3, 1, 2, 2, 2], 9, "min")
def test_it_ends_with_the_weights_of_the_best_epoch(series, patience, mode):
    keras_own = keras.callbacks.EarlyStopping(
        patience=patience, mode=mode, restore_best_weights=True
    )
    stopper = EarlyStopping(patience=patience, mode=mode)
    rule = "The best epoch's weights come back, not the last's. Were they copied?"
    equal(drive(stopper, series)[1], drive(keras_own, series)[1], rule)


def test_another_callbacks_stop_is_not_taken_back():
    stopper, model = EarlyStopping(patience=5), tiny()
    stopper.set_model(model)
    for value in (1.0, 2.0):
        model.stop_training = True
        stopper.on_epoch_end(0, {"val_loss": value})
        rule = "Any callback may end a training. When may this one write the flag?"
        equal(model.stop_training, True, rule)


def test_a_metric_that_is_not_there_is_an_error():
    stopper = EarlyStopping(monitor="val_f1")
    stopper.set_model(tiny())
    rule = "A misspelt metric must not pass unnoticed. What does .get give for it?"
    with raises(KeyError, rule):
        stopper.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0})


def test_the_old_file_stands_while_the_new_one_is_written():
    with tempfile.TemporaryDirectory() as folder:
        path, seen = Path(folder) / "best.txt", []
        path.write_text("old")

        def write(part):
            part.write_text("ne")
            seen.append(path.exists() and path.read_text())
            part.write_text("new")

        write_whole(path, write)
        rule = "A kill may come in mid-write. What does the path hold at that moment?"
        equal(seen, ["old"], rule)
        equal(path.read_text(), "new", "In the end the path holds the new file.")
        rule = "Only the file stays. What is left beside it?"
        equal([p.name for p in Path(folder).iterdir()], ["best.txt"], rule)


def test_the_new_file_is_written_beside_the_old_one():
    with tempfile.TemporaryDirectory() as folder:
        path, places = Path(folder) / "best.keras", []
        write_whole(path, lambda part: (places.append(part), part.write_text("new")))
        rule = (
            "A rename is instant within one folder's disk. Where is it written first?"
        )
        equal(path.parent in Path(places[0]).parents, True, rule)
        rule = "Keras tells the format by the suffix. What is that of the first name?"
        equal(Path(places[0]).suffix, ".keras", rule)


def test_a_write_that_was_killed_does_not_bar_the_next_one():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "best.txt"
        path.write_text("old")

        for kind in (Killed, OSError):  # the second as on a full disk

            def killed(part, kind=kind):
                part.write_text("ne")
                raise kind

            with raises(kind, "Who wrote nothing must not go on. Who swallows it?"):
                write_whole(path, killed)
            equal(path.read_text(), "old", "After a kill the old file is whole. Is it?")
        write_whole(path, lambda part: part.write_text("new"))
        rule = "Half a file of last time lies about. Does the next write mind?"
        equal(path.read_text(), "new", rule)


def test_the_checkpoint_holds_the_best_model_so_far():
    model = tiny()
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder) / "best.keras")
        checkpoint.set_model(model)
        for epoch, (value, best) in enumerate([(3, 0), (1, 1), (1, 1), (2, 1)]):
            model.set_weights([np.array([[epoch]])])
            checkpoint.on_epoch_end(epoch, {"val_loss": value})
            found = keras.saving.load_model(checkpoint.path).get_weights()[0].item()
            rule = "The file holds the best epoch's model, ties aside. Which has it?"
            equal(int(found), best, rule)


def test_a_checkpoint_keeps_the_best_by_the_metric_it_was_told():
    model = tiny()
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder) / "best.keras", "val_f1", "max")
        checkpoint.set_model(model)
        for epoch, f1 in enumerate([0.25, 0.75, 0.5]):
            model.set_weights([np.array([[epoch]])])
            checkpoint.on_epoch_end(epoch, {"val_loss": 3.0 - epoch, "val_f1": f1})
        found = keras.saving.load_model(checkpoint.path).get_weights()[0].item()
    rule = "val_f1 is watched, and more of it is better. Which epoch's is the highest?"
    equal(int(found), 1, rule)


def test_a_checkpoint_survives_a_kill_in_mid_write():
    dense = layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), dense])
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder) / "best.keras")
        checkpoint.set_model(model)
        checkpoint.on_epoch_end(0, {"val_loss": 2.0})
        before = checkpoint.path.read_bytes()

        def killed(store):
            raise Killed  # the file is open, its head is written

        dense.save_own_variables = killed
        with raises(Killed, "A better model is written. Was `save` called?"):
            checkpoint.on_epoch_end(1, {"val_loss": 1.0})
        rule = "Killed while it saves, it still has the model of before. Has it?"
        equal(checkpoint.path.read_bytes() == before, True, rule)
        rule = "`best` is what the model in the file reached. When is it noted down?"
        equal(checkpoint.best, 2.0, rule)


def test_the_state_holds_all_that_the_next_step_depends_on():
    model, _, _ = fresh()
    rng, found = np.random.default_rng(0), {}
    for variable in everything(model):
        value = rng.integers(1, 2**20, variable.shape)
        variable.assign(value.astype(str(variable.dtype)))
        found[variable.path] = copies([variable])[0]
    yours = copies(variables(model))
    missing = [
        path
        for path, value in found.items()
        if not any(np.array_equal(value, one) for one in yours)
    ]
    rule = "Weights are not all that moves in a step. What else is changed by one?"
    equal(missing, [], rule)


def test_a_run_resumes_with_the_state_it_had():
    model, _, _ = fresh()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pickle"
        backup = Backup(path, [])
        backup.set_model(model)
        backup.set_params({"epochs": 9})
        model.stop_training = False
        before = copies(everything(model))
        backup.on_epoch_end(3)
        for variable in everything(model):
            variable.assign(np.asarray(variable) + 1)
        epoch = resume(path, model, [])
    for variable, value in zip(everything(model), before, strict=True):
        rule = f"Each variable has its saved value again. Has {variable.path}?"
        equal(np.asarray(variable), value, rule)
    rule = "The epochs are counted from 0, and 3 is done. Which one is next?"
    equal(epoch, 4, rule)


def test_a_run_resumes_in_a_model_whose_layers_have_other_names():
    models = []
    for names in (("dense_9", "dense_10"), ("dense", "dense_1")):
        inside = [layers.Dense(2, name=name) for name in names]
        model = keras.Sequential([keras.Input((2,)), *inside])
        model.compile("sgd", "mse")
        model.optimizer.build(model.trainable_variables)
        models.append(model)
    saved, resumed = models
    saved.set_weights([np.full(w.shape, k) for k, w in enumerate(saved.get_weights())])
    with tempfile.TemporaryDirectory() as folder:
        backup = Backup(Path(folder) / "run.pickle", [])
        backup.set_model(saved)
        backup.set_params({"epochs": 9})
        saved.stop_training = False
        backup.on_epoch_end(0)
        resume(backup.path, resumed, [])
    rule = (
        "A new process counts its layers anew, in the same order. Which order is yours?"
    )
    for mine, wanted in zip(resumed.get_weights(), saved.get_weights(), strict=True):
        close(mine, wanted, rule)


def test_without_a_file_a_run_begins_at_epoch_0():
    model, _, _ = fresh()
    with tempfile.TemporaryDirectory() as folder:
        rule = "A first run finds no file. Is that an error?"
        equal(resume(Path(folder) / "run.pickle", model, []), 0, rule)


def test_a_file_of_another_run_is_refused():
    model, stopper = tiny(), EarlyStopping()
    mine = copies(everything(model))
    memory = {name: getattr(stopper, name) for name in stopper.remembers}
    for values, memories in [
        ([*mine, mine[-1]], [memory]),
        (mine[:-1], [memory]),
        (mine, [memory, memory]),
        (mine, []),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.pickle"
            state = {"epoch": 1, "variables": values, "memories": memories}
            path.write_bytes(pickle.dumps(state))
            rule = "One more, or one less, is not this run. Where does your zip stop?"
            with raises(ValueError, rule):
                resume(path, model, [stopper])


@few
@given(kill_at=st.integers(1, EPOCHS * STEPS))
def test_a_run_killed_at_any_step_ends_as_an_unbroken_one(kill_at):
    model, (wanted, steps) = run()[0], unbroken()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        trained(path, kill_at)
        _, rest = trained(path)
    for weight, value in zip(model.weights, wanted, strict=True):
        rule = f"Killed and resumed, the weights are the same. What of {weight.path}?"
        close(np.asarray(weight), value, rule)
    rule = "What was done and saved is not done again. Where does the run go on?"
    done = (kill_at - 1) // STEPS * STEPS  # whole epochs before the kill
    equal(rest, steps - done, rule)


def test_a_resumed_run_stops_where_an_unbroken_one_stops():
    series = (3.0, 1.0, 2.0, 2.0, 2.0, 0.0)  # patience 3: the fifth epoch is the last
    model = run()[0]
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        stopper, _ = trained(whole, None, series, 3)
        wanted = copies(model.weights)
        trained(broken, 4 * STEPS - 1, series, 3)
        again, _ = trained(broken, None, series, 3)
    rule = "Patience that was used up before the kill is used up. Who remembers it?"
    equal((again.best, again.wait), (stopper.best, stopper.wait), rule)
    for weight, value in zip(model.weights, wanted, strict=True):
        close(np.asarray(weight), value, "The best epoch's weights come back. Do they?")
