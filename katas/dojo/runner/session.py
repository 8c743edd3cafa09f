"""What a session of pytest has found out so far, for whoever tells it."""

import pytest

RUN = pytest.StashKey["Run"]()


class Run:
    """What one session knows: its target, its days, the outcome of each sentence."""

    def __init__(self, target):
        self.target = target
        self.outcomes = {}  # {nodeid: (day, name, error or None, text)}
        self.green = []  # days whose picture is to be drawn after the verdict
        self.items = {}  # {nodeid: test function}
        self.slow = set()  # nodeids of sentences that train a network
        self.whole = True  # False when some of a day's tests were deselected

    @property
    def days(self):
        return sorted(
            {day for day, *_ in self.outcomes.values()}, key=lambda d: d.number
        )

    def failed(self, day):
        return any(text for d, _, _, text in self.outcomes.values() if d == day)
