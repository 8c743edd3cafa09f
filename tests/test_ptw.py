"""Real pytest-watch on a real terminal: bare `ptw`, as a learner types it."""

import errno
import os
import re
import signal
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from katas.dojo.course import index
from katas.dojo.store import paths
from katas.dojo.warm.ptw import patch
from tests.small_workspace import TOPIC, SmallWorkspace, ends, wait_until

if os.name == "nt":
    pytest.skip("a pseudo-terminal needs POSIX", allow_module_level=True)

from katas.dojo.bench import loop
from katas.dojo.bench.pseudo_terminal import Terminal

PTW = [os.path.join(os.path.dirname(sys.executable), "ptw")]
RESULT = r"\d (passed|failed|error)[^\n]*in \d"
RULE = r"── \d\d:\d\d:\d\d ─+"


@pytest.fixture
def workspace():
    """A small workspace with all that a checkout may hold."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="workspace-") as root:
        small = SmallWorkspace(root)
        for folder in (
            ".venv/lib",
            ".git",
            ".dojo/kept",
            "notes",
            "solutions",
            "tests",
        ):
            (small.root / folder).mkdir(parents=True)
        yield small
        small.close()


@pytest.fixture
def ptw(workspace):
    environment = workspace.environment()
    del environment["KATAS_PTW"]
    environment.pop("NO_COLOR", None)
    with Terminal(PTW, workspace.root, environment) as terminal:
        terminal.wait_for(RESULT)
        yield terminal


def result(ptw, start):
    """The next result: passed, failed or error."""
    return ptw.wait_for(RESULT, start=start)[0][1]


def test_each_save_gets_its_result(workspace, ptw):
    for factor, expected in [(3, "failed"), (2, "passed"), (4, "failed")]:
        start = len(ptw.text)
        workspace.write(topic=f"def double(x):\n    return {factor} * x\n")
        assert result(ptw, start) == expected
    assert "Running" not in ptw.text
    assert "detected" not in ptw.text
    assert "\a" not in ptw.text


def test_only_python_files_under_katas_start_a_run(workspace, ptw):
    for name in (".venv/lib/x.py", ".git/x.py", ".dojo/kept/x.py", "notes/x.py"):
        (workspace.root / name).write_text("x = 1\n")
    for name in ("solutions/x.py", "tests/x.py", "katas/day01/x.md"):
        (workspace.root / name).write_text("x = 1\n")
    for name in (".#x.py", "._x.py", "#x.py#", "4913", ".x.py.swp", "x.py~"):
        (workspace.day / name).write_text("x = 1\n")  # an editor's own
    start = len(ptw.text)
    ptw.read(1)  # ptw looks for events ten times a second
    assert not re.search(RULE, ptw.text[start:])
    workspace.write(topic=TOPIC)
    assert result(ptw, start) == "passed"
    if sys.platform == "linux":
        opened = Path(f"/proc/{ptw.pid}/fdinfo").iterdir()
        watched = sum(file.read_text().count("inotify wd") for file in opened)
        folders = 1 + sum(
            len(names) for _, names, _ in os.walk(workspace.root / "katas")
        )
        assert 0 < watched <= folders


def test_in_a_burst_of_saves_the_last_result_is_of_the_last_save(workspace, ptw):
    workspace.worker(ptw.pid)
    start = len(ptw.text)
    for factor in (3, 4, 5, 6, 2):
        workspace.write(topic=f"def double(x):\n    return {factor} * x\n")
        ptw.read(0.15)
    ptw.wait_for("1 passed", start=start)
    ptw.read(1)
    results = re.findall(RESULT, ptw.text[start:])
    assert results[-1] == "passed"
    assert "Traceback" not in ptw.text[start:]
    assert "Interrupt" not in ptw.text[start:]


def test_a_save_ends_the_infinite_loop_of_the_save_before(workspace, ptw):
    worker = workspace.worker(ptw.pid)
    start = len(ptw.text)
    workspace.write(topic="print('on it', flush=True)\nwhile True: pass\n")
    wait_until(lambda: not os.path.exists(record_of(workspace, ptw)))
    ptw.read(0.5)
    workspace.write(topic=TOPIC)
    assert result(ptw, start) == "passed"
    assert ends(worker)


def record_of(workspace, ptw):
    return next(workspace.worker_folder.glob(f"{ptw.pid}-*.json"), "")


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("def double(x) return 2\n", "error"),
        ("import nowhere\n", "error"),
        (None, "error"),
        ("def double(x):\n    raise SystemExit(0)\n", "failed"),
    ],
    ids=["syntax", "import", "deleted", "exit"],
)
def test_a_broken_file_is_reported_and_the_next_save_gets_its_result(
    workspace, ptw, topic, expected
):
    start = len(ptw.text)
    workspace.write(topic=topic)
    assert result(ptw, start) == expected
    start = len(ptw.text)
    workspace.write(topic=TOPIC)
    assert result(ptw, start) == "passed"


def test_a_run_that_ends_the_interpreter_does_not_end_ptw(workspace, ptw):
    start = len(ptw.text)
    workspace.write(topic="import os\ndef double(x):\n    os._exit(7)\n")
    ptw.wait_for("The code called os._exit", start=start)
    start = len(ptw.text)
    workspace.write(topic=TOPIC)
    assert result(ptw, start) == "passed"


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize("how", ["Ctrl-C", "kill", "hang-up"])
def test_ptw_leaves_nothing_behind(workspace, ptw, busy, how):
    worker = workspace.worker(ptw.pid)
    if busy:
        workspace.write(topic="while True: pass\n")
        assert wait_until(
            lambda: ptw.read(0.05) or not workspace.ready_workers(ptw.pid)
        )
    if how == "Ctrl-C":
        ptw.type("\x03")
    elif how == "kill":
        ptw.kill(signal.SIGKILL)
    else:
        os.close(ptw.screen)
        ptw.screen = os.open(os.devnull, os.O_RDONLY)
    assert ends(ptw.pid) or ptw.wait(1) is not None
    ptw.wait()
    assert ends(worker)
    assert wait_until(lambda: not record_of(workspace, ptw))
    if how == "Ctrl-C":
        assert ptw.code == 0
        assert "Traceback" not in ptw.text


def test_a_folder_that_cannot_be_written_makes_runs_cold_in_one_line(workspace):
    (workspace.root / ".dojo" / "warm").write_text("in the way")
    environment = workspace.environment()
    del environment["KATAS_PTW"]
    with Terminal(PTW, workspace.root, environment) as ptw:
        assert result(ptw, 0) == "passed"
        assert ptw.text.count("This run is slower") == 1


def test_the_first_blank_of_the_course_then_a_green_day():
    day = index.built_days()[0]
    texts = loop.sources(day)
    with loop.copy_of_checkout() as root:
        watch = loop.Watch("warm", root, day)
        with watch.terminal as ptw:
            ptw.wait_for("still blank")
            assert not re.search(r"absl|cudart|oneDNN|E0000|I0000", ptw.text)
            start = len(ptw.text)
            watch.save(day, texts["solved"])
            passed, total = re.search(
                r"(\d+) of (\d+) passed", ptw.text[start:]
            ).groups()
            assert passed == total
            ptw.wait_for("green, after", start=start)


def watching(error):
    """pytest-watch's two modules, patched, whose watch ends with an error."""

    def watch(**options):
        raise error

    listener = type("EventListener", (), {"on_any_event": None})
    watcher = SimpleNamespace(EventListener=listener, _get_pytest_runner=str.split)
    command = SimpleNamespace(watch=watch)
    patch(command, watcher)
    return command.watch


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (errno.ENOSPC, "sudo sysctl fs.inotify.max_user_watches=65536"),
        (errno.EMFILE, "sudo sysctl fs.inotify.max_user_instances=512"),
        (errno.EACCES, "ptw cannot watch katas/ (Permission denied): ptw --poll"),
    ],
)
def test_where_nothing_can_be_watched_polling_is_offered(
    number, line, capsys, monkeypatch
):
    monkeypatch.setenv("KATAS_PTW", "")
    assert watching(OSError(number, os.strerror(number)))() == 1
    output = capsys.readouterr().out
    assert line in output
    assert "ptw --poll" in output
    assert len(output.splitlines()) <= 2


def test_a_file_that_hides_a_module_is_named_and_not_imported(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("KATAS_PTW", "")
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    for name in ("random.py", "keras.py", "mine.py", "katas/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    with paths.acting_on(tmp_path):
        watching(OSError())()
    output = capsys.readouterr().out
    assert "keras.py has the name of a module" in output
    assert "random.py has the name of a module" in output
    assert "mine" not in output
    assert os.environ["PYTHONSAFEPATH"] == "1"


@pytest.mark.skipif(os.name == "nt", reason="a link needs a privilege there")
def test_a_linked_day_folder_is_watched_where_it_stands(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere" / "day01"
    for folder in (elsewhere, tmp_path / "course" / "katas"):
        folder.mkdir(parents=True)
    (tmp_path / "course/katas/day01").symlink_to(elsewhere)
    monkeypatch.setenv("KATAS_ROOT", str(tmp_path / "course"))
    monkeypatch.setenv("KATAS_PTW", "")
    watched = []
    listener = type("EventListener", (), {"on_any_event": None})
    watcher = SimpleNamespace(EventListener=listener, _get_pytest_runner=str.split)
    command = SimpleNamespace(watch=lambda entries: watched.extend(entries))
    patch(command, watcher)
    command.watch()
    assert watched == [str(tmp_path / "course/katas"), str(elsewhere.resolve())]
