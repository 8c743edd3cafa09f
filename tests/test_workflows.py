"""The workflows, the issue forms and the editors' settings: read, and their steps run.

Each `run:` step is executed by bash in a small course. What would fetch packages or
talk to a server (pip, uv, pre-commit, gh) is answered by a stand-in that writes down
how it was called; python, pytest and kata are real.
"""

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from katas.dojo.authoring import cli as authoring
from katas.dojo.classroom import pull_request_reply
from katas.dojo.cli import app
from tests import small_course as small
from tests.small_course import (
    PROJECT,
    environment,
    kata,
    kata_process,
    sh,
    solve,
    write,
)
from tests.small_workspace import wait_until

yaml = pytest.importorskip("yaml", reason='pip install -e ".[dev]" brings PyYAML')

GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*-*.yml"))
PYTHONS = ["3.11", "3.12", "3.13"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="the steps run in bash")
# What an expression of GitHub's stands for here.
CONTEXT = {
    "github.event.repository.name": "anna",
    "github.token": "token",
    "github.repository": "school/course",
    "github.event.pull_request.number": "7",
    "github.event.repository.clone_url": "https://example.org/school/course.git",
    "github.event.repository.default_branch": "main",
    "matrix.python": "3.12",
    "vars.KATAS_COURSE": "school/course",
    "vars.KATAS_COURSE_REF": "",
}
STAND_IN = """
import json, os, shutil, sys
name, *args = sys.argv[1:]
with open(os.environ["CALLS"], "a") as file:
    file.write(json.dumps([name, *args]) + "\\n")
if args[:1] == ["api"]:
    print(os.environ["CHANGED"])
if "--body-file" in args:
    shutil.copy(args[args.index("--body-file") + 1], os.environ["SAID"])
"""


def load(path):
    """A YAML file; `on` is a key there, not the truth value of YAML 1.1."""
    found = yaml.safe_load(path.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def steps(path):
    """(job, step) of a workflow."""
    return [(j, s) for j in load(path)["jobs"].values() for s in j["steps"]]


def filled(text):
    """A value with GitHub's expressions replaced; an unknown one is an error."""
    return re.sub(r"\$\{\{ *(.+?) *\}\}", lambda found: CONTEXT[found[1]], str(text))


RUNS = [
    pytest.param(path.stem, step, id=f"{path.stem}-{number}-{step['name']}")
    for path in WORKFLOWS
    for number, (_, step) in enumerate(steps(path))
    if "run" in step
]


@pytest.fixture
def place(tmp_path):
    """A runner's workspace: `course`, `anna-copy`, and commands that stand in."""
    root = small.make(tmp_path / "course")
    write(root / "README.md", "# A course\n")
    write(root / "tests/test_small.py", "def test_one_is_one():\n    assert 1 == 1\n")
    shutil.copytree(root, tmp_path / "anna-copy")
    commands = tmp_path / "commands"
    write(commands / "stand_in.py", STAND_IN)
    python = shlex.quote(sys.executable)
    stand_in = shlex.quote(str(commands / "stand_in.py"))
    for name in ("pip", "uv", "pre-commit", "gh"):
        write(commands / name, f'#!/bin/sh\nexec {python} {stand_in} {name} "$@"\n')
    for name, module in (("kata", "katas.dojo.cli"), ("pytest", "pytest")):
        write(commands / name, f'#!/bin/sh\nexec {python} -m {module} "$@"\n')
    write(commands / "python", f'#!/bin/sh\nexec {python} "$@"\n')
    for command in commands.iterdir():
        command.chmod(0o755)
    return tmp_path


def execute(place, step, code=0, **more):
    """Run a step as GitHub's bash does; (what it printed, the calls of stand-ins)."""
    root = place / "course"
    given = {name: filled(value) for name, value in step.get("env", {}).items()}
    own = {
        "PATH": os.pathsep.join([str(place / "commands"), os.environ["PATH"]]),
        "CALLS": str(place / "calls.jsonl"),
        "SAID": str(place / "output.md"),
        "CHANGED": "katas/dojo/cli/entry.py",
        "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
        "CI": "true",
    }
    write(place / "step.sh", filled(step["run"]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(place / "step.sh")],
        cwd=root,
        env=environment(root, **{**given, **own, **more}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == code, output
    calls = place / "calls.jsonl"
    lines = calls.read_text("utf-8").splitlines() if calls.exists() else []
    return output, [json.loads(line) for line in lines]


def find_step(workflow, name):
    path = GITHUB / "workflows" / f"{workflow}.yml"
    return next(s for _, s in steps(path) if s.get("name") == name)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_more_permissions_than_it_needs(path):
    found = load(path)
    assert found["name"] == path.stem
    assert {*found["on"]}
    extra = {"pull-requests": "write"} if path.stem == "homework" else {}
    assert found["permissions"] == {"contents": "read", **extra}
    for job in found["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert job["runs-on"]
    for _, step in steps(path):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
            assert re.search(step["uses"] + r" # v\d+\.\d+\.\d+\n", path.read_text())
        # A title or a branch's name must not become part of a command.
        assert "${{" not in step.get("run", "")
        for value in [*step.get("env", {}).values(), *step.get("with", {}).values()]:
            filled(value)  # refuses an unknown expression


def test_the_job_that_may_write_checks_out_the_course_alone():
    found = load(GITHUB / "workflows" / "homework.yml")
    assert [*found["on"]] == ["pull_request_target"]
    for _, step in steps(GITHUB / "workflows" / "homework.yml"):
        if step.get("uses", "").startswith("actions/checkout"):
            assert {*step["with"]} == {"persist-credentials"}


def test_three_systems_and_every_python_that_the_course_allows():
    matrix = load(GITHUB / "workflows/tests.yml")["jobs"]["newest"]["strategy"][
        "matrix"
    ]
    assert [s.split("-")[0] for s in matrix["system"]] == ["ubuntu", "macos", "windows"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    allowed = SpecifierSet(project["requires-python"])
    every = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.0" in allowed]
    assert matrix["python"] == every == PYTHONS
    for path in WORKFLOWS:
        for _, step in steps(path):
            python = step.get("with", {}).get("python-version", "3.12")
            assert python in ["${{ matrix.python }}", *PYTHONS]


def test_a_push_of_a_learners_own_files_starts_no_tests():
    patterns = load(GITHUB / "workflows/tests.yml")["on"]["push"]["paths"]

    def starts(path):
        """GitHub's rule: the last pattern that fits decides; * stops at a slash."""
        chosen = False
        for pattern in patterns:
            plain = re.escape(pattern.removeprefix("!"))
            plain = plain.replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
            if re.fullmatch(plain, path):
                chosen = not pattern.startswith("!")
        return chosen

    for path in ("katas/day07/training_loop.py", "katas/day07/quiz.py"):
        assert not starts(path)
    assert not starts("notes/pictures/day07.png")
    for path in ("katas/day07/test_training_loop.py", "katas/day07/picture.py"):
        assert starts(path)
    for path in ("katas/dojo/cli/entry.py", "solutions/day07/quiz.py", "README.md"):
        assert starts(path)


@posix
@pytest.mark.parametrize(("workflow", "step"), RUNS)
def test_a_step_runs(place, workflow, step):
    output, calls = execute(place, step)
    assert "Traceback" not in output
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, *words in calls:
        if name == "pip" and words[-1].startswith("."):
            assert words[:2] == ["install", "-e"]
            extra = words[-1].strip(".[]")
            assert extra in ("", *project["optional-dependencies"])
    if step["run"].startswith("pytest"):
        assert "1 passed" in output


@posix
def test_a_learners_folder_is_graded_by_the_course_and_summed_up(place):
    course, copy = place / "course", place / "anna-copy"
    solve(copy, 1, "\r\n# mine: äöü\r\n")
    write(copy / "katas/day02/sums.py", "def total(x):\n    return x\n")
    write(copy / "katas/day02/test_sums.py", "def test_mine():\n    assert True\n")
    stub = copy / "katas/day03/steps.py"
    stub.write_bytes(stub.read_bytes().replace(b"\n", b"\r\n"))  # blank all the same
    solve(course, 3)  # the teacher's own files do not count
    before = sh(course, "git", "status", "--porcelain")
    step = find_step("classroom", "Grade")
    output, _ = execute(place, step, code=1)
    assert "1 of 3 days green, 1 not started" in output
    assert sh(course, "git", "status", "--porcelain") == before
    assert not (course / ".dojo").exists()
    assert not (copy / ".dojo").exists()
    summary = (place / "summary.md").read_text("utf-8")
    assert summary.startswith("## anna-copy: 1 of 3 days green\n")
    assert "| 01 | Twice as much | ✓ green | 3 of 3 |  |" in summary
    assert "| 02 | Sums of rows | ✗ red | 0 of 2 | a row of ones sums" in summary
    assert "| 03 | Differences | not started |  |  |" in summary
    rows = rows_of(place / "grades.csv")
    assert [row["status"] for row in rows] == ["green", "red", "not started"]
    assert {row["folder"] for row in rows} == {"anna-copy"}
    solve(copy, 2)
    execute(place, step)
    assert (place / "summary.md").read_text("utf-8").count("## anna-copy") == 2


# What may stand in a learner's file; each is red, and the next day is graded all the same.
HOSTILE = {
    "ends its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
    "ends its group": "import os, signal\nos.kill(0, signal.SIGKILL)\n",
    "ends itself": "import os\nos._exit(0)\n",
    "writes a verdict of its own": """
import json, os, pathlib
place = os.environ.get("KATAS_VERDICT", "verdict.json")
whole = {"passed": 3, "total": 3, "failing_test": "", "message": ""}
pathlib.Path(place).write_text(json.dumps(whole))
os._exit(0)
""",
    "200,000 characters on one line": "x = " + "1+" * 100_000 + "1\n",
    "a megabyte": "# " + "x" * 10**6 + "\n",
}


@posix
@pytest.mark.parametrize("what", HOSTILE)
def test_no_learners_file_keeps_the_next_day_from_its_grade(tmp_path, what):
    root = small.make(tmp_path / "course", days=(1, 2), git=False)
    copy = tmp_path / "anna"
    shutil.copytree(root, copy)
    solve(copy, 2)
    write(copy / "katas/day01/doubling.py", HOSTILE[what])
    table = tmp_path / "grades.csv"
    output = kata_process(root, "grade", copy, "--csv", table, code=1)
    assert "0 of 2 days green, 1 adopted, 0 not started" in output
    assert [row["status"] for row in rows_of(table)] == ["red", "adopted"]
    assert not [*root.rglob("verdict.json")]


def rows_of(table):
    with table.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@posix
def test_a_thread_that_never_ends_takes_no_grade_away(tmp_path):
    root = small.make(tmp_path / "course", days=(1, 2), git=False)
    endless = "import threading, time\nthreading.Thread(target=time.sleep, args=[9999]).start()\n"
    solve(root, 1, endless)
    assert "1 of 2 days green, 1 not started" in kata_process(root, "grade")


@posix
def test_a_kill_in_the_middle_leaves_the_rows_of_the_days_before_it(tmp_path):
    root = small.make(tmp_path / "course", git=False)
    solve(root, 1, "# mine\n")
    write(root / "katas/day03/steps.py", "import time\ntime.sleep(60)\n")
    table, summary = tmp_path / "grades.csv", tmp_path / "summary.md"
    write(summary, "earlier\n")
    command = ["grade", "--csv", str(table), "--summary", str(summary)]
    process = subprocess.Popen(
        [sys.executable, "-m", "katas.dojo.cli", *command],
        cwd=root,
        env=environment(root),
        stdout=subprocess.DEVNULL,
    )
    assert wait_until(lambda: table.exists() and len(rows_of(table)) == 2)
    process.kill()
    process.wait()
    assert [row["status"] for row in rows_of(table)] == ["green", "not started"]
    text = summary.read_text("utf-8")
    assert text.startswith("earlier\n## course: 1 of 2 days green")
    assert "| 01 | Twice as much | ✓ green | 3 of 3 |  |" in text


@posix
def test_a_file_that_cannot_be_read_is_red_and_links_in_a_circle_are_left(tmp_path):
    root = small.make(tmp_path / "course", days=(1, 2), git=False)
    copy = tmp_path / "anna"
    shutil.copytree(root, copy)
    file = copy / "katas/day01/doubling.py"
    file.unlink()
    file.symlink_to(file)
    (copy / "katas/day02/around").symlink_to(copy)
    (root / "katas/day02/around").symlink_to(root)
    (root / "katas/day02/nowhere").symlink_to(root / "nowhere")
    solve(copy, 2, "# mine\n")
    assert "1 of 2 days green, 1 not started" in kata(root, "grade", copy)
    file.unlink()
    solve(copy, 1)
    (copy / "katas/day01/quiz.py").write_bytes(b"\xff\xfe\0")
    output = kata(root, "grade", copy, code=1)
    assert "1 of 2 days green, 0 not started" in output


def test_a_folder_that_is_no_course_is_not_graded(tmp_path):
    root = small.make(tmp_path / "course", git=False)
    output = kata(root, "grade", tmp_path, code=2)
    assert "Expected a copy of the course" in output
    assert "0 of 3 days green, 3 not started" in kata(root, "grade")


@pytest.mark.parametrize(
    ("changed", "mine"),
    [
        (["katas/day18/squeeze_excite.py"], 1),
        (["katas/day18/quiz.py", "notes/day18.md", "notes/README.md"], 3),
        (["katas/day18/squeeze_excite.py", "README.md"], 1),
        (["katas/day18/squeeze_excite.py", "solutions/day18/squeeze_excite.py"], 0),
        (["katas/day18/squeeze_excite.py", "katas/misconceptions/day18.toml"], 0),
        (["katas/day18/squeeze_excite.py", "solutions/day17/residual.py"], 1),
        (["katas/day18/test_squeeze_excite.py", "katas/day18/README.md"], 0),
        (["katas/dojo/course/stubs.py", "katas/day18/squeeze_excite.py"], 0),
        ([], 0),
    ],
)
def test_homework_is_distinguished_from_a_change_of_the_course(changed, mine):
    found = pull_request_reply.homework(changed)
    assert len(found) == mine
    output = pull_request_reply.reply(changed)
    assert bool(output) == bool(mine)
    assert all(f"- `{path}`" in output for path in found)
    mixed = 0 < mine < len(changed)
    assert ("git restore" in output) == mixed
    assert ("can be closed" in output) == (bool(mine) and not mixed)


def test_a_path_cannot_put_markup_into_the_reply():
    path = "notes/`\n## @everyone <img src=x>;$(reboot).md"
    output = pull_request_reply.reply([path, "README.md"])
    assert "@" not in output
    assert "<" not in output
    assert "$(" not in output
    assert "and 4 more" in pull_request_reply.reply(
        [f"notes/{k}.md" for k in range(24)]
    )


@posix
def test_a_pull_request_with_homework_gets_one_polite_reply(place):
    step = find_step("homework", "Reply")
    _, calls = execute(place, step)
    assert [call[:2] for call in calls] == [["gh", "api"]]
    _, calls = execute(place, step, CHANGED="katas/day01/doubling.py\nLICENSE")
    assert calls[-1][:4] == ["gh", "pr", "comment", "7"]
    assert "--edit-last" in calls[-1]
    output = (place / "output.md").read_text("utf-8")
    assert output.startswith("Hello, and thank you")
    assert "- `katas/day01/doubling.py`" in output
    assert "git fetch https://example.org/school/course.git main" in output


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_whole(path):
    form = load(path)
    assert {"name", "description", "labels", "body"} <= {*form}
    fields = form["body"]
    assert {f["type"] for f in fields} <= {
        "input",
        "textarea",
        "dropdown",
        "checkboxes",
    }
    ids = [field["id"] for field in fields]
    assert len({*ids}) == len(ids)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(f.get("validations", {}).get("required") for f in fields)


def test_there_is_a_form_for_each_kind_of_report():
    assert [path.stem for path in FORMS] == [
        "does-not-run",
        "lesson-unclear",
        "right-solution-refused",
        "wrong-solution-passes",
    ]
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert [u["package-ecosystem"] for u in updates] == ["github-actions"]


def test_the_hooks_run_what_the_developers_packages_bring(place):
    root = place / "course"
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    brought = project["optional-dependencies"]["dev"]
    hooks = load(PROJECT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    files = {"stubs": ["solutions/day01/doubling.py", "solutions/day03/quiz.py"]}
    files |= {
        "ruff-check": ["katas/dojo/cli/entry.py"],
        "ruff-format": ["katas/dojo/cli/entry.py"],
    }
    for hook in hooks:
        assert hook["language"] == "system"
        for path in files.get(hook["id"], []) if "files" in hook else []:
            assert re.search(hook["files"], path)
        command = shlex.split(hook["entry"]) + files.get(hook["id"], [])
        if command[0] != "python":
            assert any(name.startswith(command[0]) for name in brought)
        if command[0] == "pyright" or not shutil.which(command[0]):
            continue  # it takes 20 s, and CI runs it on the real course
        command[0] = sys.executable if command[0] == "python" else command[0]
        sh(root, *command)


def test_every_command_is_described_on_a_page():
    pages = (PROJECT / "README.md", GITHUB / "CONTRIBUTING.md")
    text = "".join(page.read_text("utf-8") for page in pages)
    names = [c.name or c.callback.__name__ for c in app.app.registered_commands]
    assert len(names) >= 15
    assert [name for name in names if f"`kata {name}" not in text] == []


def test_every_command_for_authors_is_described_where_they_look():
    text = (GITHUB / "CONTRIBUTING.md").read_text("utf-8")
    names = [c.name or c.callback.__name__ for c in authoring.app.registered_commands]
    assert {"stubs", "map"} < {*names}
    assert [n for n in names if f"katas.dojo.authoring {n}" not in text] == []


# The editors


def settings(name):
    return json.loads((PROJECT / name).read_text("utf-8"))


TASKS = settings(".vscode/tasks.json")["tasks"]


@pytest.fixture(scope="module")
def unchanging(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("editor") / "course", git=False)


@pytest.mark.parametrize("task", TASKS, ids=[task["label"] for task in TASKS])
def test_a_task_of_the_editor_runs(unchanging, task):
    assert task["type"] == "process"  # no shell: a path may hold spaces
    values = {"${command:python.interpreterPath}": sys.executable, "${input:day}": "1"}
    command = [values.get(word, word) for word in [task["command"], *task["args"]]]
    command += ["--help"] if task.get("isBackground") else []
    done = subprocess.run(
        command,
        cwd=unchanging,
        env=environment(unchanging, GIT_CEILING_DIRECTORIES=str(unchanging.parent)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode in (0, 1, 2), output
    for word in ("Traceback", "No module", "Expected a command", "No such", "rror:"):
        assert word not in output
    assert "$" not in " ".join(command)


def test_the_test_explorer_finds_each_test_and_runs_one(unchanging):
    found = settings(".vscode/settings.json")
    assert found["python.testing.pytestEnabled"]
    listed = sh(
        unchanging,
        *(sys.executable, "-m", "pytest", "--collect-only", "-q"),
        *found["python.testing.pytestArgs"],
    )
    tests = [line for line in listed.splitlines() if "::" in line]
    assert len(tests) == 7
    done = subprocess.run(
        [sys.executable, "-m", "pytest", tests[0]],
        cwd=unchanging,
        env=environment(unchanging),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "blank" in done.stdout


def test_the_debuggers_arguments_are_pytests(unchanging):
    for entry in settings(".vscode/launch.json")["configurations"]:
        if entry.get("module") == "pytest":
            folder = {"${fileDirname}": str(unchanging / "katas/day02")}
            words = [folder.get(word, word) for word in entry["args"]]
            command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *words]
            assert "::" in sh(unchanging, *command)
        else:
            assert entry.get("program") == "${file}" or "debug-test" in entry["purpose"]


def test_the_container_and_the_editor_agree():
    found = settings(".devcontainer/devcontainer.json")
    docker = (PROJECT / ".devcontainer" / found["build"]["dockerfile"]).read_text(
        "utf-8"
    )
    assert re.search(r"^FROM python:(3\.\d+)-", docker, re.M)[1] in PYTHONS
    inside = found["customizations"]["vscode"]
    python = inside["settings"]["python.defaultInterpreterPath"]
    assert f"ENV PATH={Path(python).parent.as_posix()}:" in docker
    assert (
        f"useradd --create-home --shell /bin/bash --uid 1000 {found['remoteUser']}"
        in docker
    )
    wanted = settings(".vscode/extensions.json")["recommendations"]
    assert inside["extensions"] == wanted
