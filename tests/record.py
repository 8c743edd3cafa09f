"""Record the signature of each belief: `python -m tests.record [DAY ...]`."""

import json
import sys
import time

from katas.dojo import beliefs, course, lookup
from katas.dojo.keep import write_atomic
from tests.every_core import on_every_core
from tests.inner import run


def record(number):
    """What the file keeps of a day, and the seconds that it took."""
    start = time.perf_counter()
    day = course.day(number)
    found = {k: signature(day, k) for k in range(1, len(beliefs.load(day)) + 1)}
    kept = {"of": lookup.source(day), "signatures": lookup.table(found)}
    return kept, time.perf_counter() - start


def signature(day, k):
    """That of belief k; None where two runs differ, as it draws without a seed."""
    once, again = (
        run(day, f"{day.name}:{k}", slow="", named=True).signature for _ in range(2)
    )
    return once if once == again else None


def main(chosen):
    """Renew the chosen days in the file, all built days where none is named."""
    days = [course.day(n) for n in chosen] or course.built_days()
    for number, (kept, seconds) in on_every_core(record, [day.number for day in days]):
        day = course.day(number)
        known = {**lookup.records(), day.name: kept}
        write_atomic(lookup.FILE, json.dumps(known, indent=1, sort_keys=True) + "\n")
        told = f"{len(kept['signatures'])} of {len(beliefs.load(day))}"
        print(f"{day.name}  {told} beliefs told apart  {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
