"""Which day is worth doing again: the longer ago and the harder it was, the sooner."""

import time

from katas.dojo.store import state

DAYS = 7.0  # until the first repetition of a day that went well
SECONDS = 86400.0


def overdue(day, now=None):
    """Days since the day was green over the days it may rest; due from 1 on.

    The rest doubles with each round done, and halves for each sign of trouble:
    three hints or more, fifteen runs or more.
    """
    mine = state.record(day)
    if not mine.get("green_at"):
        return 0.0
    rest = DAYS * 2 ** len(mine.get("rounds", []))
    rest /= 2 ** (sum(mine.get("hints", {}).values()) >= 3)
    rest /= 2 ** (mine.get("attempts", 0) >= 15)
    return ((now or time.time()) - mine["green_at"]) / SECONDS / rest


def suggested(days, now=None):
    """The most overdue of the days, or None while none is due."""
    due = [(overdue(day, now), -day.number, day) for day in days]
    best = max(due, default=(0.0, 0, None))
    return best[2] if best[0] >= 1 else None
