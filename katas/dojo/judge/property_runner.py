"""Run the learner's properties on correct code, on broken copies and on stand-ins.

    python -m katas.dojo.judge.property_runner JOB RESULTS

properties.py writes the job and reads the results, one JSON object a line. Nothing
here imports TensorFlow: the properties import what they need.
"""

import ast
import functools
import json
import linecache
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from katas.dojo.judge import profiles
from katas.dojo.store.errors import message_of

ROUNDS = 5  # on the correct code, each with other draws
PLAIN_ROUNDS = 20  # where hypothesis draws nothing, so that a round is one example
REPEATS = 5  # of a failure with the same draws: a deterministic test fails alike

Function = Callable[..., Any]
Change = Callable[[Function], Function]  # what to put in a function's place


@dataclass(frozen=True)
class Job:
    """The learner's file, and the versions of the code under test to run it on."""

    path: str
    source: str
    module: str  # the name by which the file imports the code under test
    correct: str
    broken: dict[str, str]  # {what is wrong: source}


@dataclass(frozen=True)
class Property:
    """One of the learner's tests and its results."""

    name: str
    line: int
    status: Literal["blank", "fails", "flaky", "vacuous", "holds"]
    message: str = ""  # of its failure, or of the error in it
    failed_line: int = 0  # the line of the learner's file that failed
    calls: tuple[str, ...] = ()  # the functions under test that it called
    catches: tuple[str, ...] = ()  # the broken copies on which it fails


@dataclass(frozen=True)
class Attempt:
    """One run of a property on one version of the code under test."""

    kind: Literal["passes", "fails", "crashes", "flaky", "blank"]
    message: str = ""
    line: int = 0

    def same_as(self, other: "Attempt") -> bool:
        """True where both ended alike; addresses in memory may differ."""

        def key(attempt: Attempt) -> tuple[str, str]:
            return attempt.kind, re.sub("0x[0-9a-f]+", "", attempt.message)

        return key(self) == key(other)


class Runner:
    """One job: every property on every version, with a line before each attempt."""

    def __init__(self, job: Job, write: Callable[..., None]) -> None:
        self.job, self.write = job, write
        lines = job.source.splitlines(keepends=True)
        linecache.cache[job.path] = (len(job.source), None, lines, job.path)

    def run(self) -> None:
        """Write the result of each property."""
        properties = self.on_correct_code()
        set_profile(shrink=False)
        properties = self.on_broken_copies(properties)
        for each in self.on_stand_ins(properties):
            self.write(property=asdict(each))
        self.write(done=True)

    def load(self, text: str, change: Change | None = None) -> dict[str, Function]:
        """{name: property} of the learner's file, read anew with this code under test."""
        module = types.ModuleType(self.job.module)
        exec(compile(text, "under_test.py", "exec"), module.__dict__)
        own = [k for k, v in vars(module).items() if isinstance(v, types.FunctionType)]
        if change:
            for name in own:
                setattr(module, name, change(getattr(module, name)))
        sys.modules[self.job.module] = module
        file = types.ModuleType("properties")
        file.__file__ = self.job.path
        sys.modules["properties"] = file
        code = compile(self.job.source, self.job.path, "exec", dont_inherit=True)
        exec(code, file.__dict__)
        return {k: v for k, v in vars(file).items() if _is_property(k, v)}

    def on_correct_code(self) -> list[Property]:
        """Each property with its status on the correct code, and what it calls there."""
        called: set[str] = set()
        results = []
        for name, function in self.load(self.job.correct, _recorder(called)).items():
            called.clear()
            result = self._repeatedly(name, function)
            results.append(replace(result, calls=tuple(sorted(called))))
        return results

    def _repeatedly(self, name: str, function: Any) -> Property:
        """A property run several times on the correct code."""
        drawn = getattr(function, "is_hypothesis_test", False)
        attempts: list[Attempt] = []
        for k in range(ROUNDS if drawn else PLAIN_ROUNDS):
            if drawn:
                function._hypothesis_internal_use_seed = k
            attempts.append(self.attempt({name: function}, name, "the right code"))
            last = attempts[-1]
            if last.kind in ("blank", "flaky"):
                break
            if drawn and last.kind != "passes":
                repeats = (
                    self.attempt({name: function}, name, "the right code")
                    for _ in range(REPEATS)
                )
                if not all(repeat.same_as(last) for repeat in repeats):
                    attempts.append(replace(last, kind="flaky"))
                break
        line = _inner(function).__code__.co_firstlineno
        return _summary(name, line, attempts, drawn)

    def on_broken_copies(self, properties: list[Property]) -> list[Property]:
        """The properties, with the broken copies that each one catches."""
        catches: dict[str, list[str]] = {each.name: [] for each in properties}
        for claim, text in self.job.broken.items():
            changed = _changed_functions(self.job.correct, text)
            suspects = [
                each.name
                for each in properties
                if each.status == "holds" and changed & {*each.calls}
            ]
            functions = self.load(text) if suspects else {}
            for name in suspects:
                if self.attempt(functions, name, claim).kind != "passes":
                    catches[name].append(claim)
        return [replace(each, catches=tuple(catches[each.name])) for each in properties]

    def on_stand_ins(self, properties: list[Property]) -> Iterator[Property]:
        """The properties; vacuous is one that passes even on nonsense."""
        idle = [p.name for p in properties if p.status == "holds" and not p.catches]
        for kind, change in STAND_INS.items():
            functions = self.load(self.job.correct, change) if idle else {}
            for name in list(idle):
                if self.attempt(functions, name, kind).kind == "fails":
                    idle.remove(name)
        for each in properties:
            if each.name in idle:
                message = "noise, another shape, nothing at all."
                if not each.calls:
                    message = "it never calls the code under test."
                each = replace(each, status="vacuous", message=message)
            yield each

    def attempt(self, functions: dict[str, Function], name: str, on: str) -> Attempt:
        """Run a property once; `on` names the version of the code under test."""
        self.write(now=name, on=on)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                functions[name]()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return _failed_attempt(error, self.job.path)
        return Attempt("passes")


def _summary(name: str, line: int, attempts: list[Attempt], drawn: bool) -> Property:
    """What several attempts on the correct code show about a property."""
    kinds = [attempt.kind for attempt in attempts]
    passed = kinds.count("passes")
    if passed == len(kinds):
        return Property(name, line, "holds")
    last = attempts[-1]
    if last.kind == "blank":
        return Property(name, line, "blank", last.message)
    if last.kind == "flaky":  # hypothesis tried the same input again
        message = "it failed, and with the same draws it did not, or not so"
        return Property(name, line, "flaky", message, last.line)
    first = next(attempt for attempt in attempts if attempt.kind != "passes")
    if passed and not drawn:
        message = f"{passed} of {len(kinds)} runs passed; else: {first.message}"
        return Property(name, line, "flaky", message, first.line)
    return Property(name, line, "fails", first.message, first.line)


def _is_property(name: str, value: object) -> bool:
    return name.startswith("test_") and isinstance(value, types.FunctionType)


def _inner(function: Any) -> Any:
    return getattr(getattr(function, "hypothesis", None), "inner_test", function)


def _failed_attempt(error: BaseException, path: str) -> Attempt:
    """The Attempt that an error ended."""
    from hypothesis.errors import Flaky

    text = message_of(error).strip()
    if isinstance(error, NotImplementedError) and re.match(r"day \d+:", text):
        return Attempt("blank", text)
    line = _line(error, path)
    message = " ".join(part.strip() for part in text.splitlines()[:3])
    message = message or linecache.getline(path, line).strip()
    if not isinstance(error, AssertionError):
        message = f"{type(error).__name__}: {message}"
    message = f"{message}{_example(error)}"[:400]
    if isinstance(error, Flaky):
        return Attempt("flaky", message, line)
    failed = isinstance(error, AssertionError) or type(error).__name__ == "Failed"
    return Attempt("fails" if failed else "crashes", message, line)


def _line(error: BaseException, path: str) -> int:
    """The innermost line of the learner's file in a traceback; 0 where there is none."""
    trace, line = error.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _example(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):
        if note.startswith(("Falsifying example", "Failing test case")):
            inside = note.split("(", 1)[-1].rstrip().rstrip(")")
            return f"\n  with {' '.join(inside.split()).rstrip(', ')}"
    return ""


def _changed_functions(correct: str, text: str) -> set[str]:
    """The names of the functions that differ between two sources."""

    def functions(source: str) -> dict[str, str]:
        nodes = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
        return {node.name: ast.dump(node) for node in nodes}

    before, after = functions(correct), functions(text)
    return {name for name in after if before.get(name) != after[name]}


def _recorder(called: set[str]) -> Change:
    """A change that records the name of each function that is called."""

    def change(function: Function) -> Function:
        @functools.wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            called.add(function.__name__)
            return function(*args, **kwargs)

        return recorded

    return change


def _noise(value: Any, random: np.random.Generator, other_shape: bool) -> Any:
    """Random numbers in a container of the same type as the value."""
    if isinstance(value, (tuple, list)):
        return type(value)(_noise(part, random, other_shape) for part in value)
    if isinstance(value, dict):
        return {key: _noise(part, random, other_shape) for key, part in value.items()}
    if isinstance(value, types.GeneratorType):
        return (_noise(part, random, other_shape) for part in value)
    array = np.asarray(value)
    if other_shape:
        array = np.resize(
            array, (len(array) + 2, *array.shape[1:]) if array.ndim else 3
        )
    drawn = random.normal(0, 1000, array.shape).astype(array.dtype)
    return drawn if isinstance(value, np.ndarray) or other_shape else drawn.item()


def _returning_noise(other_shape: bool) -> Change:
    random = np.random.default_rng(0)

    def change(function: Function) -> Function:
        return functools.wraps(function)(
            lambda *args, **kwargs: _noise(
                function(*args, **kwargs), random, other_shape
            )
        )

    return change


STAND_INS: dict[str, Change] = {
    "noise": _returning_noise(other_shape=False),
    "noise of another shape": _returning_noise(other_shape=True),
    "nothing": lambda function: lambda *args, **kwargs: None,
}


def set_profile(shrink: bool) -> None:
    """The same draws at each save; the smallest example only where it is shown."""
    from hypothesis import Phase, settings

    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])]
    profiles.register("properties", phases=phases)
    settings.load_profile("properties")


def main(job: str, results: str) -> None:
    """Read the job, run it, write the results."""
    with open(results, "w", encoding="utf-8") as file:

        def write(**record: Any) -> None:
            file.write(json.dumps(record) + "\n")
            file.flush()

        set_profile(shrink=True)
        Runner(Job(**json.loads(Path(job).read_text("utf-8"))), write).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
