"""`kata grade FOLDER`: a learner's folder on this course's own tests.

Only the two files a day that a learner owns are taken from there. They are put over
blank stubs in a copy of this course, so neither an edited test nor what stands on the
desk here counts. It is a judge of work, not a prison for code: run it where you would
run the learner's code.
"""

import ast
import csv
import io
import shutil
import tempfile
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.runner import verify
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.terminal import format_count, print_text

NEEDED = ("katas", "solutions", ".pytest.ini", "pyproject.toml")


def show(folder=None, summary=None, table=None):
    """Grade every day that was begun; True where each of those is green.

    Args
        folder   the learner's checkout; this one where None
        summary  file to which a Markdown table is added
        table    file for the same as CSV, a line a day
    """
    desk = Path(folder).expanduser().resolve() if folder else paths.root()
    if not (desk / "katas").is_dir():
        raise CourseError(f"Expected a copy of the course, got {desk}: it has no katas")
    days = index.built_days()
    texts = {day: handed_in(day, desk) for day in days}
    begun = [day for day in days if is_begun(day, texts[day])]
    with tempfile.TemporaryDirectory(prefix="katas-") as place:
        root = Path(place).resolve() / "course"
        _copy(root, texts)
        verdicts = verify.verify_all(begun, lambda day: verify.evaluate(day, root))
    found = {verdict.day: verdict for verdict in verdicts}
    green = sum(verdict.green for verdict in verdicts)
    headline = f"{green} of {format_count(len(days), 'day')} green"
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown(desk.name, headline, days, found))
    if table:
        write_atomic(table, as_csv(desk.name, days, found))
    if begun:
        print_text()
    print_text(f"{headline}, {len(days) - len(begun)} not begun", "bold")
    return green == len(begun)


def handed_in(day, desk):
    """{path from the checkout: bytes} of the learner's two files in another one."""
    owned = [file.relative_to(paths.root()) for file in day.owned]
    return {p: (desk / p).read_bytes() for p in owned if (desk / p).is_file()}


def is_begun(day, texts):
    """True where the code of a file differs from its stub's; comments, line ends and
    what else an editor changes by itself do not count."""
    blank = {f.relative_to(paths.root()): t for f, t in stubs.derived(day).items()}
    return any(_code(text) != _code(blank[path]) for path, text in texts.items())


def _code(text):
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return None


def _copy(root, texts):
    """This course at `root` with blank stubs, and the texts over them."""
    hidden = shutil.ignore_patterns("__pycache__")
    for name in NEEDED:
        if (paths.root() / name).is_dir():
            shutil.copytree(paths.root() / name, root / name, ignore=hidden)
        elif (paths.root() / name).exists():
            shutil.copy(paths.root() / name, root / name)
    for day, owned in texts.items():
        blank = {f.relative_to(paths.root()): t for f, t in stubs.derived(day).items()}
        for path, text in {**blank, **owned}.items():
            write_atomic(root / path, text)


def _rows(days, found):
    """(day, standing, sentences true, sentences, the first false one) a day."""
    for day in days:
        verdict = found.get(day)
        if verdict is None:
            yield day, "not begun", "", "", ""
        else:
            standing = "green" if verdict.green else "red"
            said = verdict.problem or verdict.failing_test
            yield day, standing, verdict.passed, verdict.total, said


def markdown(name, headline, days, found):
    """The table of a job's summary."""
    lines = [
        f"## {name}: {headline}",
        "",
        "| day | title | | true | first that is not |",
    ]
    lines.append("|---|---|---|---|---|")
    mark = {"green": "✓ green", "red": "✗ red"}
    for day, standing, true, total, said in _rows(days, found):
        count = f"{true} of {total}" if total else ""
        cells = [f"{day.number:02d}", day.title, mark.get(standing, ""), count, said]
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join([*lines, "", ""])


def as_csv(name, days, found):
    """The same for a spreadsheet, with the folder's name in each line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["desk", "day", "title", "standing", "true", "sentences"])
    for day, standing, true, total, _ in _rows(days, found):
        writer.writerow([name, day.number, day.title, standing, true, total])
    return text.getvalue()
