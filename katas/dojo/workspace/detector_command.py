"""`kata detector`: the detector's parts in the order of the data, and whose each is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from katas.detector.pipeline import boxes
from katas.detector.pipeline.boxes import Box
from katas.dojo.course import index, standing
from katas.dojo.course.index import Day
from katas.dojo.notebook import diagram
from katas.dojo.notebook.diagram import BLANK, GIVEN, REFERENCE, YOURS, Part
from katas.dojo.store import paths
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_line, print_pairs, print_text

INNER = 20  # columns inside a box
STYLES = {YOURS: "green", REFERENCE: "cyan", BLANK: "dim", GIVEN: "dim"}
LEGEND = (
    (YOURS, "the day is green: the detector runs your code"),
    (REFERENCE, "adopted, or not green yet: the detector runs the reference"),
    (BLANK, "not filled in: until it is green, the reference runs"),
)
UNICODE, ASCII = "│┌─┐├┤└┘▾▸", "|+-+++++v>"  # side, corners and joints, arrow, today


def show() -> None:
    """Print the picture, and write it to notes/pictures/detector.svg."""
    today = standing.today() if index.built_days() else None
    print_text(Text("The fall detector, in the order of the data", style="bold"))
    print_text()
    for text in drawn(boxes.PATH, today, arrows=True):
        print_line(text)
    print_text(Text("What trains and measures it", style="bold"))
    for text in drawn(boxes.BESIDE, today, arrows=False):
        print_line(text)
    print_text()
    print_pairs([*LEGEND, *todays(today), ("picture", shown(write()))])


def write() -> Path:
    """Write the picture into the notes; return its path."""
    file = paths.root() / "notes" / "pictures" / "detector.svg"
    write_atomic(file, diagram.svg(parts(boxes.PATH), parts(boxes.BESIDE)))
    return file


def parts(row: Sequence[Box]) -> list[Part]:
    """The boxes with whose each is."""
    return [Part(box.name, owner(box), box.day) for box in row]


def owner(box: Box) -> str:
    """Whose the code of a box is, by the day that brings it."""
    if box.day is None:
        return GIVEN
    day = find(box.day)
    if day is None or not day.built:
        return BLANK
    if standing.is_green(day):
        return REFERENCE if standing.is_adopted(day) else YOURS
    return BLANK if is_blank(day) else REFERENCE


def find(number: int) -> Day | None:
    """The day of that number, where the course has one."""
    return next((day for day in index.days() if day.number == number), None)


def is_blank(day: Day) -> bool:
    """True where a function of the day is still blank."""
    try:
        text = day.file.read_text("utf-8", "replace")
    except OSError:  # no file, or none that can be read: nothing is filled in
        return True
    return f'"day {day.number:02d}: ' in text and "NotImplementedError" in text


def drawn(row: Sequence[Box], today: Day | None, arrows: bool) -> list[Text]:
    """The boxes as lines of text, one under the other."""
    side, *_ = mark = marks()
    bar = mark[2] * INNER
    joint = bar[: INNER // 2] + mark[8] + bar[INNER // 2 + 1 :] if arrows else bar
    lines = [Text(f"  {mark[1]}{bar}{mark[3]}")]
    for box in row:
        here = today is not None and today.number in (box.day, *box.ideas)
        whose = owner(box)
        line = Text(f"{mark[9] if here else ' '} {side} ")
        line.append(f"{box.name:<{INNER - 2}}", "bold" if here else "")
        line.append(f" {side}  ")
        line.append(f"{whose:<11}", STYLES[whose])
        line.append(f"day {box.day:02d}  kata today {box.day:<4}" if box.day else "")
        line.append(remark(box)).rstrip()
        lines += [line, Text(f"  {mark[4]}{joint}{mark[5]}")]
    lines[-1] = Text(f"  {mark[6]}{bar}{mark[7]}")
    return lines


def remark(box: Box) -> str:
    """The end of a box's line: its remark, or the days whose ideas it uses."""
    if not box.ideas:
        return box.remark
    first, *others = [f"{number:02d}" for number in box.ideas]
    if len(others) > 1:
        return f"ideas: {first} ... {others[-1]}"
    return f"ideas: {', '.join([first, *others])}"


def marks() -> str:
    """The characters of the frames that this terminal's encoding can write."""
    try:
        UNICODE.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def todays(today: Day | None) -> list[tuple[str, str]]:
    """What today's work is for, as pairs of label and text."""
    if today is None:
        return []
    row = (*boxes.PATH, *boxes.BESIDE)
    brings = [box.name for box in row if box.day == today.number]
    serves = [box.name for box in row if today.number in box.ideas]
    pairs = [("today", f"day {today.number:02d}, {today.title}")]
    pairs += [("brings", ", ".join(brings))] if brings else []
    return pairs + ([("idea for", ", ".join(serves))] if serves else [])
