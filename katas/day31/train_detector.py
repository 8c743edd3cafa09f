"""Day 31. Train the detector, choose its operating point, report what it does.

python -m katas.day31.train_detector --data sim --protocol holdout --out runs/sim
"""

from dataclasses import dataclass, field, replace

import keras
import numpy as np

from katas.day27.recordings import fit_scaler
from katas.day30.fall_model import Design, fall_net
from katas.detector.sampling import Best, Epochs, augment


@dataclass(frozen=True)
class Config:
    """Everything that decides a training, beside data and seed.

    epochs, windows      how often, and how many windows are drawn each time
    batch, positive      windows in a batch; share of falls among those drawn
    rate, warmup         highest learning rate; share of the steps that rise to it
    decay, clip          AdamW's weight decay; largest norm of a gradient
    average              momentum of the weights' moving average
    smoothing            label smoothing of the cross-entropy
    turn, scale, noise,  augmentation: see katas.detector.sampling.augment
    tempo
    hop                  [samples] between the starts that may be drawn
    """

    design: Design = field(default_factory=Design)
    epochs: int = 16
    windows: int = 8000
    batch: int = 128
    positive: float = 0.2
    rate: float = 4e-3
    warmup: float = 0.1
    decay: float = 0.02
    clip: float = 1.0
    average: float = 0.99
    smoothing: float = 0.05
    turn: float = 20.0
    scale: float = 0.1
    noise: float = 0.02
    tempo: float = 0.08
    hop: int = 4

    def __post_init__(self):
        """Refuse a configuration that cannot train.

        Raises
            ValueError  naming the field: epochs below 1; positive not between 0 and 1;
                        a batch larger than windows, so that no batch is ever full
        """
        raise NotImplementedError("day 31: refuse a configuration that cannot train")


def draw(pool, config, seed, epoch):
    """Return one epoch: fresh windows, augmented, a fixed share of them falls.

    Shapes
        pool     katas.detector.sampling.Pool: label [count], cut(rows) -> windows
        returns  x float32 [windows, 128, 6], augmented; y float32 [windows, 1],
                 1 for round(windows * positive) of them; in random order; the same
                 for the same seed and epoch

    Hint: `some` is given; np.random.default_rng takes a pair of numbers as well.
    """
    raise NotImplementedError(
        "day 31: return one epoch: fresh windows, augmented, a fixed share of them falls"
    )


def some(rows, count, rng):  # given
    """Return `count` of the rows at random, none twice where there are enough."""
    return rng.choice(rows, count, replace=count > len(rows))


def optimizer(config):  # given
    """Return AdamW: a warm-up, half a cosine down, averaged weights at the end."""
    steps = config.epochs * (config.windows // config.batch)
    rising = round(steps * config.warmup)
    schedule = keras.optimizers.schedules.CosineDecay(
        config.rate / 20,
        max(1, steps - rising),
        alpha=0.01,
        warmup_target=config.rate,
        warmup_steps=rising,
    )
    chosen = keras.optimizers.AdamW(
        schedule,
        weight_decay=config.decay,
        clipnorm=config.clip,
        use_ema=True,
        ema_momentum=config.average,
    )
    chosen.exclude_from_weight_decay(var_names=["gamma", "beta", "bias", "query"])
    return chosen


def train(pool, config, seed, validation=None, callbacks=()):
    """Return a model trained on a pool; the same seed gives the same one.

    Args
        pool        its `signal` [time, 6] is what the scaler may be fitted to
        validation  (x, label) of people who do not train: then the weights of the
                    best epoch on them are kept; None: those of the last
        callbacks   progress bar, event files: for fit

    In order: seed, scaler, model, compile, fit, the best epoch's weights.

    Hint: Epochs(draw, batch) asks draw(epoch) for each epoch, and is not shuffled.
    """
    raise NotImplementedError(
        "day 31: return a model trained on a pool; the same seed gives the same one"
    )


def choose_threshold(label, score, slack=0.002):
    """Return the middle of the thresholds whose F1 is near the best.

    Shapes
        label    int [count]   1 fall, 0 daily, -1 left out: such do not count
        score    [count]       of people who did not train
        slack    how far below the best F1 a threshold may lie
        returns  float         halfway between the least and the largest of them

    Hint: the scores themselves are all the thresholds that make a difference.
    """
    raise NotImplementedError(
        "day 31: return the middle of the thresholds whose F1 is near the best"
    )


def report(runs, subjects, figures):
    """Return each figure's mean over the seeds, and how far it spreads.

    Shapes
        runs      list, one entry a seed
        subjects  str [count]   who wore the sensor, window by window
        figures   (run, rows) -> {name: number} of these row numbers; NaN where a
                  figure has no meaning, as the F1 of a person who never falls
        returns   {name: mean over the seeds of the figure over all rows,
                   "spread": {name: {"seeds": deviation over the seeds,
                                     "subjects": deviation over the people}},
                   "subjects": {person: {name: mean over the seeds}}}

    Hint: np.nanmean, np.nanstd. A person's figure is its mean over the seeds.
    """
    raise NotImplementedError(
        "day 31: return each figure's mean over the seeds, and how far it spreads"
    )


def mean(found):  # given
    """Return {name: mean} of a list of {name: number}; NaN counts for nothing."""
    names = found[0]
    return {name: average([one[name] for one in found], np.nanmean) for name in names}


def deviation(found, name):  # given
    """Return the standard deviation of one figure; NaN counts for nothing."""
    return average([one[name] for one in found], np.nanstd)


def average(numbers, how):  # given
    """Return how(numbers), NaN without a warning where none of them is a number."""
    return float(how(numbers)) if np.isfinite(numbers).any() else float("nan")


if __name__ == "__main__":
    from katas.detector import cli

    cli.train()
