"""`kata new-day`: begin a day from a small one that runs.

The files come from `skeleton/`, a complete tiny day: an author starts with a green
solution, a blank stub and misconceptions that are caught, and replaces them.
"""

import json
import keyword
import re
import string
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.course.index import Day
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_pairs, print_text

SKELETON = Path(__file__).with_name("skeleton")
MINUTES = 32  # of a new day, until it is measured
PLACES = {
    "topic.py": "solutions/$name/$topic.py",
    "quiz.py": "solutions/$name/quiz.py",
    "README.md": "katas/$name/README.md",
    "test_topic.py": "katas/$name/test_$topic.py",
    "test_quiz.py": "katas/$name/test_quiz.py",
    "picture.py": "katas/$name/picture.py",
    "misconceptions.toml": "katas/misconceptions/$name.toml",
    "loops.py": "tests/variants/$name/loops.py",
    "matrix.py": "tests/variants/$name/matrix.py",
}


def begin(topic: str, title: str | None = None) -> None:
    """Write the files of a day and its entry in the index, marked as a draft.

    A topic that the index lists already keeps its number; another one comes last.

    Raises
        CourseError  when the topic is no module name, or the day has files already
    """
    _refuse_name(topic)
    listed = next((day for day in index.days() if day.topic == topic), None)
    day = listed or _following(topic, title)
    texts = _texts(day)
    if existing := [path for path in texts if (paths.root() / path).exists()]:
        raise CourseError(f"Day {day.number:02d} has files already: {existing[0]}")
    write_atomic(index.file(), _drafted(day) if listed else _appended(day))
    for path, text in texts.items():
        write_atomic(paths.root() / path, text)
    for file, text in stubs.derived(day).items():
        write_atomic(file, text)
    print_text(f"Day {day.number:02d} is begun, as a draft: no learner sees it yet.")
    print_pairs(_steps(day))


def _refuse_name(topic: str) -> None:
    """Raise a CourseError for a topic that cannot name a module of its own."""
    if not topic.isidentifier() or keyword.iskeyword(topic) or topic != topic.lower():
        raise CourseError(
            f"Expected a topic that can name a module, got {topic!r}:"
            ' kata new-day padding "Padding and masks"'
        )
    if topic in ("quiz", "picture"):
        raise CourseError(f"Every day has a file {topic}.py: choose another topic")


def _following(topic: str, title: str | None) -> Day:
    """A day after the last one of the index."""
    if not title:
        raise CourseError(f'Expected a title: kata new-day {topic} "A title"')
    last = index.days()[-1]
    return Day(last.number + 1, topic, title, MINUTES, last.phase, draft=True)


def _steps(day: Day) -> list[tuple[str, str]]:
    """(label, command) of what an author does next."""
    name = day.name
    return [
        ("write", shown(day.solution)),
        ("derive", f"python -m katas.dojo.authoring stubs {day.number}"),
        ("try", f"pytest katas/{name} --against solutions"),
        ("", f"pytest katas/{name} --against stubs"),
        ("", f"pytest katas/{name} --against {name}:1"),
        ("offer", f"take `draft = true` out of {shown(index.file())}"),
        ("list", "python -m katas.dojo.authoring tests"),
        ("prove", f"pytest tests/test_days.py -k {name}"),
        ("map", "python -m katas.dojo.authoring map"),
    ]


def _texts(day: Day) -> dict[str, str]:
    """{path: text} of a day's files, from the skeleton."""
    number = f"{day.number:02d}"
    values = dict(name=day.name, topic=day.topic, title=day.title, number=number)
    texts = {}
    for name, place in PLACES.items():
        text = (SKELETON / f"{name}.txt").read_text("utf-8")
        path = string.Template(place).substitute(values)
        texts[path] = string.Template(text).substitute(values)
    return texts


def _appended(day: Day) -> str:
    """The index with an entry at its end."""
    entry = [
        "",
        "[[phase.day]]",
        f"number = {day.number}",
        "draft = true",
        f'topic = "{day.topic}"',
        f"title = {json.dumps(day.title, ensure_ascii=False)}",
        f"minutes = {day.minutes}",
        "",
    ]
    return index.file().read_text("utf-8").rstrip("\n") + "\n" + "\n".join(entry)


def _drafted(day: Day) -> str:
    """The index with the day's entry marked as a draft."""
    text = index.file().read_text("utf-8")
    if day.draft:
        return text
    line = rf'^(topic\s*=\s*"{day.topic}".*)$'
    return re.sub(line, r"draft = true\n\1", text, count=1, flags=re.M)
