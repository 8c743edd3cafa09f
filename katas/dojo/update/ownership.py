"""Whose a file is: the learner's desk files and notes, everything else the course's."""

import tomllib


class Course:
    """The days of one version of the course, read from the text of its index."""

    def __init__(self, index):
        phases = tomllib.loads(index).get("phase", [])
        days = [day for phase in phases for day in phase.get("day", [])]
        self.topics = {day["number"]: day["topic"] for day in days}
        self.numbers = {topic: number for number, topic in self.topics.items()}

    def files(self, number):
        """(topic file, quiz) of a day, as paths in the checkout."""
        name = f"day{number:02d}"
        topic = f"katas/{name}/{self.topics[number]}.py"
        return topic, f"katas/{name}/quiz.py"

    def owned(self):
        return {path for number in self.topics for path in self.files(number)}


def renamed(before, after, alike):
    """{old number: new number} of days whose topic file has another path now.

    Args
        before, after  two versions as Course
        alike          function (old number, new number) -> True when the two
                       solutions are one, under another name
    """
    found = {}
    fresh = [n for topic, n in after.numbers.items() if topic not in before.numbers]
    for topic, number in before.numbers.items():
        if after.topics.get(number) == topic:
            continue
        if topic in after.numbers:
            found[number] = after.numbers[topic]
            continue
        for other in sorted(fresh, key=lambda n: abs(n - number)):
            if alike(number, other):
                found[number] = other
                fresh.remove(other)
                break
    return found


def destinations(before, after, moved):
    """{old path: new path} of everything the learner owns in the days that moved."""
    paths = {}
    for old, new in moved.items():
        paths |= dict(zip(before.files(old), after.files(new), strict=True))
        for form in ("notes/day{:02d}.md", "notes/pictures/day{:02d}.png"):
            paths[form.format(old)] = form.format(new)
    return {old: new for old, new in paths.items() if old != new}


def judge(*versions):
    """A function path -> True where any of these versions gives it to the learner."""
    mine = set().union(*(version.owned() for version in versions))
    return lambda path: path in mine or path.startswith("notes/")
