"""The detector as boxes in the order of the data, each with the day that brings it."""

from dataclasses import dataclass

from katas.detector.pipeline.table import TABLE, Source


@dataclass(frozen=True)
class Box:
    """A step of the detector.

    parts   names in TABLE: what the programs call
    blocks  what no program calls itself
    caller  the part whose day calls them; "" where nothing does yet
    ideas   days whose ideas it uses, though it calls no function of theirs
    remark  what has to be known about whose code runs
    """

    name: str
    parts: tuple[str, ...] = ()
    blocks: tuple[Source, ...] = ()
    caller: str = ""
    ideas: tuple[int, ...] = ()
    remark: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        return (*(TABLE[name] for name in self.parts), *self.blocks)

    @property
    def day(self) -> int | None:
        """The day that brings it; None where it is given."""
        return self.sources[0].day if self.sources else None


# From the sensor to the alarm.
PATH = (
    Box("recording", remark="kata data"),
    Box("resample", blocks=(Source(27, "resample"),), remark="readers have theirs"),
    Box(
        "window",
        ("sampling_rate", "window_length", "window_hop", "label_windows", "windows"),
        ideas=(1,),
    ),
    Box("scale", blocks=(Source(27, "fit_scaler"),), caller="train", ideas=(1,)),
    Box("branches", blocks=(Source(13, "Conv1D"),), caller="fall_net", ideas=(14,)),
    Box("batch norm", blocks=(Source(15, "BatchNorm"),), caller="fall_net"),
    Box("residual", blocks=(Source(17, "ResidualBlock"),), caller="fall_net"),
    Box("squeeze-excitation", blocks=(Source(18, "SqueezeExcite"),), caller="fall_net"),
    Box(
        "attention pooling", blocks=(Source(19, "AttentionPooling"),), caller="fall_net"
    ),
    Box(
        "dropout",
        blocks=(Source(16, "Dropout"), Source(16, "SpatialDropout")),
        caller="fall_net",
    ),
    Box("head", ("fall_net",), caller="train", ideas=(2, 3)),
    Box("threshold", ("choose_threshold",), ideas=(22,)),
    Box(
        "events",
        (
            *("events", "event_scores", "hold_off"),
            *("leave_one_subject_out", "rate_interval"),
        ),
    ),
    Box("stream", ("StreamingDetector", "export", "float_operations", "litert")),
)
# What trains and measures it.
BESIDE = (
    Box("split", ("split_by_subject",)),
    Box(
        "training",
        ("Config", "train", "report"),
        ideas=(4, 5, 6, 7, 8, 9, 11, 12, 20, 21, 23, 24, 25, 28),
    ),
    Box(
        "metrics",
        ("confusion", "precision_recall_f1", "pr_curve", "average_precision"),
    ),
    Box("comparison", ("paired_bootstrap", "permutation_test", "holm")),
    Box("ablation", ("Setup", "variants", "train_variant", "run_variants", "compare")),
    Box("model card", ("model_card",)),
)
