"""Record the signature of each misconception: `python -m tests.record [DAY ...]`."""

import json
import sys
import time

from katas.dojo.course import index, misconceptions
from katas.dojo.runner import signatures
from katas.dojo.store.files import write_atomic
from tests.every_core import on_every_core
from tests.inner import run


def record(number):
    """What the file keeps of a day, and the seconds that it took."""
    start = time.perf_counter()
    day = index.day(number)
    found = {k: signature(day, k) for k in range(1, len(misconceptions.load(day)) + 1)}
    kept = {"of": signatures.source(day), "signatures": signatures.table(found)}
    return kept, time.perf_counter() - start


def signature(day, k):
    """That of misconception k; None where two runs differ, as it draws without a seed."""
    once, again = (
        run(day, f"{day.name}:{k}", slow="", named=True).signature for _ in range(2)
    )
    return once if once == again else None


def main(chosen):
    """Renew the chosen days in the file, all built days where none is named."""
    days = [index.day(n) for n in chosen] or index.built_days()
    for number, (kept, seconds) in on_every_core(record, [day.number for day in days]):
        day = index.day(number)
        known = {**signatures.records(), day.name: kept}
        write_atomic(
            signatures.file(), json.dumps(known, indent=1, sort_keys=True) + "\n"
        )
        told = f"{len(kept['signatures'])} of {len(misconceptions.load(day))}"
        print(
            f"{day.name}  {told} misconceptions told apart  {seconds:.0f} s", flush=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
