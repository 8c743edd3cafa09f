"""`kata grade FOLDER`: a learner's folder on this course's own tests.

Only the two files per day that a learner owns are taken from there. They are put over
blank stubs in a copy of this course, one for each day, so neither an edited test nor the
learner's files of this checkout count, and no day changes another one's tests. The
learner's code is not isolated: run the command only where you would run that code.
"""

import ast
import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.course.index import Day
from katas.dojo.runner import verify
from katas.dojo.runner.verify import Verdict
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.terminal import format_count, plain, print_text

NEEDED = ("katas", "solutions", ".pytest.ini", "pyproject.toml")
MARKS = {"green": "✓ ", "adopted": "✓ ", "red": "✗ ", "not started": ""}
COLUMNS = ("folder", "day", "title", "status", "passed", "tests")
MOST_BYTES = 10**6  # of one file: a day's has some thousands
SHOWN = 200  # characters of a test's name or of a problem in the table
Texts = dict[Path, bytes]  # {path from the checkout: content}


@dataclass(frozen=True)
class Grade:
    """The result of one day; without a verdict where it was not started."""

    day: Day
    verdict: Verdict | None = None
    is_adopted: bool = False

    @property
    def status(self) -> str:
        if self.verdict is None:
            return "not started"
        if not self.verdict.green:
            return "red"
        return "adopted" if self.is_adopted else "green"


@dataclass
class Report:
    """The grades of a learner's folder, and the files that show them."""

    name: str
    summary: Path | None  # a file to which a Markdown table is appended
    table: Path | None
    grades: list[Grade] = field(default_factory=list)
    before: bytes = b""  # what the summary held

    def __post_init__(self) -> None:
        if self.summary and self.summary.is_file():
            self.before = self.summary.read_bytes()

    def add(self, grade: Grade) -> None:
        """Add the grade of a day, and write what is known: a kill leaves it there."""
        self.grades = sorted([*self.grades, grade], key=lambda each: each.day.number)
        for file in (self.summary, self.table):
            if file and (file.is_file() or not file.exists()):
                self._write(file)

    def finish(self) -> None:
        """Write to the files that take a text only once: a terminal, a pipe."""
        for file in (self.summary, self.table):
            if file and not file.is_file():
                self._write(file)

    def _write(self, file: Path) -> None:
        if file == self.summary:
            write_atomic(file, self.before + markdown(self).encode("utf-8", "replace"))
        else:
            write_atomic(file, as_csv(self))

    def count(self, status: str) -> int:
        return sum(grade.status == status for grade in self.grades)

    @property
    def headline(self) -> str:
        text = f"{self.count('green')} of {format_count(len(self.grades), 'day')} green"
        adopted = self.count("adopted")
        return f"{text}, {adopted} adopted" if adopted else text


@dataclass(frozen=True)
class HandedIn:
    """The learner's two files of a day in another checkout."""

    texts: Texts
    problem: str = ""  # why one of them cannot be read


def show(
    folder: str | None = None, summary: str | None = None, table: str | None = None
) -> bool:
    """Grade every day that was started; True where each of those is green or adopted.

    Args
        folder   the learner's checkout; this one where None
        summary  file to which a Markdown table is appended
        table    file for the same as CSV, one line per day
    """
    checkout = _checkout(folder)
    report = Report(checkout.name, _output(summary), _output(table))
    handed_in = {day: _handed_in(day, checkout) for day in index.built_days()}
    started = [day for day in handed_in if is_started(day, handed_in[day])]
    for day in handed_in:
        if day not in started:
            report.add(Grade(day))

    def evaluate(day: Day) -> Verdict:
        verdict = _evaluate(day, handed_in)
        report.add(Grade(day, verdict, _is_adopted(day, handed_in[day].texts)))
        return verdict

    verify.verify_all(started, evaluate)
    report.finish()
    if started:
        print_text()
    not_started = report.count("not started")
    print_text(f"{report.headline}, {not_started} not started", "bold")
    return report.count("red") == 0


def _checkout(folder: str | None) -> Path:
    """The learner's checkout, refused where it is none."""
    if folder is None:
        return paths.root()
    checkout = Path(os.path.realpath(os.path.expanduser(folder)))
    if not folder or not (checkout / "katas").is_dir():
        raise CourseError(
            f"Expected a copy of the course, got {checkout}: it has no katas"
        )
    return checkout


def _output(name: str | None) -> Path | None:
    """The file that an option names, refused before any day runs where it is a folder."""
    if name is None:
        return None
    if not name or Path(name).is_dir():
        raise CourseError(f"Expected the name of a file to write, got {name!r}")
    return Path(name).absolute()


def _evaluate(day: Day, handed_in: Mapping[Day, HandedIn]) -> Verdict:
    """The verdict of a day, from a run in a copy of the course that no other day has."""
    if problem := handed_in[day].problem:
        return Verdict(day=day, problem=problem)
    with tempfile.TemporaryDirectory(
        prefix="katas-", ignore_cleanup_errors=True
    ) as folder:
        root = Path(folder).resolve() / "course"
        _copy_course(root, {each: found.texts for each, found in handed_in.items()})
        return verify.evaluate(day, root)


def _handed_in(day: Day, checkout: Path) -> HandedIn:
    texts = {}
    for path in (file.relative_to(paths.root()) for file in day.owned):
        file = checkout / path
        try:
            if not file.is_file():
                continue
            if (size := file.stat().st_size) > MOST_BYTES:
                limit = f"expected {MOST_BYTES} at most"
                return HandedIn({}, f"{path.as_posix()} has {size} bytes, {limit}")
            texts[path] = file.read_bytes()
        except OSError as error:
            return HandedIn({}, f"{path.as_posix()} cannot be read: {error.strerror}")
    return HandedIn(texts)


def is_started(day: Day, handed_in: HandedIn) -> bool:
    """True where the code of a file differs from its stub's; comments, line ends and
    what else an editor changes by itself do not count."""
    blank = _blank(day)
    texts = handed_in.texts.items()
    return bool(handed_in.problem) or any(
        _code(text) != _code(blank[path]) for path, text in texts
    )


def _is_adopted(day: Day, texts: Texts) -> bool:
    """True where the day's file is the reference's but for line ends."""
    mine = texts.get(day.file.relative_to(paths.root()))
    return day.kind != "specify" and _lines(mine) == _lines(day.solution.read_bytes())


def _lines(text: bytes | None) -> list[bytes] | None:
    if text is None:
        return None
    return text.removeprefix(b"\xef\xbb\xbf").rstrip().splitlines()


def _blank(day: Day) -> Texts:
    """The derived stubs of a day."""
    derived = stubs.derived(day).items()
    return {f.relative_to(paths.root()): text.encode("utf-8") for f, text in derived}


def _code(text: bytes) -> str | None:
    """The code without comments and layout; None where it cannot be parsed."""
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _copy_course(root: Path, texts: Mapping[Day, Texts]) -> None:
    """This course at `root` with blank stubs, and the learner's files over them."""
    for name in NEEDED:
        source = paths.root() / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=_left_out)
        elif source.exists():
            shutil.copy(source, root / name)
    for day, owned in texts.items():
        for path, text in (_blank(day) | owned).items():
            write_atomic(root / path, text)


def _left_out(folder: str, names: list[str]) -> list[str]:
    """Bytecode, links that lead nowhere, and links back to a folder around them."""
    here = Path(os.path.realpath(folder))
    left_out = []
    for name in names:
        path = os.path.join(folder, name)
        around = here.is_relative_to(os.path.realpath(path))
        if name == "__pycache__" or around or not os.path.exists(path):
            left_out.append(name)
    return left_out


def markdown(report: Report) -> str:
    """The table for the summary of a workflow's job."""
    lines = [f"## {report.name}: {report.headline}", ""]
    lines.append("| day | title | status | passed | first failing test |")
    lines.append("|---|---|---|---|---|")
    for grade in report.grades:
        cells = [f"{grade.day.number:02d}", grade.day.title]
        cells.append(f"{MARKS[grade.status]}{grade.status}")
        cells += _result_cells(grade.verdict)
        lines.append(
            "| "
            + " | ".join(c.replace("|", "\\|").replace("<", "&lt;") for c in cells)
            + " |"
        )
    return "\n".join([*lines, "", ""])


def _result_cells(verdict: Verdict | None) -> tuple[str, str]:
    """(count of passed tests, first failing test or problem)."""
    if verdict is None:
        return "", ""
    count = f"{verdict.passed} of {verdict.total}" if verdict.total else ""
    text = " ".join(plain(verdict.problem or verdict.failing_test).split())
    return count, text if len(text) <= SHOWN else f"{text[:SHOWN]} ..."


def as_csv(report: Report) -> str:
    """The same for a spreadsheet, with the folder's name in each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for grade in report.grades:
        verdict = grade.verdict
        counts = (verdict.passed, verdict.total) if verdict else ("", "")
        day = grade.day
        writer.writerow([report.name, day.number, day.title, grade.status, *counts])
    return text.getvalue()
