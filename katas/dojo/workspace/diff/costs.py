"""What a blank costs, as `timing_plugin` measures it and `kata diff` shows it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """The measurements of one blank on the tests' inputs."""

    seconds: float | None = None  # of the fastest call outside a graph
    calls: int = 0  # outside a graph
    traces: int = 0  # calls inside a graph, which happen while it is traced
    parameters: int | None = None  # of the layer or model that the blank belongs to


def write(file: Path, costs: Mapping[str, Cost]) -> None:
    """Write {blank: Cost} as JSON."""
    texts = {name: asdict(cost) for name, cost in costs.items()}
    file.write_text(json.dumps(texts), "utf-8")


def read(file: Path) -> dict[str, Cost]:
    """{blank: Cost} from such a file; {} where the run wrote none."""
    if not file.exists():
        return {}
    texts = json.loads(file.read_text("utf-8"))
    return {name: Cost(**values) for name, values in texts.items()}
