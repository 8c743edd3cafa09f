"""The warm runner: a spare is used once, sees what is there now, and leaves nothing."""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap

import pytest

from katas.dojo.bench import loop
from katas.dojo.bench.pseudo_terminal import Terminal
from katas.dojo.course import index
from katas.dojo.store import paths
from katas.dojo.warm import client, registry, wire
from tests.small_desk import TOPIC, Desk, ends, until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="tried on POSIX only")


@pytest.fixture
def desk():
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="desk-") as root:
        small = Desk(root)
        yield small
        small.close()


def by(text):
    """The process that ran the test, as the test printed it."""
    return int(re.search(r"by (\d+)", text)[1])


def test_a_run_is_done_by_the_spare_that_waited_and_by_each_once(desk):
    runners = [by(desk.run()[1])]
    for _ in range(2):
        waiting = desk.spare()
        assert waiting not in runners
        code, text = desk.run()
        assert (code, by(text)) == (0, waiting)
        runners.append(waiting)
        assert ends(waiting)


@pytest.mark.parametrize(
    ("topic", "args", "code"),
    [
        (TOPIC, [], 0),
        ("def double(x):\n    return 3 * x\n", [], 1),
        ("def double(x) return 2\n", [], 2),
        ("import nowhere\n", [], 2),
        ("raise SystemExit(0)\n", [], 3),
        (TOPIC, ["-k", "nothing"], 5),
        (TOPIC, ["--no-such-option"], 4),
        (None, [], 2),
    ],
    ids=["true", "false", "syntax", "import", "exit", "none", "usage", "deleted"],
)
def test_the_exit_code_and_the_words_are_those_of_a_cold_run(desk, topic, args, code):
    (desk.day / "topic.py").unlink() if topic is None else desk.write(topic=topic)
    warm = desk.run("katas/day01", *args)
    cold = desk.run("katas/day01", *args, KATAS_WARM="off")
    vary = rf"{client.STARTING}\n|in \d+\.\d+s|by \d+"
    same = [re.sub(vary, "", text) for _, text in (warm, cold)]
    assert warm[0] == cold[0] == code
    if code not in (3, 4):  # these show how pytest was called
        assert same[0] == same[1], f"{same[0]}\n---\n{same[1]}"


def test_a_run_has_the_terminal_folder_and_environment_of_its_caller(desk):
    desk.write(
        test_topic="""\
import os, sys

def test_it():
    print(os.getcwd(), os.environ["COLOUR"], sys.argv[1:], os.get_terminal_size())
    print(sys.stdout.isatty(), sys.stdin.readline())
"""
    )
    desk.spare(COLOUR="blue")
    with Terminal(
        [sys.executable, "-m", "katas.dojo.warm", ".", "-s"],
        desk.day,
        desk.environment(COLOUR="blue", TERM="dumb"),
        rows=11,
        columns=97,
    ) as terminal:
        terminal.wait_for("columns=97, lines=11")
        terminal.type("typed\n")
        terminal.wait_for("True typed")
        assert terminal.wait() == 0
    assert f"{desk.day} blue ['.', '-s']" in terminal.text


def test_nothing_of_a_run_reaches_the_next_and_each_sees_the_files_of_now(desk):
    desk.write(topic="import builtins\nbuiltins.left = 1\n" + TOPIC)
    assert desk.run()[0] == 0
    for factor, code in [(3, 1), (2, 0)]:
        desk.spare()  # it was ready before the file changed
        desk.write(
            topic="import builtins\nassert not hasattr(builtins, 'left')\n"
            f"def double(x):\n    return {factor} * x\n"
        )
        assert desk.run()[0] == code


@pytest.mark.parametrize("change", ["environment", "course", "record"])
def test_a_spare_that_is_out_of_date_is_let_go(desk, change):
    old, more = desk.spare(), {}
    if change == "environment":
        more = {"COLOUR": "blue"}
    elif change == "course":
        os.utime(desk.root / "katas" / "dojo" / "judge" / "check.py", (1, 1))
    else:
        (record,) = desk.place.glob(f"{desk.ptw}-*.json")
        record.unlink()
    code, text = desk.run(**more)
    assert code == 0
    assert by(text) != old
    assert ends(old)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_client_that_is_stopped_takes_its_session_with_it(desk, number):
    session = desk.spare()
    desk.write(topic="import time\ntime.sleep(600)\n")
    desk.write(test_topic="print('on it', flush=True)\nimport katas.day01.topic\n")
    with desk.start() as run:
        until(lambda: "on it" in run.stdout.readline())
        run.send_signal(number)
        assert ends(session)
        text = run.stdout.read()
        assert run.wait(20) == (2 if number != signal.SIGKILL else -signal.SIGKILL)
    assert "Traceback" not in text


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_no_process_and_no_file_outlives_its_ptw(desk, busy):
    spare = desk.spare()
    if busy:
        desk.write(topic="print('on it', flush=True)\nwhile True: pass\n")
        run = desk.start()
        until(lambda: "on it" in run.stdout.readline())
    os.kill(desk.ptw, signal.SIGKILL)
    desk.ptws[0].wait()
    assert ends(spare)
    if busy:
        with run:
            run.communicate(timeout=20)
    assert until(lambda: not [n for n in desk.left() if n.endswith(".json")])
    desk.write(topic=TOPIC)
    assert desk.run(KATAS_PTW=str(desk.another_ptw()))[0] == 0
    assert not desk.left()


def test_an_idle_spare_ends_after_a_while_and_the_next_run_starts_another(desk):
    desk.run(KATAS_IDLE="1")
    assert until(lambda: not desk.left())
    assert desk.run(KATAS_IDLE="1")[0] == 0


def test_a_killed_spare_is_replaced(desk):
    os.kill(desk.spare(), signal.SIGKILL)
    assert desk.run()[0] == 0
    desk.spare()


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (
            "import os\nos._exit(0)\n",
            r"test_topic.py:\n  the code called os._exit",
        ),
        (
            "import os\nos.abort()\n",
            r"test_topic.py:\n  Aborted.\n .*topic.py\W+line 2",
        ),
        (
            "import ctypes\ndef double(x):\n    ctypes.string_at(0)\n",
            r"is_four:\n  Segmentation fault.\n .*topic.py\W+line 3",
        ),
    ],
    ids=["os._exit", "abort", "segfault"],
)
def test_a_run_without_a_verdict_says_so_in_a_sentence(desk, topic, said):
    desk.write(topic=topic)
    code, text = desk.run("katas/day01", "-q")
    assert code == 1
    assert "The run ended without a verdict, in katas/day01/test_topic.py" in text
    assert re.search(said, text)
    assert len(text.splitlines()) <= 5
    desk.write(topic=TOPIC)
    desk.spare()
    assert desk.run()[0] == 0


@pytest.mark.parametrize(
    "topic",
    [
        "while True: pass\n",
        "def double(x):\n    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass\n",
    ],
    ids=["import", "test"],
)
def test_a_loop_without_end_is_ended_and_its_line_named(desk, topic):
    desk.write(topic=topic)
    code, text = desk.run("katas/day01", "-q", KATAS_LIMIT="1")
    line = topic.count("\n") - (1 if "except" in topic else 0)
    assert code == 1
    assert "Stopped after 1 s without a verdict, in katas/day01/test_topic.py" in text
    assert f"never ends near katas/day01/topic.py:{line}?" in text
    assert "Traceback" not in text


def test_a_request_for_too_much_memory_fails_inside_the_session(desk):
    if not sys.platform.startswith("linux"):
        pytest.skip("macOS pages instead")
    desk.write(topic="def double(x):\n    return len(bytearray(10**11))\n")
    code, text = desk.run("katas/day01", "-q")
    assert code == 1
    assert "MemoryError" in text


def test_without_a_place_for_spares_a_run_is_cold_and_says_so_in_a_line(desk):
    (desk.root / ".dojo").write_text("in the way")
    code, text = desk.run()
    assert code == 0
    assert text.splitlines()[0] == "a cold run this time: Not a directory"


def test_where_no_interpreter_can_be_warmed_a_run_is_cold(desk):
    spare = desk.root / "katas" / "dojo" / "warm" / "worker.py"
    spare.write_text("raise SystemExit('broken')\n")
    code, text = desk.run()
    assert code == 0
    assert text.startswith("a cold run this time: no interpreter can be kept warm")


def test_only_the_owner_who_knows_the_token_reaches_a_spare(desk):
    spare = desk.spare()
    (record,) = desk.spares(desk.ptw)
    assert stat.S_IMODE(desk.place.stat().st_mode) == 0o700
    for path in desk.place.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    stranger = wire.connect(record["address"], "guessed")
    with pytest.raises(EOFError):
        stranger.receive(10)
    code, text = desk.run()
    assert (code, by(text)) == (0, spare)


def test_two_ptws_have_a_spare_each(desk):
    other = str(desk.another_ptw())
    spares = desk.spare(), desk.spare(other)
    with desk.start() as one, desk.start(KATAS_PTW=other) as two:
        texts = [p.communicate(timeout=60)[0] for p in (one, two)]
    assert tuple(map(by, texts)) == spares


def test_a_deep_checkout_keeps_its_sockets_elsewhere(tmp_path):
    desk = Desk(tmp_path / "far" / ("away" * 20))
    desk.run()
    code, text = desk.run()
    desk.close()
    assert code == 0
    assert ends(by(text))
    assert not (desk.root / ".dojo").exists()


def test_the_client_starts_without_what_it_does_not_need(desk):
    code = "import sys, katas.dojo.warm.client; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=loop.surroundings(paths.root()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"subprocess", "multiprocessing", "pathlib", "typer", "rich", "pytest"}
    assert not heavy & set(loaded)


def python(code):
    """What a fresh interpreter prints."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=loop.surroundings(paths.root(), MPLBACKEND="agg"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_keras_in_a_spare_lacks_nothing_that_was_put_off():
    said = python(
        """
        import sys
        from katas.dojo.warm import warmup
        warmup._today = lambda: None  # some day's tests import them
        warmup.warm_up(lambda: False)
        print([n for n in ("sklearn", "pandas", "matplotlib") if n in sys.modules])
        import keras, numpy as np
        print(keras.layers.Dense(1).name)
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        import pandas as pd
        frame = pd.DataFrame(np.zeros((4, 3)))
        model.fit(frame, frame[[0]], verbose=0)
        from keras import wrappers
        from sklearn.base import BaseEstimator
        print(issubclass(keras.wrappers.SKLearnClassifier, BaseEstimator))
        images = np.zeros((4, 8, 8, 3))
        keras.visualization.plot_image_gallery(images, rows=2, cols=2, show=False)
        print("matplotlib.pyplot" in sys.modules)
        """
    )
    assert said.split("\n")[:4] == ["[]", "dense", "True", "True"]


def test_a_spare_brings_what_the_files_of_today_import():
    said = python(
        """
        import sys
        from katas.dojo.course import index, standing
        from katas.dojo.warm import warmup
        standing.today = lambda: index.day(30)
        warmup.warm_up(lambda: False)
        print("sklearn.metrics" in sys.modules, "katas.detector.job" in sys.modules)
        print([n for n in sys.modules if n.startswith("katas.day")])
        """
    )
    assert said == "True True\n[]\n"


def test_a_day_reads_the_same_warm_and_cold():
    day = index.built_days()[0]
    with loop.copy_of_checkout() as root:
        environment = loop.surroundings(root, KATAS_PTW=str(os.getpid()))

        def run(*command):
            words = [*command, f"katas/{day.name}", "--against", f"{day.name}:1"]
            done = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=root,
                env=environment,
                capture_output=True,
                text=True,
            )
            return done.returncode, done.stdout.removeprefix(f"{client.STARTING}\n")

        first, second = run("katas.dojo.warm"), run("katas.dojo.warm")
        cold = run("pytest")
        for record in registry.records(os.getpid(), str(root)):
            os.unlink(record)  # so that its spare ends
    assert cold[0] == 1
    assert first == second == cold
