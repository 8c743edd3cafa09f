"""`kata detector`: its parts in the order of the data, and whose each is."""

import ast
import re
import subprocess
import sys

import pytest

from katas.detector.pipeline import boxes
from katas.detector.pipeline.table import TABLE
from katas.dojo.authoring import detector_lines
from katas.dojo.course import index
from katas.dojo.notebook.diagram import Part, svg
from katas.dojo.store import paths
from katas.dojo.workspace import detector_command
from tests import small_course as small
from tests.small_course import kata, solve, write

BOXES = (*boxes.PATH, *boxes.BESIDE)


def test_each_part_of_the_table_is_in_one_box():
    parts = [part for box in BOXES for part in box.parts]
    assert sorted(parts) == sorted(TABLE)


def test_a_box_belongs_to_one_day():
    for box in BOXES:
        assert len({source.day for source in box.sources}) <= 1, box.name
    assert len({box.name for box in BOXES}) == len(BOXES)


def test_every_day_brings_a_box_or_an_idea():
    days = {day for box in BOXES for day in (box.day, *box.ideas) if day}
    assert days == {day.number for day in index.days()}


def imported(day):
    """{(day, name)} that a solution imports from other days."""
    tree = ast.parse(index.day(day).solution.read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        (int(found[1]), alias.name)
        for node in nodes
        if (found := re.match(r"katas\.day(\d\d)\.", node.module or ""))
        for alias in node.names
    }


@pytest.mark.parametrize("box", [box for box in BOXES if box.caller])
def test_what_another_day_calls_is_imported_there(box):
    there = imported(TABLE[box.caller].day)
    assert {(source.day, source.attribute) for source in box.sources} <= there


def test_the_blocks_of_the_network_are_all_in_the_picture():
    blocks = {(s.day, s.attribute) for box in BOXES for s in box.sources}
    assert imported(TABLE["fall_net"].day) <= blocks


@pytest.mark.parametrize("day", index.built_days(), ids=lambda day: day.name)
def test_the_lesson_says_which_line_of_the_detector_calls_its_functions(day):
    page, wanted = day.lesson.read_text("utf-8"), detector_lines.texts()[day]
    command = "python -m katas.dojo.authoring detector-lines"
    assert (detector_lines.START in page) == bool(wanted), command
    if wanted:
        between = page.split(detector_lines.START)[1].split(detector_lines.END)[0]
        assert between.strip() == wanted, command


def test_every_part_that_a_program_uses_has_its_line():
    assert set(TABLE) - set(detector_lines.uses()) == {"fall_net"}  # day 31 calls it
    for part, use in detector_lines.uses().items():
        line = use.file.read_text("utf-8").splitlines()[use.line - 1]
        assert f"parts.{part}" in line


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A course of three days, which bring the first boxes of a detector of its own."""
    root = small.make(tmp_path / "course", git=False)
    rows = (
        boxes.Box("recording"),
        boxes.Box("double", blocks=(boxes.Source(1, "double"),)),
        boxes.Box("sums", blocks=(boxes.Source(2, "total"),), ideas=(1,)),
        boxes.Box("alarm", blocks=(boxes.Source(9, "alarm"),)),
    )
    monkeypatch.setattr(boxes, "PATH", rows)
    beside = (boxes.Box("steps", blocks=(boxes.Source(3, "steps"),)),)
    monkeypatch.setattr(boxes, "BESIDE", beside)
    return root


def owners(output):
    """{box: whose it is} of the printed picture."""
    rows = re.findall(r"[│|] (\w+) +[│|]  (\w+)", output)
    return dict(rows)


def test_the_picture_shows_whose_each_part_is(workspace):
    output = kata(workspace, "detector", PYTHONIOENCODING="utf-8")
    first = owners(output)
    assert first == {
        "recording": "given", "double": "blank", "sums": "blank", "alarm": "blank",
        "steps": "blank",
    }  # fmt: skip
    assert re.search(r"today +day 01, Twice as much\nbrings +double\n", output)
    assert re.search(r"idea for +sums\n", output)
    assert re.search(r"double +[│|]  blank +day 01  kata today 1$", output, re.M)
    solve(workspace, 1, "# mine\n")
    solve(workspace, 2)
    assert owners(kata(workspace, "detector"))["double"] == "reference"  # not verified
    kata(workspace, "finish", "--anyway", code=1)
    found = owners(kata(workspace, "detector"))
    assert (found["double"], found["sums"]) == ("yours", "reference")  # 02 is adopted
    picture = (workspace / "notes/pictures/detector.svg").read_text("utf-8")
    assert '<rect class="yours"' in picture
    assert "yours, day 01" in picture
    page = (workspace / "notes/course.html").read_text("utf-8")
    assert '<li class="yours">double <span>yours, day 01</span></li>' in page
    assert "](pictures/detector.svg)" in (workspace / "notes/README.md").read_text(
        "utf-8"
    )
    file = workspace / "katas/day01/doubling.py"
    write(file, file.read_text("utf-8") + "# changed since\n")
    assert owners(kata(workspace, "detector"))["double"] == "reference"


def test_the_picture_fits_80_columns_and_every_encoding(tmp_path):
    def run(**more):
        line = [sys.executable, "-m", "katas.dojo.cli", "detector"]
        environment = small.environment(paths.root(), **more)
        done = subprocess.run(line, capture_output=True, env=environment, check=True)
        return done.stdout

    root = small.make(tmp_path / "course", git=False)
    for encoding in ("utf-8", "ascii"):
        more = {
            "KATAS_ROOT": str(root),
            "PYTHONIOENCODING": encoding,
            "PYTHONUTF8": "0",
        }
        text = run(**more, NO_COLOR="1").decode(encoding)
        assert max(map(len, text.splitlines())) <= 80
        assert "\x1b" not in text
        assert "attention pooling" in text
        assert ("┌" in text) == (encoding == "utf-8")


@pytest.mark.parametrize("day", index.days(), ids=lambda day: day.name)
def test_the_work_of_every_day_has_its_place_in_the_detector(day):
    (label, title), *rest = detector_command.todays(day)
    assert (label, title) == ("today", f"day {day.number:02d}, {day.title}")
    assert rest
    assert all(len(text) <= 68 for _, text in rest)


def test_a_file_that_cannot_be_read_is_a_blank(workspace):
    file = workspace / "katas/day01/doubling.py"
    file.unlink()
    file.mkdir()
    assert owners(kata(workspace, "detector"))["double"] == "blank"


def test_the_picture_needs_neither_tensorflow_nor_numpy():
    code = (
        "import sys; from katas.dojo.workspace import detector_command;"
        " print([n for n in ('tensorflow', 'keras', 'numpy') if n in sys.modules])"
    )
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_svg_is_well_formed():
    from xml.etree import ElementTree

    row = [Part("a & b", "yours", 1), Part("c", "given")]
    tree = ElementTree.fromstring(svg(row, row[:1]))
    texts = [node.text for node in tree.iter() if node.tag.endswith("text")]
    assert texts.count("a & b") == 2
    assert "yours, day 01" in texts
