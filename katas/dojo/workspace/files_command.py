"""Change the learner's files on demand: blank, adopt, bring back, do again.

Each change first keeps copies, then writes down which, then writes the files, so
that a command killed anywhere can be undone by `kata back`.
"""

import time
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.store import files, paths, state
from katas.dojo.store.errors import CourseError

ROUND = (
    *("attempts", "seconds", "first_run", "last_run", "green_at", "fingerprint"),
    *("quiz_first", "hints", "sentence", "runs_on_sentence", "blank"),
)


def built(key):
    """The day that `key` names, refused where this checkout does not hold it yet."""
    day = index.day(key)
    if not day.built:
        raise CourseError(
            f"Day {day.number:02d} is not in this checkout yet: kata update"
        )
    return day


def reset(day):
    """Blank the day's files again; {file: kept copy or None} of those that changed."""
    return _change(day, "reset", _encoded(stubs.derived(day)))


def adopt(day):
    """Take the reference; {file: kept copy or None} of the files that changed."""
    texts = {day.file: day.solution, day.quiz: day.solution_quiz}
    return _change(day, "adopt", {f: s.read_bytes() for f, s in texts.items()})


def again(day):
    """Begin a new round: the record of the last one is put by, the day is blank."""
    if not state.record(day).get("green_at"):
        raise CourseError(
            f"Day {day.number:02d} was never green: kata reset {day.number} blanks it"
        )
    return _change(day, "again", _encoded(stubs.derived(day)))


def back(day, copy=None):
    """Bring kept copies back: those of the last command on this day, or the named one.

    What stands in the files now is kept too, so a second `kata back` is its undo.
    """
    last = state.record(day).get("last_move", {})
    if copy:
        copies = [c for file in day.owned for c in files.kept_copies(file)]
        chosen = [c for c in copies if c.name == Path(copy).name]
        if not chosen:
            raise CourseError(f"No kept copy {copy!r}: kata back {day.number} --list")
        file = next(f for f in day.owned if chosen[0] in files.kept_copies(f))
        texts = {file: chosen[0].read_bytes()}
    else:
        texts = {paths.root() / f: paths.root() / c for f, c in last.get("kept", [])}
        texts = {file: c.read_bytes() for file, c in texts.items() if c.exists()}
        texts = texts or _newest(day)
    if not texts:
        raise CourseError(f"Nothing was kept of day {day.number:02d}.")
    return _change(day, "back", texts, undo=not copy and last.get("what") == "again")


def _newest(day):
    """{file: bytes} of the newest kept copy that differs from the file."""
    found = {}
    for file in day.owned:
        now = file.read_bytes() if file.exists() else b""
        others = [c for c in files.kept_copies(file) if c.read_bytes() != now]
        if others:
            found[file] = others[-1].read_bytes()
    return found


def _encoded(texts):
    return {file: text.encode("utf-8") for file, text in texts.items()}


def _change(day, what, texts, undo=False):
    """Keep, write down, then write the files whose bytes differ."""
    texts = {f: t for f, t in texts.items() if not f.exists() or f.read_bytes() != t}
    copies = {file: files.keep_copy(file) for file in texts}
    pairs = [[paths.shown(f), paths.shown(c)] for f, c in copies.items() if c]
    with state.of(day) as mine:
        if copies:
            mine["last_move"] = {"what": what, "at": time.time(), "kept": pairs}
        if what == "again":
            past = {key: mine.pop(key) for key in ROUND if key in mine}
            mine.setdefault("rounds", []).append({**past, "kept": pairs})
        elif undo and mine.get("rounds"):
            for key in ROUND:
                mine.pop(key, None)
            mine.update(mine["rounds"].pop())
            mine.pop("kept", None)
        for key in ("sentence", "runs_on_sentence", "blank"):
            mine.pop(key, None)
    for file, text in texts.items():
        files.write_atomic(file, text)
    return copies
