"""A course of three tiny days in a temporary folder, with the real tooling.

Its days use NumPy alone, and TensorFlow and Keras are answered by a stand-in that
agrees to everything, so that a day's tests run in half a second.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from katas.dojo.cli import entry
from katas.dojo.course import listed_tests
from katas.dojo.store import paths, state_schema

PROJECT = Path(__file__).parents[1]
TOPICS = {1: "doubling", 2: "sums", 3: "steps"}
ANYTHING = """
import sys
class Anything:
    name = "anything"
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self
    def __call__(self, *args, **kwargs):
        return self
anything = Anything()
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "inside_function":
        return lambda: False
    if name == "Layer":
        return type("Layer", (), {})
    return anything
"""
INDEX = """
[[phase]]
name = "Numbers"
[[phase.day]]
number = 1
topic = "doubling"
title = "Twice as much"
minutes = 10
[[phase.day]]
number = 2
topic = "sums"
title = "Sums of rows"
minutes = 20
[[phase]]
name = "Steps"
[[phase.day]]
number = 3
topic = "steps"
title = "Differences"
minutes = 30
needs = [1]
"""
SOLUTIONS = {
    "doubling": '''import numpy as np


def double(x):
    """Return every number twice as large."""
    return 2 * np.asarray(x)


def halve(x):
    """Return every number half as large."""
    return np.asarray(x) / 2
''',
    "sums": '''import numpy as np


def total(x):
    """Return the sum of each row."""
    return np.sum(x, axis=1)
''',
    "steps": '''import numpy as np

from katas.day01.doubling import double


def steps(x):
    """Return twice the differences of neighbours."""
    return double(np.diff(x))
''',
}
TESTS = {
    "doubling": """from katas.day01.doubling import double, halve


def test_three_doubled_is_six():
    assert double(3) == 6, "Twice three is six. What is added to what?"


def test_six_halved_is_three():
    assert halve(6) == 3, "Half of six is three. What is divided?"
""",
    "sums": """from katas.day02.sums import total


def test_a_row_of_ones_sums_to_its_length():
    assert list(total([[1, 1, 1]])) == [3], "Which axis is a row?"
""",
    "steps": """from katas.day03.steps import steps


def test_the_steps_of_a_ramp_are_equal():
    assert list(steps([1, 2, 3])) == [2, 2], "Which neighbour is taken from which?"
""",
}
QUIZ = "answer = 4  # what is two and two?\n"
TEST_QUIZ = """from katas.dojo.judge.quiz import predicted

from katas.{name}.quiz import answer


def test_two_and_two():
    predicted(answer, 2 + 2, "Counting on the fingers gives it.")
"""
LESSON = """# {title}

## Hints

<details><summary><code>{blank}</code></summary>

1. What is the mild hint of {blank}?
2. What is the pointed hint?
3. What is nearly the line?

</details>
"""
BLANKS = {"doubling": "double", "sums": "total", "steps": "steps"}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def write_day(root, number, topic, title="A day"):
    """One day's files, solution and derived stub (as the real derivation gives it)."""
    from katas.dojo.course import stubs

    name = f"day{number:02d}"
    workspace, reference = root / "katas" / name, root / "solutions" / name
    source = SOLUTIONS[topic]
    write(workspace / "README.md", LESSON.format(title=title, blank=BLANKS[topic]))
    write(workspace / f"test_{topic}.py", TESTS[topic])
    write(workspace / "test_quiz.py", TEST_QUIZ.format(name=name))
    write(workspace / f"{topic}.py", stubs.blank(source, number))
    write(workspace / "quiz.py", "answer = ...\n")
    write(reference / f"{topic}.py", source)
    write(reference / "quiz.py", QUIZ)
    list_tests(root)


def list_tests(root):
    """Write the list of the tests that the course has now."""
    forget()
    with paths.acting_on(root):
        write(root / "katas" / "tests.json", listed_tests.text())


def make(root, days=(1, 2, 3), git=True):
    """The course in `root`, committed to a new repository."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("dojo", "detector"):
        folder = root / "katas" / name
        shutil.copytree(PROJECT / "katas" / name, folder, ignore=ignore)
    for name in (".pytest.ini", "pyproject.toml", ".gitignore"):
        shutil.copy(PROJECT / name, root / name)
    shutil.copy(PROJECT / "katas" / "__init__.py", root / "katas" / "__init__.py")
    shutil.copytree(
        PROJECT / "solutions",
        root / "solutions",
        ignore=lambda folder, names: [n for n in names if n != "__init__.py"],
    )
    first = INDEX.partition('[[phase]]\nname = "Steps"')[0]
    write(root / "katas" / "course.toml", INDEX if 3 in days else first)
    for number in days:
        write_day(root, number, TOPICS[number])
    for module in ("tensorflow", "keras"):
        write(root.parent / "stand_in" / f"{module}.py", ANYTHING)
    if git:
        sh(root, "git", "init", "-q", "-b", "main")
        sh(root, "git", "config", "user.name", "A learner")
        sh(root, "git", "config", "user.email", "learner@example.org")
        sh(root, "git", "config", "core.autocrlf", "false")
        commit(root, "the course")
    return root


def environment(root, **more):
    """The environment of a command in that course."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "KATAS_"))}
    for name in ("FORCE_COLOR", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS", "COLUMNS"):
        keep.pop(name, None)
    path = os.pathsep.join([str(root), str(root.parent / "stand_in")])
    return {
        **keep,
        "KATAS_ROOT": str(root),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **more,
    }


def sh(root, *command, **more):
    """Run a command in the course; its standard output. It must succeed."""
    done = subprocess.run(
        command,
        cwd=root,
        env=environment(root, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def kata(root, *args, code=0, **more):
    """Run `kata` on the course in this process; its output. It must exit with `code`."""
    found, stdout, stderr = kata_streams(root, *args, **more)
    assert found == code, f"exit {found}:\n{stdout}{stderr}"
    return stdout + stderr


def kata_streams(root, *args, **more):
    """(exit code, standard output, standard error) of `kata` run in this process.

    Folder, environment and streams are those that a process of its own would have.
    """
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2)]
    forget()
    with as_in_a_process(root, environment(root, **more), *streams):
        code = entry.run([*map(str, args)])
    forget()
    return code, *map(written, streams)


@contextlib.contextmanager
def as_in_a_process(root, variables, stdout, stderr):
    """Give the block the folder, environment and streams of a command in the course."""
    before = dict(os.environ)
    with contextlib.ExitStack() as stack:
        stack.callback(os.environ.update, before)
        stack.callback(os.environ.clear)
        stack.enter_context(contextlib.chdir(root))
        stack.enter_context(paths.acting_on(root))
        stack.enter_context(contextlib.redirect_stdout(stdout))
        stack.enter_context(contextlib.redirect_stderr(stderr))
        stdin = stack.enter_context(open(os.devnull))
        stack.enter_context(mock.patch("sys.stdin", stdin))
        os.environ.clear()
        os.environ.update(variables)
        yield


def written(stream):
    """The text that was written to a stream over bytes."""
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8")


def forget():
    """Empty the caches of the tooling: the index, the console, its marks."""
    for name, module in [*sys.modules.items()]:
        if name.startswith("katas.dojo."):
            for value in vars(module).values():
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


def kata_process(root, *args, code=0, **more):
    """Run `kata` in a process of its own; its output. It must exit with `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "katas.dojo.cli", *map(str, args)],
        cwd=root,
        env=environment(root, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == code, f"exit {done.returncode}:\n{output}"
    assert "Traceback" not in output, output
    return output


def run_day(root, number):
    """`pytest katas/dayNN`, whatever comes out of it."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", f"katas/day{number:02d}"],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    ).stdout


def commit(root, message):
    sh(root, "git", "add", "-A")
    sh(root, "git", "commit", "-q", "-m", message)


def solve(root, number, remark=""):
    """Type the solution into the day, with a remark of one's own."""
    topic, name = TOPICS[number], f"day{number:02d}"
    for file in (f"{topic}.py", "quiz.py"):
        text = (root / "solutions" / name / file).read_text("utf-8")
        write(root / "katas" / name / file, text + remark)


def state(root):
    memory = json.loads((root / ".dojo" / "state.json").read_text("utf-8"))
    assert state_schema.repaired(memory) == memory  # nothing in it is taken for damage
    return memory
