"""Choose whose code `import katas.dayNN.<topic>` returns: one set of tests, many targets.

katas        what the learner wrote (the default)
solutions    the reference
green        the learner's file of each day that is green, else the reference
stubs        the stubs as derived, whatever the learner has filled in
day07:3      the reference with misconception 3 of day 07 edited in
day07=FILE   the reference with the definitions of FILE put over those of day 07
"""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import re
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

from katas.dojo.course import index, misconceptions, standing, stubs
from katas.dojo.course.index import Day
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

# (day, "quiz" or the topic) -> (the file, its text where it is not as on disk)
Reader = Callable[[Day, str], tuple[Path, str | None]]
MODULE = re.compile(r"katas\.(day\d\d)\.(\w+)")


class LearnerStopped(ImportError):
    """The module under test ended the interpreter while it was imported."""


class Finder(importlib.abc.MetaPathFinder):
    """Find `katas.dayNN.<topic or quiz>` in the target's source."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.source = _reader(target)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        found = MODULE.fullmatch(fullname)
        if not found:
            return None
        try:
            day = index.day(found[1])
        except CourseError:
            return None
        if found[2] not in (day.topic, "quiz"):
            return None
        file, text = self.source(day, found[2])
        if text is None and not file.exists():
            return None
        return importlib.util.spec_from_file_location(
            fullname, file, loader=Loader(fullname, str(file), text)
        )


class Loader(importlib.machinery.SourceFileLoader):
    """Compile from text in memory where the target is not a file as it stands."""

    def __init__(self, name: str, path: str, text: str | None) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        # Always from source: a save within one second must not meet old bytecode.
        data = self.get_data(self.path) if self.text is None else self.text
        # tf.function and tf.data read a function's source again, by its file's name.
        linecache.cache.pop(self.path, None)
        if self.text is not None:
            lines = self.text.splitlines(keepends=True)
            linecache.cache[self.path] = (len(self.text), None, lines, self.path)
        return compile(data, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        if self.text is not None:
            # By this name TensorFlow would read the unedited file into its graphs.
            module.__file__ = f"{self.path} as edited"
        try:
            super().exec_module(module)
        except SystemExit as stop:
            raise LearnerStopped(
                f"the file calls exit({stop.code}) on import"
            ) from stop


def _reader(target: str) -> Reader:
    """The function that finds the source of a day's module for a target."""

    def path(day: Day, module: str, folder: str = "solutions") -> Path:
        return paths.root() / folder / day.name / f"{module}.py"

    if target in ("katas", "solutions"):
        return lambda day, module: (path(day, module, target), None)
    if target == "green":
        green = {day for day in index.built_days() if standing.is_green(day)}
        return lambda day, module: (
            path(day, module, "katas" if day in green else "solutions"),
            None,
        )
    if target == "stubs":

        def stub(day: Day, module: str) -> tuple[Path, str]:
            derived = stubs.quiz_text if module == "quiz" else stubs.stub_text
            return path(day, module, "katas"), derived(day)

        return stub
    found = re.fullmatch(r"(day\d\d)(?::(\d+)|=(.+))", target)
    if not found:
        raise CourseError(
            f"Expected katas, solutions, green, stubs, dayNN:K or dayNN=FILE, got"
            f" {target!r}:"
            " --against solutions"
        )
    chosen, number, file = index.day(found[1]), found[2], found[3]

    def changed(day: Day, module: str) -> tuple[Path, str | None]:
        where = path(day, module)
        if day != chosen or module != day.topic:
            return where, None
        source = where.read_text("utf-8")
        if file:
            return where, f"{source}\n\n{Path(file).read_text('utf-8')}"
        known = misconceptions.load(day)
        if not 1 <= int(number) <= len(known):
            raise CourseError(
                f"{day.name} has misconceptions 1 to {len(known)}, got {number}:"
                f" --against {day.name}:1"
            )
        return where, known[int(number) - 1].edit(source)

    return changed


def install(target: str) -> Finder:
    """Put the target's finder first, and drop modules imported from another target."""
    remove()
    finder = Finder(target)
    sys.meta_path.insert(0, finder)
    return finder


def remove() -> None:
    """Take every finder of a target away."""
    sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, Finder)]
    forget()


def forget() -> None:
    """Drop every imported module of a day, so that the next import reads it anew."""
    for name in [n for n in sys.modules if re.match(r"katas\.day\d\d", n)]:
        del sys.modules[name]
