"""Record the signature of each misconception: `python -m tests.record [DAY ...]`."""

import json
import sys
import time
from typing import Any

from katas.dojo.course import index, misconceptions
from katas.dojo.course.index import Day
from katas.dojo.runner import signatures
from katas.dojo.store.files import write_atomic
from tests.every_core import on_every_core
from tests.inner import run


def record(number: int) -> tuple[dict[str, Any], float]:
    """What the file keeps of a day, and the seconds that it took."""
    start = time.perf_counter()
    day = index.day(number)
    numbers = range(1, len(misconceptions.load(day)) + 1)
    unique = signatures.unique({k: signature(day, k) for k in numbers})
    kept = {"of": signatures.source(day), "signatures": unique}
    return kept, time.perf_counter() - start


def signature(day: Day, k: int) -> str | None:
    """That of misconception k; None where two runs differ, as it draws without a seed."""
    target = f"{day.name}:{k}"
    first, second = (
        run(day, target, slow="", signature_only=True).signature for _ in range(2)
    )
    return first if first == second else None


def main(chosen: list[str]) -> None:
    """Renew the chosen days in the file, all built days where none is named."""
    days = [index.day(n) for n in chosen] or index.built_days()
    for number, (kept, seconds) in on_every_core(record, [day.number for day in days]):
        day = index.day(number)
        records = {**signatures.records(), day.name: kept}
        text = json.dumps(records, indent=1, sort_keys=True) + "\n"
        write_atomic(signatures.file(), text)
        count = f"{len(kept['signatures'])} of {len(misconceptions.load(day))}"
        print(f"{day.name}  {count} signatures are unique  {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
