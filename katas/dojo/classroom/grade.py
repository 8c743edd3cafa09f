"""`kata grade FOLDER`: a learner's folder on this course's own tests.

Only the two files per day that a learner owns are taken from there. They are put over
blank stubs in a copy of this course, so neither an edited test nor the learner's files
of this checkout count. The learner's code is not isolated: run the command only where
you would run that code.
"""

import ast
import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.course.index import Day
from katas.dojo.runner import verify
from katas.dojo.runner.verify import Verdict
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.terminal import format_count, print_text

NEEDED = ("katas", "solutions", ".pytest.ini", "pyproject.toml")
MARKS = {"green": "✓ ", "red": "✗ ", "not started": ""}
COLUMNS = ("folder", "day", "title", "status", "passed", "tests")
Texts = dict[Path, bytes]  # {path from the checkout: content}


@dataclass(frozen=True)
class Grade:
    """The result of one day; without a verdict where it was not started."""

    day: Day
    verdict: Verdict | None = None

    @property
    def status(self) -> str:
        if self.verdict is None:
            return "not started"
        return "green" if self.verdict.green else "red"


@dataclass(frozen=True)
class Report:
    """The grades of a learner's folder."""

    name: str
    grades: Sequence[Grade]

    def count(self, status: str) -> int:
        return sum(grade.status == status for grade in self.grades)

    @property
    def headline(self) -> str:
        return f"{self.count('green')} of {format_count(len(self.grades), 'day')} green"


def show(
    folder: str | None = None, summary: str | None = None, table: str | None = None
) -> bool:
    """Grade every day that was started; True where each of those is green.

    Args
        folder   the learner's checkout; this one where None
        summary  file to which a Markdown table is appended
        table    file for the same as CSV, one line per day
    """
    checkout = Path(folder).expanduser().resolve() if folder else paths.root()
    if not (checkout / "katas").is_dir():
        raise CourseError(
            f"Expected a copy of the course, got {checkout}: it has no katas"
        )
    report = Report(checkout.name, graded(checkout))
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown(report))
    if table:
        write_atomic(table, as_csv(report))
    not_started = report.count("not started")
    if not_started < len(report.grades):
        print_text()
    print_text(f"{report.headline}, {not_started} not started", "bold")
    return report.count("red") == 0


def graded(checkout: Path) -> list[Grade]:
    """The grade of each day, from running the days that were started."""
    texts = {day: handed_in(day, checkout) for day in index.built_days()}
    started = [day for day in texts if is_started(day, texts[day])]
    with tempfile.TemporaryDirectory(prefix="katas-") as folder:
        root = Path(folder).resolve() / "course"
        _copy_course(root, texts)
        verdicts = verify.verify_all(started, lambda day: verify.evaluate(day, root))
    by_day = {verdict.day: verdict for verdict in verdicts}
    return [Grade(day, by_day.get(day)) for day in texts]


def handed_in(day: Day, checkout: Path) -> Texts:
    """The learner's two files of a day in another checkout."""
    owned = [file.relative_to(paths.root()) for file in day.owned]
    return {p: (checkout / p).read_bytes() for p in owned if (checkout / p).is_file()}


def is_started(day: Day, texts: Texts) -> bool:
    """True where the code of a file differs from its stub's; comments, line ends and
    what else an editor changes by itself do not count."""
    blank = _blank(day)
    return any(_code(text) != _code(blank[path]) for path, text in texts.items())


def _blank(day: Day) -> Texts:
    """The derived stubs of a day."""
    derived = stubs.derived(day).items()
    return {f.relative_to(paths.root()): text.encode("utf-8") for f, text in derived}


def _code(text: bytes) -> str | None:
    """The code without comments and layout; None where it cannot be parsed."""
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return None


def _copy_course(root: Path, texts: Mapping[Day, Texts]) -> None:
    """This course at `root` with blank stubs, and the learner's files over them."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in NEEDED:
        source = paths.root() / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=ignored)
        elif source.exists():
            shutil.copy(source, root / name)
    for day, owned in texts.items():
        for path, text in (_blank(day) | owned).items():
            write_atomic(root / path, text)


def markdown(report: Report) -> str:
    """The table for the summary of a workflow's job."""
    lines = [f"## {report.name}: {report.headline}", ""]
    lines.append("| day | title | status | passed | first failing test |")
    lines.append("|---|---|---|---|---|")
    for grade in report.grades:
        cells = [f"{grade.day.number:02d}", grade.day.title]
        cells.append(f"{MARKS[grade.status]}{grade.status}")
        cells += _result_cells(grade.verdict)
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join([*lines, "", ""])


def _result_cells(verdict: Verdict | None) -> tuple[str, str]:
    """(count of passed tests, first failing test or problem)."""
    if verdict is None:
        return "", ""
    count = f"{verdict.passed} of {verdict.total}" if verdict.total else ""
    return count, verdict.problem or verdict.failing_test


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
