"""Real pytest-watch on a real terminal: bare `ptw`, as a learner types it."""

import os
import re
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from katas.dojo.course import index
from tests.small_desk import TOPIC, Desk, ends, until

if os.name == "nt":
    pytest.skip("a pseudo-terminal needs POSIX", allow_module_level=True)

from katas.dojo.bench import loop
from katas.dojo.bench.pseudo_terminal import Terminal

PTW = [os.path.join(os.path.dirname(sys.executable), "ptw")]
VERDICT = r"\d (passed|failed|error)[^\n]*in \d"
RULE = r"── \d\d:\d\d:\d\d ─+"


@pytest.fixture
def desk():
    """A small desk with all that may lie about in a checkout."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="desk-") as root:
        small = Desk(root)
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
def ptw(desk):
    environment = desk.environment()
    del environment["KATAS_PTW"]
    environment.pop("NO_COLOR", None)
    with Terminal(PTW, desk.root, environment) as terminal:
        terminal.wait_for(VERDICT)
        yield terminal


def verdict(ptw, start):
    """The next verdict: passed, failed or error."""
    return ptw.wait_for(VERDICT, start=start)[0][1]


def test_a_save_is_answered_again_and_again(desk, ptw):
    for factor, word in [(3, "failed"), (2, "passed"), (4, "failed")]:
        start = len(ptw.text)
        desk.write(topic=f"def double(x):\n    return {factor} * x\n")
        assert verdict(ptw, start) == word
    assert "Running" not in ptw.text
    assert "detected" not in ptw.text
    assert "\a" not in ptw.text


def test_only_python_files_under_katas_start_a_run(desk, ptw):
    for name in (".venv/lib/x.py", ".git/x.py", ".dojo/kept/x.py", "notes/x.py"):
        (desk.root / name).write_text("x = 1\n")
    for name in ("solutions/x.py", "tests/x.py", "katas/day01/x.md"):
        (desk.root / name).write_text("x = 1\n")
    start = len(ptw.text)
    ptw.read(1)  # ptw looks for events ten times a second
    assert not re.search(RULE, ptw.text[start:])
    desk.write(topic=TOPIC)
    assert verdict(ptw, start) == "passed"
    if sys.platform == "linux":
        opened = Path(f"/proc/{ptw.pid}/fdinfo").iterdir()
        watched = sum(file.read_text().count("inotify wd") for file in opened)
        folders = 1 + sum(len(names) for _, names, _ in os.walk(desk.root / "katas"))
        assert 0 < watched <= folders


def test_of_a_burst_of_saves_the_last_has_the_last_word(desk, ptw):
    desk.spare(ptw.pid)
    start = len(ptw.text)
    for factor in (3, 4, 5, 6, 2):
        desk.write(topic=f"def double(x):\n    return {factor} * x\n")
        ptw.read(0.15)
    ptw.wait_for("1 passed", start=start)
    ptw.read(1)
    words = re.findall(VERDICT, ptw.text[start:])
    assert words[-1] == "passed"
    assert "Traceback" not in ptw.text[start:]
    assert "Interrupt" not in ptw.text[start:]


def test_a_save_ends_the_loop_that_the_last_save_began(desk, ptw):
    spare = desk.spare(ptw.pid)
    start = len(ptw.text)
    desk.write(topic="print('on it', flush=True)\nwhile True: pass\n")
    until(lambda: not os.path.exists(record_of(desk, ptw)))
    ptw.read(0.5)
    desk.write(topic=TOPIC)
    assert verdict(ptw, start) == "passed"
    assert ends(spare)


def record_of(desk, ptw):
    return next(desk.place.glob(f"{ptw.pid}-*.json"), "")


@pytest.mark.parametrize(
    ("topic", "word"),
    [
        ("def double(x) return 2\n", "error"),
        ("import nowhere\n", "error"),
        (None, "error"),
        ("def double(x):\n    raise SystemExit(0)\n", "failed"),
    ],
    ids=["syntax", "import", "deleted", "exit"],
)
def test_a_broken_file_is_told_and_the_next_save_is_answered(desk, ptw, topic, word):
    start = len(ptw.text)
    (desk.day / "topic.py").unlink() if topic is None else desk.write(topic=topic)
    assert verdict(ptw, start) == word
    start = len(ptw.text)
    desk.write(topic=TOPIC)
    assert verdict(ptw, start) == "passed"


def test_a_run_that_ends_the_interpreter_does_not_end_ptw(desk, ptw):
    start = len(ptw.text)
    desk.write(topic="import os\ndef double(x):\n    os._exit(7)\n")
    ptw.wait_for("The run ended without a verdict", start=start)
    start = len(ptw.text)
    desk.write(topic=TOPIC)
    assert verdict(ptw, start) == "passed"


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize("how", ["Ctrl-C", "kill", "hang-up"])
def test_ptw_leaves_nothing_behind(desk, ptw, busy, how):
    spare = desk.spare(ptw.pid)
    if busy:
        desk.write(topic="while True: pass\n")
        assert until(lambda: ptw.read(0.05) or not desk.spares(ptw.pid))
    if how == "Ctrl-C":
        ptw.type("\x03")
    elif how == "kill":
        ptw.kill(signal.SIGKILL)
    else:
        os.close(ptw.screen)
        ptw.screen = os.open(os.devnull, os.O_RDONLY)
    assert ends(ptw.pid) or ptw.wait(1) is not None
    ptw.wait()
    assert ends(spare)
    assert until(lambda: not record_of(desk, ptw))
    if how == "Ctrl-C":
        assert ptw.code == 0
        assert "Traceback" not in ptw.text


def test_a_folder_that_cannot_be_written_makes_runs_cold_in_one_line(desk):
    (desk.root / ".dojo" / "warm").write_text("in the way")
    environment = desk.environment()
    del environment["KATAS_PTW"]
    with Terminal(PTW, desk.root, environment) as ptw:
        assert verdict(ptw, 0) == "passed"
        assert ptw.text.count("a cold run this time") == 1


def test_the_first_blank_of_the_course_then_a_green_day():
    day = index.built_days()[0]
    texts = loop.sources(day)
    with loop.copy_of_checkout() as root:
        watched = loop.Loop("warm", root, day)
        with watched.terminal as ptw:
            ptw.wait_for("still blank")
            assert not re.search(r"absl|cudart|oneDNN|E0000|I0000", ptw.text)
            start = len(ptw.text)
            watched.save(day, texts["solved"])
            passed, total = re.search(
                r"(\d+) of (\d+) passed", ptw.text[start:]
            ).groups()
            assert passed == total
            ptw.wait_for("green, after", start=start)
