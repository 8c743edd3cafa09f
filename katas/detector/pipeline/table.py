"""Which day brings which part of the detector: the one table of them.

Light to import: the picture of the detector and the lessons' lines come from it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a part is defined: an attribute of a day's module."""

    day: int
    attribute: str


# The parts that the programs of the detector call, by their names in `parts.py`.
TABLE = {
    "confusion": Source(10, "confusion"),
    "precision_recall_f1": Source(10, "precision_recall_f1"),
    "pr_curve": Source(10, "pr_curve"),
    "average_precision": Source(10, "average_precision"),
    "paired_bootstrap": Source(26, "paired_bootstrap"),
    "permutation_test": Source(26, "permutation_test"),
    "holm": Source(26, "holm"),
    "sampling_rate": Source(27, "RATE"),
    "window_length": Source(27, "LENGTH"),
    "window_hop": Source(27, "HOP"),
    "label_windows": Source(27, "label_windows"),
    "windows": Source(27, "windows"),
    "split_by_subject": Source(27, "split_by_subject"),
    "hold_off": Source(29, "HOLD_OFF"),
    "events": Source(29, "events"),
    "event_scores": Source(29, "event_scores"),
    "rate_interval": Source(29, "rate_interval"),
    "leave_one_subject_out": Source(29, "leave_one_subject_out"),
    "fall_net": Source(30, "fall_net"),
    "Config": Source(31, "Config"),
    "train": Source(31, "train"),
    "choose_threshold": Source(31, "choose_threshold"),
    "report": Source(31, "report"),
    "Setup": Source(32, "Setup"),
    "variants": Source(32, "variants"),
    "train_variant": Source(32, "train"),
    "run_variants": Source(32, "run"),
    "compare": Source(32, "table"),
    "export": Source(33, "export"),
    "float_operations": Source(33, "FLOATS"),
    "litert": Source(33, "litert"),
    "StreamingDetector": Source(33, "StreamingDetector"),
    "model_card": Source(33, "model_card"),
}
