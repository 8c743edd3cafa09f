"""Day 32. Ablation: take one thing away, keep all else, and see what it was worth.

python -m katas.day32.ablation --data sim --only "no SE,no augmentation"
"""

from dataclasses import dataclass, field, replace

import keras
import numpy as np

from katas.day27.recordings import fit_scaler
from katas.day30.fall_model import fall_net
from katas.day31.train_detector import Config, draw, optimizer
from katas.detector.sampling import Epochs


@dataclass(frozen=True)
class Setup:  # given
    """One row of the table: a training of day 31, and what day 31 holds fixed.

    config     its network (config.design), its draws, its epochs
    loss       "cross-entropy" or "focal"
    balance    "drawn": falls are drawn more often, as config.positive says;
               "weights": drawn as they come, each fall weighs more in the loss;
               "none": drawn as they come
    threshold  None: chosen on people held out of the training
    """

    config: Config = field(default_factory=Config)
    loss: str = "cross-entropy"
    balance: str = "drawn"
    threshold: float | None = None


def change(setup, **fields):  # given
    """Return the setup with these fields changed: its own, Config's or Design's."""
    config, design = setup.config, setup.config.design
    own, outer, inner = {}, {}, {}
    for name, value in fields.items():
        for owner, found in (setup, own), (config, outer), (design, inner):
            if hasattr(owner, name):
                found[name] = value
                break
        else:
            raise TypeError(f"neither Setup, Config nor Design has a field {name}")
    config = replace(config, design=replace(design, **inner), **outer)
    return replace(setup, config=config, **own)


def variants(base):
    """Return the table's setups, {name: Setup}: the base, then one change each.

        whole             the base as it is
        no SE             no squeeze and excitation
        mean pooling      the mean over time in place of attention
        one branch        the middle kernel alone, with the filters of all branches
        no shortcut       plain convolutions in place of residual blocks
        depthwise         depthwise convolutions in place of residual blocks
        half the filters  in the branches and in every stage (whole numbers)
        no augmentation   windows as they were recorded
        no smoothing      labels 0 and 1
        focal loss        in place of cross-entropy
        class weights     in place of drawing falls more often
        no balance        neither of the two
        threshold 0.5     in place of the chosen one

    Hint: change(base, ratio=None) is a line; `Design` and `Config` name the switches.
    """
    raise NotImplementedError(
        "day 32: return the table's setups, {name: Setup}: the base, then one change each"
    )


def objective(setup, share):
    """Return (loss, class weights) for windows of which a share are falls.

    Shapes
        share    in (0, 1)
        returns  a keras loss of (labels, probabilities), smoothed as the config says;
                 {0: weight, 1: weight} where balance is "weights": both classes weigh
                 the same in sum, a window 1 in the mean; None otherwise

    Hint: keras.losses.BinaryFocalCrossentropy and its label_smoothing; gamma is 2.
    """
    raise NotImplementedError(
        "day 32: return (loss, class weights) for windows of which a share are falls"
    )


def train(pool, setup, seed, validation=None, callbacks=()):  # given
    """Return a network trained as the setup says; the same seed gives the same one."""
    keras.utils.set_random_seed(seed)
    share = float(np.mean(pool.label))
    if setup.balance == "drawn":
        share = setup.config.positive
    config = replace(setup.config, positive=share)
    scaler = fit_scaler(pool.signal[None])
    model = fall_net(scaler, replace(config.design, rate=share))
    loss, weights = objective(setup, share)
    model.compile(optimizer(config), loss)
    batches = Epochs(lambda epoch: draw(pool, config, seed, epoch), config.batch)
    how = {"epochs": config.epochs, "class_weight": weights, "callbacks": [*callbacks]}
    model.fit(batches, shuffle=False, verbose=0, **how)
    return model


def run(setups, folds, seeds, count, one):
    """Return every setup's alarms, on the same folds with the same seeds.

    Shapes
        setups   {name: Setup}
        folds    list of (train, test): row numbers of windows
        seeds    list of int
        count    windows in all
        one      (setup, train, test, seed) -> (scores [test], chosen threshold)
        returns  {name: bool [seeds, count]}; False where nobody tests

    A score at or over the threshold is an alarm: over the setup's own threshold, where
    it has one, and over the chosen one otherwise.

    Hint: three loops, one inside the other; each training is asked for once.
    """
    raise NotImplementedError(
        "day 32: return every setup's alarms, on the same folds with the same seeds"
    )


def counts(label, alarms, subject):  # given
    """Return hits, alarms and falls of each seed and person; -1 labels don't count.

    Shapes
        label    int [windows]   1 fall, 0 daily, -1 left out
        alarms   bool [seeds, windows]
        subject  str [windows]
        returns  int [seeds, people, 3]
    """
    said, fall = alarms & (label >= 0), (label == 1)[None]
    each = np.stack([said & fall, said, fall & np.ones_like(said)], -1)
    mine = subject == np.unique(subject)[:, None]  # [people, windows]
    return np.einsum("pw,swk->spk", mine.astype(int), each.astype(int))


def f1(counted):  # given
    """Return F1 of hits, alarms and falls, [..., 3] -> [...]; 0 where both are none."""
    hits, alarms, falls = np.moveaxis(counted, -1, 0)
    return 2 * hits / np.maximum(alarms + falls, 1)


def paired_interval(one, other, level=0.95, draws=4000, seed=0):
    """Return (difference, low, high): F1 of one minus F1 of the other.

    Each F1 is that of all people's windows together, then the mean over the seeds.
    The interval holds the middle `level` of the differences in `draws` groups of
    people, drawn with replacement, as many as there are, the same ones for both.

    Shapes
        one, other  int [seeds, people, 3]  what `counts` returns
        returns     three numbers

    Hint: counted[:, chosen] with chosen [draws, people]; f1 is given; np.quantile.
    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
    """
    raise NotImplementedError(
        "day 32: return (difference, low, high): F1 of one minus F1 of the other"
    )


def table(alarms, label, subject, costs):
    """Return a row for each setup, compared with the first of them.

    Shapes
        alarms   {name: bool [seeds, windows]}  what `run` returns
        label    int [windows]; subject: str [windows]
        costs    {name: (parameters, latency [us])}
        returns  list of dicts: "setup", "parameters", "latency_us", "f1" (mean over the
                 seeds), "seeds" (np.std over them), and of the F1 less the first
                 setup's: "difference", "low", "high". With k setups beside the first,
                 each interval is one of level 1 - 0.05 / k.

    Hint: counts, f1 and paired_interval; the first setup is compared with itself.
    """
    raise NotImplementedError(
        "day 32: return a row for each setup, compared with the first of them"
    )


if __name__ == "__main__":
    from katas.detector import cli

    cli.ablate()
