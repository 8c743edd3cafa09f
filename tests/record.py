"""Record the signature of each belief: `python -m tests.record [DAY ...]`."""

import json
import sys
import time

from katas.dojo import beliefs, course, lookup, quiet
from katas.dojo.keep import write_atomic
from tests.inner import run


def record(day):
    """{signature: number} of a day's beliefs that can be told from each other."""
    numbers = range(1, len(beliefs.load(day)) + 1)
    return lookup.table({k: run(day, f"{day.name}:{k}").signature for k in numbers})


def main(chosen):
    """Renew the chosen days in the file, all built days where none is named."""
    quiet.import_tensorflow()
    known = lookup.recorded()
    for day in [course.day(n) for n in chosen] or course.built_days():
        start = time.perf_counter()
        known[day.name] = record(day)
        write_atomic(lookup.FILE, json.dumps(known, indent=1, sort_keys=True) + "\n")
        told = f"{len(known[day.name])} of {len(beliefs.load(day))} beliefs told apart"
        print(f"{day.name}  {told}  {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
