"""After a run of the learner's code: count it, keep the note, draw the picture."""

import time

from katas.dojo.course import standing
from katas.dojo.judge import properties
from katas.dojo.judge.quiz import NotPredicted
from katas.dojo.notebook import notes, pictures
from katas.dojo.runner import hints
from katas.dojo.store import state
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown


def settle(run, day):
    """Bring the state of a day up to date with the session's outcomes."""
    results = {n: o for n, o in run.outcomes.items() if o[0] == day}
    false = [(nodeid, o) for nodeid, o in results.items() if o[3]]
    with state.of(day) as mine:
        state.count_run(mine)
        for nodeid, (_, name, error, _) in results.items():
            if "test_quiz.py" in nodeid and not isinstance(error, NotPredicted):
                mine.setdefault("quiz_first", {}).setdefault(name, error is None)
        if day.kind == "specify":
            mine["caught"] = properties.score(day)
        if false:
            _fall_back(mine, day, run, *false[0])
        else:
            mine.setdefault("green_at", time.time())
            mine["fingerprint"] = standing.fingerprint(day)
            mine.pop("sentence", None)
            mine.pop("blank", None)
    if false:
        notes.begin(day)
    else:
        run.green.append(day)


def _fall_back(mine, day, run, nodeid, outcome):
    """Remember the first false sentence and how often in a row it came."""
    _, name, error, _ = outcome
    again = mine.get("sentence") == name
    mine["runs_on_sentence"] = mine.get("runs_on_sentence", 0) + 1 if again else 1
    mine["sentence"] = name
    test = run.items.get(nodeid)
    is_topic = test is not None and "test_quiz.py" not in nodeid
    mine["blank"] = hints.blank_of(day, test, error) if is_topic else None
    mine.pop("fingerprint", None)


def celebrate(day):
    """Draw the picture of a green day and fill its note; return what to say of it.

    Not before the verdict: a picture may train a network, and the learner waits.
    """
    said = _draw(day)
    notes.fill(day)
    return said


def _draw(day):
    """The picture's path as the learner types it, or a sentence when it failed."""
    if not (day.folder / "picture.py").exists():
        return ""
    try:
        return shown(pictures.draw(day, day.picture))
    except CourseError as error:
        return str(error)
    except Exception as error:  # the tests are green: a picture must not undo that
        return f"not drawn: {type(error).__name__}: {error}"
