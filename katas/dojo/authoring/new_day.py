"""`kata new-day`: begin a day from a small one that runs.

The files come from `skeleton/`. They hold a whole, tiny day, so that an author starts
with a green solution, a blank stub and a misconception that is caught, and replaces them.
"""

import json
import keyword
import re
import string
from pathlib import Path

from katas.dojo.course import index, stubs
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_pairs, print_text

SKELETON = Path(__file__).with_name("skeleton")
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


def begin(topic, title=None):
    """Write the files of a day and its entry in the index, marked as a draft.

    A topic that the index lists already keeps its number; another one comes last.

    Raises
        CourseError  when the topic is no module name, or the day has files already
    """
    if not topic.isidentifier() or keyword.iskeyword(topic) or topic != topic.lower():
        raise CourseError(
            f"Expected a topic that can name a module, got {topic!r}:"
            ' kata new-day padding "Padding and masks"'
        )
    if topic in ("quiz", "picture"):
        raise CourseError(f"A day has a file {topic}.py of its own: another topic")
    listed = next((day for day in index.days() if day.topic == topic), None)
    if listed is None and not title:
        raise CourseError(f'Expected a title: kata new-day {topic} "A title"')
    day = listed or _following(topic, title)
    files = _files(day)
    if there := [path for path in files if (paths.root() / path).exists()]:
        raise CourseError(f"Day {day.number:02d} has files already: {there[0]}")
    write_atomic(index.file(), _drafted(day) if listed else _appended(day))
    for path, text in files.items():
        write_atomic(paths.root() / path, text)
    for path, text in stubs.derived(day).items():
        write_atomic(path, text)
    print_text(f"Day {day.number:02d} is begun, as a draft: no learner sees it yet.")
    number, name = day.number, day.name
    print_pairs(
        [
            ("write", shown(day.solution)),
            ("derive", f"python -m katas.dojo.authoring stubs {number}"),
            ("try", f"pytest katas/{name} --against solutions"),
            ("", f"pytest katas/{name} --against stubs"),
            ("", f"pytest katas/{name} --against {name}:1"),
            ("offer", f"take `draft = true` out of {shown(index.file())}"),
            ("prove", f"pytest tests/test_days.py -k {name}"),
            ("map", "python -m katas.dojo.authoring map"),
        ]
    )


def _following(topic, title):
    last = index.days()[-1]
    return index.Day(last.number + 1, topic, title, 32, last.phase, draft=True)


def _files(day):
    """{path: text} of a day as the skeleton has it."""
    number = f"{day.number:02d}"
    words = dict(name=day.name, topic=day.topic, title=day.title, number=number)
    found = {}
    for name, place in PLACES.items():
        text = (SKELETON / f"{name}.txt").read_text("utf-8")
        path = string.Template(place).substitute(words)
        found[path] = string.Template(text).substitute(words)
    return found


def _appended(day):
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


def _drafted(day):
    """The index with the day's entry marked as a draft."""
    text = index.file().read_text("utf-8")
    if day.draft:
        return text
    line = rf'^(topic\s*=\s*"{day.topic}".*)$'
    return re.sub(line, r"draft = true\n\1", text, count=1, flags=re.M)
