"""Change the learner's files on demand: reset, adopt, again, back.

Each change first keeps copies, then records them in the state, then writes the files,
so that `kata back` can undo a command that was killed anywhere.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from katas.dojo.course import index, records, stubs
from katas.dojo.course.index import Day
from katas.dojo.course.records import Move
from katas.dojo.store import files, paths
from katas.dojo.store.errors import CourseError

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
    if not records.record(day).green_at:
        raise CourseError(
            f"Day {day.number:02d} was never green: kata reset {day.number} blanks it"
        )
    return _change(day, "again", _derived(day))


def back(day: Day, copy: str | None = None) -> Copies:
    """Restore the copies that the last command on this day kept, or the named one.

    The present files are kept too, so a second `kata back` undoes the first.
    """
    last = records.record(day).last_move
    if copy:
        return _change(day, "back", _named_copy(day, copy))
    texts = {}
    for file, kept in last.kept if last else ():
        if (paths.root() / kept).exists():
            texts[paths.root() / file] = (paths.root() / kept).read_bytes()
    texts = texts or _newest_copies(day)
    if not texts:
        raise CourseError(f"Nothing was kept of day {day.number:02d}.")
    return _change(
        day, "back", texts, undo_round=last is not None and last.what == "again"
    )


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
    with records.changing(day) as record:
        if copies:
            record.last_move = Move(command, time.time(), kept)
        if command == "again":
            record.begin_round(kept)
        elif undo_round and record.rounds:
            record.restore_round()
        record.clear_failure()
    for file, text in texts.items():
        files.write_atomic(file, text)
    return copies
