"""Day 10. Metrics: what a detector's alarms are worth when falls are rare."""

import keras
import numpy as np
from keras import ops


def confusion(labels, scores, threshold=0.5):
    """Return the four counts: hits, false alarms, misses, quiet windows.

    Shapes
        labels   [n] or [n, 1]  1 where there is a fall, else 0
        scores   [n] or [n, 1]  an alarm is given at or above the threshold
        returns  float32 [4]

    Hint: [n] against [n, 1] broadcasts to [n, n]: flatten both first.
    """
    fall = ops.reshape(labels, (-1,)) == 1  # [n]
    alarm = ops.reshape(scores, (-1,)) >= threshold  # [n]
    cells = [fall & alarm, ~fall & alarm, fall & ~alarm, ~fall & ~alarm]
    return ops.stack([ops.sum(ops.cast(cell, "float32")) for cell in cells])  # [4]


def precision_recall_f1(counts):
    """Return precision, recall and F1 of the four counts; 0 where undefined.

    Shapes
        counts   float32 [4]  hits, false alarms, misses, quiet windows
        returns  float32 [3]

    Source: van Rijsbergen 1979, Information Retrieval, chapter 7 (F with equal weight).
    """
    hits, false_alarms, misses, _ = ops.unstack(counts)
    above = ops.stack([hits, hits, 2 * hits])
    below = [hits + false_alarms, hits + misses, 2 * hits + false_alarms + misses]
    return ops.divide_no_nan(above, ops.stack(below))  # [3]


@keras.saving.register_keras_serializable("katas")
class F1(keras.metrics.Metric):
    """F1 over all batches since the last reset: the counts add up, not the scores.

    Shapes
        y_true, y_pred  [batch] or [batch, 1]
        result          float32 scalar
    """

    def __init__(self, threshold=0.5, name="f1", **kwargs):  # given
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.counts = self.add_weight(shape=(4,), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add this batch's four counts to `self.counts`.

        Each window counts once: `sample_weight` is not used.
        """
        self.counts.assign_add(confusion(y_true, y_pred, self.threshold))

    def result(self):
        """Return the F1 of all counts so far."""
        return precision_recall_f1(self.counts)[2]

    def reset_state(self):
        """Set all counts back to zero."""
        self.counts.assign(ops.zeros(4))

    def get_config(self):  # given
        return {**super().get_config(), "threshold": self.threshold}


def pr_curve(labels, scores):
    """Return recall and precision at each distinct score, the highest score first.

    Shapes
        labels   [n]  1 where there is a fall, else 0; at least one fall
        scores   [n]
        returns  (recall, precision), each [distinct scores]

    Hint: sort by falling score, count hits with np.cumsum; equal scores enter together.
    """
    order = np.argsort(-scores)
    hits, alarms = np.cumsum(labels[order]), np.arange(1, len(scores) + 1)  # [n]
    last = np.append(np.diff(scores[order]) != 0, True)  # the end of each run of ties
    return hits[last] / hits[-1], hits[last] / alarms[last]


def average_precision(labels, scores):  # given
    """Return the area under the steps of the precision-recall curve."""
    recall, precision = pr_curve(labels, scores)
    return float(np.sum(np.diff(recall, prepend=0) * precision))
