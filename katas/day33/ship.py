"""Day 33. Ship: a ring of samples, a stream of scores, a small file, a model card.

python -m katas.day33.ship RUN     (RUN: a folder that day 31's training left behind)
"""

import hashlib
import tempfile

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from keras import layers

from katas.dojo.store.streams import silent_stderr


class RingBuffer:
    """Keep the last `length` samples, in memory that is allocated once.

    Each sample is written twice, `length` rows apart. So the last `length` samples
    always lie in one piece somewhere, oldest first, and nothing is moved or copied.

    Shapes
        memory  float32 [2 * length, channels]
    """

    def __init__(self, length, channels):  # given
        self.length = length
        self.memory = np.zeros((2 * length, channels), "float32")
        self.seen = 0  # samples pushed since the start

    def push(self, sample):
        """Write the sample over the oldest one, and count it.

        Shapes
            sample  [channels]

        Hint: where does sample number `seen` go when only `length` rows are there?
        """
        raise NotImplementedError(
            "day 33: write the sample over the oldest one, and count it"
        )

    def read(self):
        """Return the last `length` samples, oldest first, without a copy.

        Shapes
            returns  float32 [length, channels], a view into memory

        Hint: the oldest row is the one that the next push will write over.
        """
        raise NotImplementedError(
            "day 33: return the last `length` samples, oldest first, without a copy"
        )


class StreamingDetector:
    """Turn samples into scores and alarms, as the device does: one sample at a time.

    Shapes
        score      function of a window float32 [1, length, channels] -> number
        threshold  a score at or over it raises an alarm
        hop        samples between scores; hold_off [s]; rate [Hz]
    """

    def __init__(  # given
        self, score, threshold, length=128, hop=32, channels=6, hold_off=5.0, rate=50.0
    ):
        self.score, self.threshold, self.hop = score, threshold, hop
        self.ring = RingBuffer(length, channels)
        self.silence = hold_off * rate  # samples
        self.last_alarm = -np.inf  # the value of ring.seen when it was raised

    def step(self, sample):
        """Return (score, alarm) of one more sample; (None, False) if not due.

        The first window is scored when the ring is full, the next each `hop` samples.
        After an alarm none follows for `silence` samples.

        Shapes
            sample   [channels]
            returns  (number or None, bool)

        Hint: ring.seen tells the time; ring.read()[None] is a batch of one.
        """
        raise NotImplementedError(
            "day 33: return (score, alarm) of one more sample; (None, False) if not due"
        )


# What raw windows meet first in day 30's network: ranges too wide for 255 steps.
FLOATS = ("STRIDED_SLICE", "SUB", "MUL", "SUM", "SQRT", "PAD")


def convert(converter, floats=()):  # given
    """Return the file as bytes; its operations named in `floats` stay float32."""
    if not floats or converter.representative_dataset is None:
        return converter.convert()
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=[*floats])
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter,
        debug_dataset=converter.representative_dataset,
        debug_options=options,
    )
    return debugger.get_nondebug_quantized_model()


def export(model, scaler, windows=None, subjects=None, held_out=(), floats=()):
    """Return the bytes of a LiteRT file, int8 where windows are given.

    The file takes raw windows: the scaler is inside. The ranges of the int8 numbers
    are read from windows of people who are not held out for the test.

    Shapes
        model      a Keras model of scaled windows [batch, length, channels]
        scaler     (mean, deviation), each [channels], of the training part; 0 and 1
                   where the model scales by itself, as day 30's does
        windows    float32 [count, length, channels], raw
        subjects   str [count]; held_out: the test people
        floats     names of operations that stay float32 in an int8 file
        returns    bytes: float32 [1, length, channels] in, float32 [1, 1] out

    Hint: layers.Normalization, Model.export, tf.lite.TFLiteConverter, convert (given).
    Source: Jacob et al. 2018, arXiv:1712.05877, eq. 1.
    """
    raise NotImplementedError(
        "day 33: return the bytes of a LiteRT file, int8 where windows are given"
    )


def litert(content):  # given
    """Return a function of a raw window, float32 [1, length, channels] -> score."""
    with silent_stderr():
        runner = Interpreter(model_content=content, num_threads=1)
        runner.allocate_tensors()
    source = runner.get_input_details()[0]["index"]
    sink = runner.get_output_details()[0]["index"]

    def score(window):
        runner.set_tensor(source, window)
        runner.invoke()
        return float(runner.get_tensor(sink)[0, 0])

    return score


SECTIONS = {
    "Intended use": ("purpose", "not_for"),
    "Input": ("rate_hz", "window_s", "units", "worn_at"),
    "Training data": ("data", "people"),
    "Evaluation": (
        "protocol",
        "threshold",
        "window_f1",
        "event_sensitivity",
        "false_alarms_per_hour",
        "delay_s",
    ),
    "Limits": ("limits",),
}


def model_card(facts, content):
    """Return the model card as Markdown: the file, then each section's facts.

    The first line is `# Model card`. Then a line with the file's length, `N bytes`,
    and its SHA-256; then for each of SECTIONS a line `## title` and a line `- key: fact`
    for each of its keys.

    Shapes
        facts    {key: text or number}; each key of SECTIONS
        content  bytes of the LiteRT file
    Raises
        ValueError  a fact is missing, None or empty text; the message names them all

    Hint: 0 is a fact. hashlib.sha256(content).hexdigest().
    Source: Mitchell et al. 2019, arXiv:1810.03993, figure 1.
    """
    raise NotImplementedError(
        "day 33: return the model card as Markdown: the file, then each section's facts"
    )


if __name__ == "__main__":
    from katas.detector import cli

    cli.ship()
