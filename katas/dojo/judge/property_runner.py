"""Try the learner's laws on the right code, on broken copies and on stand-ins.

    python -m katas.dojo.judge.property_runner JOB RESULTS

specify.py writes the job and reads the results, one JSON object a line. Nothing here
imports TensorFlow: the laws import what they need.
"""

import ast
import functools
import json
import linecache
import re
import sys
import types
import warnings
from pathlib import Path

import numpy as np

from katas.dojo.judge import profiles

ROUNDS = 5  # on the right code, each with other draws
PLAIN_ROUNDS = 20  # where hypothesis draws nothing, so that a round is one example
AGAIN = 5  # where it failed, with the same draws: what is steady says the same


class Trial:
    """One job: the laws' source, the code under test, what is told of each law."""

    def __init__(self, job, tell):
        self.job, self.tell = job, tell
        lines = job["source"].splitlines(keepends=True)
        linecache.cache[job["path"]] = (len(job["source"]), None, lines, job["path"])
        self.changed = {
            claim: _changed(job["right"], text) for claim, text in job["broken"].items()
        }

    def run(self):
        """Tell what comes of each law: on the right code first, then on the rest."""
        called = set()
        laws = self.laws(self.job["right"], _recorder(called))
        found = []
        for name, law in laws.items():
            called.clear()
            found.append(self.on_the_right_code(name, law))
            found[-1]["calls"] = sorted(called)
        sound = [facts for facts in found if facts["status"] == "holds"]
        for facts in sound:
            facts["catches"] = []
        _profile(shrink=False)
        for claim, text in self.job["broken"].items():
            suspects = [f for f in sound if self.changed[claim] & {*f["calls"]}]
            laws = self.laws(text) if suspects else {}
            for facts in suspects:
                if self.once(laws, facts["law"], claim)[0] != "passes":
                    facts["catches"].append(claim)
        idle = [facts for facts in sound if not facts["catches"]]
        for kind, change in STAND_INS.items():
            laws = self.laws(self.job["right"], change) if idle else {}
            for facts in list(idle):
                if self.once(laws, facts["law"], kind)[0] == "objects":
                    idle.remove(facts)
        for facts in idle:
            facts["status"] = "idle"
            facts["said"] = "noise, another shape, nothing at all."
            if not facts["calls"]:
                facts["said"] = "it never calls the code under test."
        for facts in found:
            self.tell(**facts)
        self.tell(done=True)

    def laws(self, text, change=None):
        """{name: law} of the learner's file, read anew with this code under test."""
        module = types.ModuleType(self.job["module"])
        exec(compile(text, "under_test.py", "exec"), module.__dict__)
        own = [k for k, v in vars(module).items() if isinstance(v, types.FunctionType)]
        for name in own if change else ():
            setattr(module, name, change(getattr(module, name)))
        sys.modules[self.job["module"]] = module
        file = types.ModuleType("laws")
        file.__file__ = self.job["path"]
        sys.modules["laws"] = file
        code = compile(self.job["source"], self.job["path"], "exec", dont_inherit=True)
        exec(code, file.__dict__)
        return {k: v for k, v in vars(file).items() if _is_law(k, v)}

    def on_the_right_code(self, name, law):
        """The facts of a law: its status, and what it says where it does not hold."""
        drawn = getattr(law, "is_hypothesis_test", False)
        outcomes = []
        for k in range(ROUNDS if drawn else PLAIN_ROUNDS):
            if drawn:
                law._hypothesis_internal_use_seed = k
            outcomes.append(self.once({name: law}, name, "the right code"))
            if outcomes[-1][0] in ("blank", "flaky"):
                break
            if drawn and outcomes[-1][0] != "passes":
                again = (
                    self.once({name: law}, name, "the right code") for _ in range(AGAIN)
                )
                if any(_key(outcome) != _key(outcomes[-1]) for outcome in again):
                    outcomes.append(("flaky", outcomes[-1][1]))
                break
        kinds = [kind for kind, _ in outcomes]
        facts = {"law": name, "line": _inner(law).__code__.co_firstlineno}
        if "blank" in kinds:
            return {**facts, "status": "blank", **outcomes[-1][1]}
        passed = kinds.count("passes")
        if passed == len(kinds):
            return {**facts, "status": "holds"}
        first = next(told for kind, told in outcomes if kind != "passes")
        if "flaky" in kinds:  # hypothesis tried the same input again
            said = "it failed, and with the same draws it did not, or not so"
            return {**facts, "status": "flaky", **outcomes[-1][1], "said": said}
        if passed and not drawn:
            said = f"{passed} of {len(kinds)} runs passed; else: {first['said']}"
            return {**facts, "status": "flaky", **first, "said": said}
        return {**facts, "status": "fails", **first}

    def once(self, laws, name, on):
        """(kind, what it said) of one run of a law; see _told."""
        self.tell(now=name, on=on)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                laws[name]()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return _told(error, self.job["path"])
        return "passes", {}


def _key(outcome):
    """What two runs with the same draws agree in; addresses in memory may differ."""
    kind, facts = outcome
    return kind, re.sub("0x[0-9a-f]+", "", facts.get("said", ""))


def _is_law(name, value):
    return name.startswith("test_") and isinstance(value, types.FunctionType)


def _inner(law):
    return getattr(getattr(law, "hypothesis", None), "inner_test", law)


def _told(error, path):
    """The kind of an error (blank, flaky, objects, crashes) and what to show of it."""
    from hypothesis.errors import Flaky

    kind, said = "crashes", str(error).strip()
    if isinstance(error, NotImplementedError) and re.match(r"day \d+:", said):
        return "blank", {"said": said}
    if isinstance(error, Flaky):
        kind = "flaky"
    elif isinstance(error, AssertionError) or type(error).__name__ == "Failed":
        kind = "objects"
    line = _line(error, path)
    said = " ".join(part.strip() for part in said.splitlines()[:3])
    said = said or linecache.getline(path, line).strip()
    if not isinstance(error, AssertionError):
        said = f"{type(error).__name__}: {said}"
    return kind, {"said": f"{said}{_example(error)}"[:400], "at": line}


def _line(error, path):
    """The innermost line of the learner's file in a traceback; 0 where there is none."""
    trace, line = error.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _example(error):
    for note in getattr(error, "__notes__", ()):
        if note.startswith(("Falsifying example", "Failing test case")):
            inside = note.split("(", 1)[-1].rstrip().rstrip(")")
            return f"\n  with {' '.join(inside.split()).rstrip(', ')}"
    return ""


def _changed(right, text):
    """The names of the functions that differ between two sources."""

    def functions(source):
        nodes = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
        return {node.name: ast.dump(node) for node in nodes}

    left, other = functions(right), functions(text)
    return {name for name in other if left.get(name) != other[name]}


def _recorder(called):
    """A change that notes each call."""

    def change(function):
        @functools.wraps(function)
        def noted(*args, **given):
            called.add(function.__name__)
            return function(*args, **given)

        return noted

    return change


def _noise(value, random, odd):
    """A value of the same kind that has nothing to do with it; `odd`: another shape."""
    if isinstance(value, (tuple, list)):
        return type(value)(_noise(part, random, odd) for part in value)
    if isinstance(value, dict):
        return {key: _noise(part, random, odd) for key, part in value.items()}
    if isinstance(value, types.GeneratorType):
        return (_noise(part, random, odd) for part in value)
    found = np.asarray(value)
    if odd:
        found = np.resize(
            found, (len(found) + 2, *found.shape[1:]) if found.ndim else 3
        )
    drawn = random.normal(0, 1000, found.shape).astype(found.dtype)
    return drawn if isinstance(value, np.ndarray) or odd else drawn.item()


def _stand_in(odd):
    random = np.random.default_rng(0)

    def change(function):
        return functools.wraps(function)(
            lambda *args, **given: _noise(function(*args, **given), random, odd)
        )

    return change


STAND_INS = {
    "noise": _stand_in(odd=False),
    "noise of another shape": _stand_in(odd=True),
    "nothing": lambda function: lambda *args, **given: None,
}


def _profile(shrink):
    """The same draws at each save; the smallest example only where it is shown."""
    from hypothesis import Phase, settings

    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])]
    profiles.register("laws", phases=phases)
    settings.load_profile("laws")


def main(asked, told):
    """Read the job, run it, write what comes out."""
    job = json.loads(Path(asked).read_text("utf-8"))
    with open(told, "w", encoding="utf-8") as file:

        def tell(**facts):
            file.write(json.dumps(facts) + "\n")
            file.flush()

        _profile(shrink=True)
        Trial(job, tell).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
