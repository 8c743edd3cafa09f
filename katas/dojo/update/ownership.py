"""Which files are the learner's: two per day and the notes. All others are the course's."""

import tomllib
from collections.abc import Callable, Mapping


class Course:
    """The days of one version of the course, read from the text of its index."""

    def __init__(self, index: str) -> None:
        phases = tomllib.loads(index).get("phase", [])
        days = [day for phase in phases for day in phase.get("day", [])]
        self.topics: dict[int, str] = {day["number"]: day["topic"] for day in days}
        self.numbers = {topic: number for number, topic in self.topics.items()}

    def files(self, number: int) -> tuple[str, str]:
        """(topic file, quiz) of a day, as paths in the checkout."""
        name = f"day{number:02d}"
        topic = f"katas/{name}/{self.topics[number]}.py"
        return topic, f"katas/{name}/quiz.py"

    def owned(self) -> set[str]:
        """The paths of all days' files."""
        return {path for number in self.topics for path in self.files(number)}


def renamed(
    before: Course, after: Course, similar: Callable[[int, int], bool]
) -> dict[int, int]:
    """{old number: new number} of days whose topic file has another path now.

    Args
        before, after  two versions
        similar        function (old number, new number) -> True when the two
                       solutions are the same under another name
    """
    moved = {}
    fresh = [n for topic, n in after.numbers.items() if topic not in before.numbers]
    for topic, number in before.numbers.items():
        if after.topics.get(number) == topic:
            continue
        if topic in after.numbers:
            moved[number] = after.numbers[topic]
            continue
        for other in sorted(fresh, key=lambda n: abs(n - number)):
            if similar(number, other):
                moved[number] = other
                fresh.remove(other)
                break
    return moved


def destinations(
    before: Course, after: Course, moved: Mapping[int, int]
) -> dict[str, str]:
    """{old path: new path} of everything the learner owns in the days that moved."""
    paths = {}
    for old, new in moved.items():
        paths |= dict(zip(before.files(old), after.files(new), strict=True))
        for pattern in ("notes/day{:02d}.md", "notes/pictures/day{:02d}.png"):
            paths[pattern.format(old)] = pattern.format(new)
    return {old: new for old, new in paths.items() if old != new}


def owned_in(*versions: Course) -> Callable[[str], bool]:
    """A function path -> True where any of these versions gives it to the learner."""
    owned = {path for version in versions for path in version.owned()}
    return lambda path: path in owned or path.startswith("notes/")
