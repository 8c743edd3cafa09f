"""Change the learner's files on demand: reset, adopt, again, back.

Each change first keeps copies, then records them in the state, then writes the files,
so that `kata back` can undo a command that was killed anywhere.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.course.index import Day
from katas.dojo.store import files, paths, state
from katas.dojo.store.errors import CourseError

# What a day's record holds of one round; `kata again` moves it into `rounds`.
ROUND_KEYS = (
    *("attempts", "seconds", "first_run", "last_run", "green_at", "fingerprint"),
    *("quiz_first", "hints", "sentence", "runs_on_sentence", "blank"),
)
FAILURE_KEYS = ("sentence", "runs_on_sentence", "blank")
Copies = dict[Path, Path | None]  # {changed file: its kept copy, None for a new file}


def built(key: str | int) -> Day:
    """The day that `key` names, refused if this checkout does not hold it yet."""
    day = index.day(key)
    if not day.built:
        raise CourseError(
            f"Day {day.number:02d} is not in this checkout yet: kata update"
        )
    return day


def reset(day: Day) -> Copies:
    """Blank the day's files again."""
    return _change(day, "reset", _derived(day))


def adopt(day: Day) -> Copies:
    """Replace the day's files by the reference."""
    sources = {day.file: day.solution, day.quiz: day.solution_quiz}
    texts = {file: source.read_bytes() for file, source in sources.items()}
    return _change(day, "adopt", texts)


def again(day: Day) -> Copies:
    """Begin a new round: store the record of the last one and blank the day."""
    if not state.record(day).get("green_at"):
        raise CourseError(
            f"Day {day.number:02d} was never green: kata reset {day.number} blanks it"
        )
    return _change(day, "again", _derived(day))


def back(day: Day, copy: str | None = None) -> Copies:
    """Restore the copies that the last command on this day kept, or the named one.

    The present files are kept too, so a second `kata back` undoes the first.
    """
    last = state.record(day).get("last_move", {})
    if copy:
        return _change(day, "back", _named_copy(day, copy))
    texts = {}
    for file, kept in last.get("kept", []):
        if (paths.root() / kept).exists():
            texts[paths.root() / file] = (paths.root() / kept).read_bytes()
    texts = texts or _newest_copies(day)
    if not texts:
        raise CourseError(f"Nothing was kept of day {day.number:02d}.")
    return _change(day, "back", texts, undo_round=last.get("what") == "again")


def _named_copy(day: Day, name: str) -> dict[Path, bytes]:
    """{file: bytes} of the kept copy with that name."""
    for file in day.owned:
        for copy in files.kept_copies(file):
            if copy.name == Path(name).name:
                return {file: copy.read_bytes()}
    raise CourseError(f"No kept copy {name!r}: kata back {day.number} --list")


def _newest_copies(day: Day) -> dict[Path, bytes]:
    """{file: bytes} of the newest kept copy that differs from the file."""
    newest = {}
    for file in day.owned:
        present = file.read_bytes() if file.exists() else b""
        texts = [copy.read_bytes() for copy in files.kept_copies(file)]
        if others := [text for text in texts if text != present]:
            newest[file] = others[-1]
    return newest


def _derived(day: Day) -> dict[Path, bytes]:
    return {f: text.encode("utf-8") for f, text in stubs.derived(day).items()}


def _change(
    day: Day, command: str, texts: Mapping[Path, bytes], undo_round: bool = False
) -> Copies:
    """Keep copies, record them, then write the files whose bytes differ."""
    texts = {f: t for f, t in texts.items() if not f.exists() or f.read_bytes() != t}
    copies: Copies = {file: files.keep_copy(file) for file in texts}
    kept = [[paths.shown(f), paths.shown(c)] for f, c in copies.items() if c]
    with state.of(day) as record:
        if copies:
            record["last_move"] = {"what": command, "at": time.time(), "kept": kept}
        if command == "again":
            _begin_round(record, kept)
        elif undo_round and record.get("rounds"):
            _restore_round(record)
        for key in FAILURE_KEYS:
            record.pop(key, None)
    for file, text in texts.items():
        files.write_atomic(file, text)
    return copies


def _begin_round(record: dict, kept: list[list[str]]) -> None:
    """Move the record of this round into the list of past rounds."""
    past = {key: record.pop(key) for key in ROUND_KEYS if key in record}
    record.setdefault("rounds", []).append({**past, "kept": kept})


def _restore_round(record: dict) -> None:
    """Put the record of the last round back in the place of this one's."""
    for key in ROUND_KEYS:
        record.pop(key, None)
    record.update(record["rounds"].pop())
    record.pop("kept", None)
