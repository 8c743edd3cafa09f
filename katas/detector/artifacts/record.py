"""How a run was made: the entry "run" of metrics.json, which shipping reads."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from katas.detector.options import DataOptions, TrainingOptions
from katas.detector.training import Experiment, FinalModel, load_model


@dataclass(frozen=True)
class RunRecord(DataOptions):
    """How a run was made: the entry "run" of metrics.json."""

    seeds: list[int] = field(default_factory=list)
    keep: str = "last"
    false_alarms: float = 10.0  # [1/h]
    strategy: str = "none"
    config: Mapping[str, Any] = field(default_factory=dict)
    recordings: str = ""  # a digest of them
    people: int = 0
    falls: int = 0
    hours: float = 0.0  # outside the marked falls
    window_s: float = 2.56
    threshold: float = 0.5  # of the model that is shipped
    model: str = ""  # which network that is
    parameters: int = 0
    seconds: float = 0.0
    parts: list[dict[str, Any]] = field(default_factory=list)  # whose code ran


def record_of(
    options: TrainingOptions,
    experiment: Experiment,
    model: FinalModel,
    seconds: float,
) -> RunRecord:
    """Return the record of a finished run; seconds: how long it took."""
    recordings, parts = experiment.data.recordings, experiment.parts
    spans = [one.span for one in recordings if one.span]
    outside = sum(one.seconds for one in recordings)
    outside -= sum(end - start for start, end in spans)
    return RunRecord(
        data=options.data,
        train_on=options.train_on,
        test_on=options.test_on,
        protocol=options.protocol if options.data else "train-test",
        split=options.split,
        seeds=list(range(options.seeds)),
        keep=options.keep,
        false_alarms=options.false_alarms,
        strategy=options.strategy,
        config=dataclasses.asdict(experiment.config),
        recordings=experiment.data.content(),
        people=len({one.subject for one in recordings}),
        falls=len(spans),
        hours=outside / 3600,
        window_s=parts.window_length / parts.sampling_rate,
        threshold=model.threshold,
        model=model.description,
        parameters=load_model(model.file).count_params(),
        seconds=seconds,
        parts=[dataclasses.asdict(origin) for origin in parts.origins],
    )
