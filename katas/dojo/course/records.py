"""What the course remembers of a day, as dataclasses, and its form in the state file."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Self

from katas.dojo.course.index import Day
from katas.dojo.store import state

PAUSE = 600  # s without a run after which the clock of a day stands still
# Names in the file that are older than those here; learners' files keep them.
IN_FILE = {"failing_test": "sentence", "runs_on_failing_test": "runs_on_sentence"}


@dataclass
class Round:
    """One time through a day, from the first run to green."""

    attempts: int = 0  # runs
    seconds: float = 0.0  # at work, pauses left out
    first_run: float | None = None  # [s since 1970], as are the next two
    last_run: float | None = None
    green_at: float | None = None
    fingerprint: str | None = None  # of the files with which the day was green
    failing_test: str | None = None  # the first one of the last run
    runs_on_failing_test: int = 0  # since another one was the first
    blank: str | None = None  # that the failing test is about
    hints: dict[str, int] = field(default_factory=dict)  # {blank: hints shown}
    quiz_first: dict[str, bool] = field(default_factory=dict)  # {test: right at once}
    kept: list[list[str]] = field(default_factory=list)  # [[file, copy]] at its end

    @property
    def hints_shown(self) -> int:
        return sum(self.hints.values())

    def count_run(self, now: float | None = None) -> None:
        """Count a run and the time since the last one."""
        now = now or time.time()
        # Negative where a clock was set back.
        since = now - (now if self.last_run is None else self.last_run)
        self.seconds += since if 0 < since < PAUSE else 0
        self.first_run = now if self.first_run is None else self.first_run
        self.last_run = now
        self.attempts += 1

    def clear_failure(self) -> None:
        self.failing_test, self.runs_on_failing_test, self.blank = None, 0, None

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Self:
        """The record of an entry of the state file; other keys are ignored."""
        names = {each.name: IN_FILE.get(each.name, each.name) for each in fields(cls)}
        return cls(**{name: entry[key] for name, key in names.items() if key in entry})

    def to_json(self) -> dict[str, Any]:
        """The entry of the state file: the fields that differ from a new record's."""
        new = type(self)()
        return {
            IN_FILE.get(name, name): value
            for name, value in vars(self).items()
            if value != getattr(new, name)
        }


@dataclass
class Move:
    """What the last command did that changed the day's files."""

    what: str  # reset, adopt, again, back
    at: float  # [s since 1970]
    kept: list[list[str]]  # [[file, its kept copy]]


@dataclass
class DayRecord(Round):
    """The present round of a day, the past ones, and the last change of its files."""

    caught: list[int] | None = None  # [broken copies caught, of how many]
    rounds: list[Round] = field(default_factory=list)
    last_move: Move | None = None

    def begin_round(self, kept: list[list[str]]) -> None:
        """Move what is known of this round to the past rounds."""
        self.rounds.append(Round.from_json({**self.to_json(), "kept": kept}))
        self._become(Round())

    def restore_round(self) -> None:
        """Put the last of the past rounds back in the place of this one."""
        self._become(self.rounds.pop())
        self.kept = []

    def _become(self, other: Round) -> None:
        for each in fields(Round):
            setattr(self, each.name, getattr(other, each.name))

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Self:
        record = super().from_json({**entry, "rounds": [], "last_move": None})
        record.rounds = [Round.from_json(past) for past in entry.get("rounds", [])]
        if move := entry.get("last_move"):
            record.last_move = Move(
                move.get("what", ""), move.get("at", 0.0), move.get("kept", [])
            )
        return record

    def to_json(self) -> dict[str, Any]:
        entry = super().to_json()
        if self.rounds:
            entry["rounds"] = [past.to_json() for past in self.rounds]
        if self.last_move:
            entry["last_move"] = vars(self.last_move)
        return entry


def record(day: Day) -> DayRecord:
    """The day's record, to read."""
    return DayRecord.from_json(state.load().get("days", {}).get(day.name, {}))


@contextlib.contextmanager
def changing(day: Day) -> Iterator[DayRecord]:
    """The day's record, locked against other commands, saved when the block ends."""
    with state.changing() as memory:
        days = memory.setdefault("days", {})
        entry = days.get(day.name, {})
        record = DayRecord.from_json(entry)
        known = {IN_FILE.get(each.name, each.name) for each in fields(DayRecord)}
        yield record
        newer = {key: value for key, value in entry.items() if key not in known}
        days[day.name] = {**newer, **record.to_json()}
