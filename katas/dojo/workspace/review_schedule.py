"""Which day to repeat: the longer ago and the harder it was, the sooner."""

import time
from collections.abc import Iterable

from katas.dojo.course import records
from katas.dojo.course.index import Day

DAYS = 7.0  # until the first repetition of a day that went well
SECONDS = 86400.0  # in a day
MANY_HINTS, MANY_RUNS = 3, 15  # each a sign of trouble


def overdue(day: Day, now: float | None = None) -> float:
    """Days since the day was green, divided by its interval; due from 1 on.

    The interval doubles with each round done, and halves for each sign of trouble.
    """
    record = records.record(day)
    if not record.green_at:
        return 0.0
    interval = DAYS * 2 ** len(record.rounds)
    interval /= 2 ** (record.hints_shown >= MANY_HINTS)
    interval /= 2 ** (record.attempts >= MANY_RUNS)
    return ((now or time.time()) - record.green_at) / SECONDS / interval


def suggested(days: Iterable[Day], now: float | None = None) -> Day | None:
    """The most overdue of the days, or None while none is due."""
    ratios = {day: overdue(day, now) for day in days}
    due = [day for day, ratio in ratios.items() if ratio >= 1]
    return max(due, key=lambda day: (ratios[day], -day.number), default=None)
