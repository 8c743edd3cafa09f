"""Day 23. Search: draw settings, find a rate, spend the budget on the best."""

import json
from functools import partial
from pathlib import Path

import keras_tuner
import numpy as np

from katas.dojo.store.files import write_atomic

SPACE = {
    "rate": ("log", 1e-4, 1e-1),
    "batch": ("choice", 16, 32, 64),
    "filters": ("choice", 8, 16, 32, 64),
}


def sample_space(space, count, seed=0):
    """Return settings drawn at random from the space.

    Shapes
        space    {name: ("log", low, high)} or {name: ("choice", value, value, ...)}
        returns  list [count] of {name: value}: a "log" evenly between log(low) and
                 log(high), a "choice" evenly among its values, which stay as they are;
                 each apart from the rest; the same seed gives the same list

    Hint: rng.uniform between logarithms; rng.integers says which value (rng.choice
    would make an np.int64 of 8, and JSON knows none). One generator for all.
    Source: Bergstra & Bengio 2012, "Random search for hyper-parameter optimization",
    Journal of Machine Learning Research 13:281.
    """
    raise NotImplementedError("day 23: return settings drawn at random from the space")


def learning_rate_range_test(step, low=1e-5, high=1.0, steps=60, limit=4.0):
    """Return rates that rise by equal factors, and the loss that each one met.

    Shapes
        step     function of a rate: makes one step of training at this rate and returns
                 the loss of its batch
        limit    the test ends with a loss over limit times the least one so far, or NaN
        returns  (rates, losses), each [done], done <= steps; the last loss may be the
                 one that ended the test

    Hint: np.geomspace; NaN is neither larger nor smaller than anything.
    Source: Smith 2017, arXiv:1506.01186, section 3.3.
    """
    raise NotImplementedError(
        "day 23: return rates that rise by equal factors, and the loss that each one met"
    )


class Journal:
    """Remember results in a file, so that a search goes on where it was broken off.

    file   a JSON file; what it holds is known from the start
    known  {key: number}; a key is text
    """

    def __init__(self, file):  # given
        self.file = Path(file)
        text = self.file.read_text("utf-8") if self.file.exists() else "{}"
        self.known = json.loads(text)

    def write(self):  # given
        """Write all that is known: the old file or the new one, never half of it."""
        write_atomic(self.file, json.dumps(self.known))

    def once(self, key, run):
        """Return the number known under key; else that of run(), written down.

        Hint: `in` asks a dict for a key; JSON takes a float; write before you return.
        """
        raise NotImplementedError(
            "day 23: return the number known under key; else that of run(), written down"
        )


def successive_halving(count, train, judge, budget, journal):
    """Return the trial that is left when the worse half was dropped in each round.

    Shapes
        count    trials, numbered 0 to count - 1, two or more
        train    function (number, epochs): trains this trial so many epochs longer and
                 returns its score on the validation people, higher is better
        judge    function (number): its score on the test people
        budget   epochs that all trials together may train; a round gets an even share
                 of it, and in a round each trial an even share, rounded down
        journal  its `once` is asked for each round and trial, by a key of their own:
                 text, and a function without arguments
        returns  (number, the winner's score on the test people), judged once

    Hint: half of 5 is 2, so there are count.bit_length() - 1 rounds. partial(train, k,
    epochs) is train(k, epochs), not called yet.
    Source: Jamieson & Talwalkar 2016, arXiv:1502.07943, algorithm "Successive Halving".
    """
    raise NotImplementedError(
        "day 23: return the trial that is left when the worse half was dropped in each round"
    )


class Search(keras_tuner.RandomSearch):  # given
    """KerasTuner's random search of train(values) -> score, higher is better."""

    def __init__(self, train, hyperparameters, trials, folder, seed):
        self.train = train
        super().__init__(
            objective=keras_tuner.Objective("score", "max"),
            max_trials=trials,
            hyperparameters=hyperparameters,
            seed=seed,
            directory=str(folder),
            project_name="search",
        )

    def run_trial(self, trial, **_):
        return {"score": self.train(dict(trial.hyperparameters.values))}


def results(folder):  # given
    """Return (score, values) of each finished trial in the folder, best first."""
    files = Path(folder).glob("search/trial_*/trial.json")
    trials = [read(file) for file in files]
    done = [one for one in trials if one.get("status") == "COMPLETED"]
    found = [(one["score"], one["hyperparameters"]["values"]) for one in done]
    return sorted(found, key=lambda pair: -pair[0])


def read(file):  # given
    """Return what a JSON file holds; {} while another process is writing it."""
    try:
        return json.loads(file.read_text("utf-8"))
    except ValueError:
        return {}


def search(space, train, trials, folder, seed=1):
    """Return what KerasTuner's random search of the same space finds, best first.

    Shapes
        space    as for sample_space
        train    function of {name: value}: trains and returns the score on the
                 validation people
        folder   where the search is kept; one that is there already is gone on with
        returns  results(folder)

    Hint: a keras_tuner.HyperParameters() has Float(name, low, high, sampling=...) and
    Choice(name, values); `Search` takes it, and its search() runs the trials.
    """
    raise NotImplementedError(
        "day 23: return what KerasTuner's random search of the same space finds, best first"
    )
