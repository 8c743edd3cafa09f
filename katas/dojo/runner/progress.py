"""After a run of the learner's code: update the state, the note and the picture."""

import time
from collections.abc import Iterator

from katas.dojo.course import records, standing
from katas.dojo.course.index import Day
from katas.dojo.course.records import DayRecord
from katas.dojo.judge import properties
from katas.dojo.judge.quiz import NotPredicted
from katas.dojo.notebook import notes, pictures
from katas.dojo.runner import hints
from katas.dojo.runner.session import Outcome, Run
from katas.dojo.store import settings
from katas.dojo.store.errors import CourseError, message_of
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import plain
from katas.dojo.supervision import watchdog
from katas.dojo.supervision.watchdog import TimeLimitExceeded

PICTURE = 120.0  # s for drawing one, which may train a network


def update(run: Run, day: Day) -> None:
    """Bring the state of a day up to date with the session's outcomes."""
    failures = run.failures(day)
    if not failures:
        run.green_days.append(day)
    with records.changing(day) as record:
        record.count_run()
        for outcome in run.outcomes_of(day):
            if outcome.is_quiz and not isinstance(outcome.error, NotPredicted):
                record.quiz_first.setdefault(outcome.test, not outcome.failed)
        if day.kind == "specify":
            record.caught = [*(properties.score(day) or ())] or None
        if failures:
            _record_failure(record, failures[0])
        else:
            record.green_at = record.green_at or time.time()
            record.fingerprint = standing.fingerprint(day)
            record.clear_failure()
    if failures:
        notes.create(day)


def _record_failure(record: DayRecord, outcome: Outcome) -> None:
    """Remember the first failing test and how often in a row it failed."""
    again = record.failing_test == outcome.test
    record.runs_on_failing_test = record.runs_on_failing_test + 1 if again else 1
    record.failing_test = outcome.test
    record.blank = None
    if outcome.function and outcome.error and not outcome.is_quiz:
        record.blank = hints.blank_of(outcome.day, outcome.function, outcome.error)
    record.fingerprint = None


def draw_and_fill_note(day: Day) -> Iterator[str]:
    """Draw the picture of a green day and fill its note; yield a line for what the
    learner should know of it.

    Not before the verdict: a picture may train a network, and the learner waits.
    """
    if picture := _draw(day):
        yield f"picture  {picture}"
    try:
        notes.fill(day)
    except (CourseError, OSError) as error:
        yield f"note     not written: {error}"


def _draw(day: Day) -> str:
    """The picture's path as the learner types it, or why there is none."""
    if not (day.folder / "picture.py").exists():
        return ""
    try:
        with watchdog.limit(PICTURE * settings.timeout_factor()):
            return shown(pictures.draw(day, day.picture))
    except CourseError as error:
        return str(error)
    except TimeLimitExceeded as error:
        return f"not drawn: stopped after {error.wall:.0f} s"
    except Exception as error:  # the tests are green: a picture must not undo that
        return plain(f"not drawn: {type(error).__name__}: {message_of(error)}")
