"""The warm runner: a worker runs once, on the files of now, and leaves nothing."""

import json
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
from tests.small_workspace import TOPIC, SmallWorkspace, ends, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="tried on POSIX only")


@pytest.fixture
def workspace():
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="workspace-") as root:
        small = SmallWorkspace(root)
        yield small
        small.close()


def runner_pid(text):
    """The process that ran the test, as the test printed it."""
    return int(re.search(r"by (\d+)", text)[1])


def test_each_run_takes_the_worker_that_waits_and_no_worker_runs_twice(workspace):
    runners = [runner_pid(workspace.run()[1])]
    for _ in range(2):
        waiting = workspace.worker()
        assert waiting not in runners
        code, text = workspace.run()
        assert (code, runner_pid(text)) == (0, waiting)
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
    ids=["pass", "fail", "syntax", "import", "exit", "none", "usage", "deleted"],
)
def test_exit_code_and_output_are_those_of_a_cold_run(workspace, topic, args, code):
    workspace.write(topic=topic)
    warm = workspace.run("katas/day01", *args)
    cold = workspace.run("katas/day01", *args, KATAS_WARM="off")
    varying = rf"{client.STARTING}\n|in \d+\.\d+s|by \d+"
    same = [re.sub(varying, "", text) for _, text in (warm, cold)]
    assert warm[0] == cold[0] == code
    if code not in (3, 4):  # these show how pytest was called
        assert same[0] == same[1], f"{same[0]}\n---\n{same[1]}"


def test_a_run_has_the_terminal_folder_and_environment_of_its_client(workspace):
    workspace.write(
        test_topic="""\
import os, sys

def test_it():
    print(os.getcwd(), os.environ["COLOUR"], sys.argv[1:], os.get_terminal_size())
    print(sys.stdout.isatty(), sys.stdin.readline())
"""
    )
    workspace.worker(COLOUR="blue")
    with Terminal(
        [sys.executable, "-m", "katas.dojo.warm", ".", "-s"],
        workspace.day,
        workspace.environment(COLOUR="blue", TERM="dumb"),
        rows=11,
        columns=97,
    ) as terminal:
        terminal.wait_for("columns=97, lines=11")
        terminal.type("typed\n")
        terminal.wait_for("True typed")
        assert terminal.wait() == 0
    assert f"{workspace.day} blue ['.', '-s']" in terminal.text


def test_each_run_starts_afresh_and_reads_the_current_files(workspace):
    workspace.write(topic="import builtins\nbuiltins.left = 1\n" + TOPIC)
    assert workspace.run()[0] == 0
    for factor, code in [(3, 1), (2, 0)]:
        workspace.worker()  # it was ready before the file changed
        workspace.write(
            topic="import builtins\nassert not hasattr(builtins, 'left')\n"
            f"def double(x):\n    return {factor} * x\n"
        )
        assert workspace.run()[0] == code


@pytest.mark.parametrize("change", ["environment", "course", "record"])
def test_a_worker_that_is_out_of_date_ends_without_a_run(workspace, change):
    old, more = workspace.worker(), {}
    if change == "environment":
        more = {"COLOUR": "blue"}
    elif change == "course":
        os.utime(workspace.root / "katas" / "dojo" / "judge" / "check.py", (1, 1))
    else:
        (record,) = workspace.worker_folder.glob(f"{workspace.ptw}-*.json")
        record.unlink()
    code, text = workspace.run(**more)
    assert code == 0
    assert runner_pid(text) != old
    assert ends(old)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_client_that_is_stopped_takes_its_session_with_it(workspace, number):
    session = workspace.worker()
    workspace.write(topic="import time\ntime.sleep(600)\n")
    workspace.write(test_topic="print('on it', flush=True)\nimport katas.day01.topic\n")
    with workspace.start() as run:
        wait_until(lambda: "on it" in run.stdout.readline())
        run.send_signal(number)
        assert ends(session)
        text = run.stdout.read()
        assert run.wait(20) == (2 if number != signal.SIGKILL else -signal.SIGKILL)
    assert "Traceback" not in text


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_no_process_and_no_file_outlives_its_ptw(workspace, busy):
    worker = workspace.worker()
    if busy:
        workspace.write(topic="print('on it', flush=True)\nwhile True: pass\n")
        run = workspace.start()
        wait_until(lambda: "on it" in run.stdout.readline())
    os.kill(workspace.ptw, signal.SIGKILL)
    workspace.ptws[0].wait()
    assert ends(worker)
    if busy:
        with run:
            run.communicate(timeout=20)
    assert wait_until(
        lambda: not [n for n in workspace.files_of_workers() if n.endswith(".json")]
    )
    workspace.write(topic=TOPIC)
    assert workspace.run(KATAS_PTW=str(workspace.another_ptw()))[0] == 0
    assert not workspace.files_of_workers()


def test_an_idle_worker_ends_after_a_while_and_the_next_run_starts_another(workspace):
    workspace.run(KATAS_IDLE="1")
    assert wait_until(lambda: not workspace.files_of_workers())
    assert workspace.run(KATAS_IDLE="1")[0] == 0


def test_a_killed_worker_is_replaced(workspace):
    os.kill(workspace.worker(), signal.SIGKILL)
    assert workspace.run()[0] == 0
    workspace.worker()


@pytest.mark.parametrize(
    ("topic", "output"),
    [
        ("import os\nos._exit(0)\n", r"The code called os._exit"),
        ("import os\nos.abort()\n", r"Aborted\n.*katas/day01/topic.py:2"),
        (
            "import ctypes\ndef double(x):\n    ctypes.string_at(0)\n",
            r"Segmentation fault\n.*katas/day01/topic.py:3",
        ),
    ],
    ids=["os._exit", "abort", "segfault"],
)
def test_a_crashed_run_is_repeated_and_reported_with_its_cause(
    workspace, topic, output
):
    workspace.write(topic=topic)
    code, text = workspace.run("katas/day01", "-q")
    assert code in (1, 2)  # in a test, at an import
    assert re.search(output, text), text
    workspace.write(topic=TOPIC)
    workspace.worker()
    assert workspace.run()[0] == 0


def test_a_request_for_too_much_memory_fails_inside_the_session(workspace):
    if not sys.platform.startswith("linux"):
        pytest.skip("macOS pages instead")
    workspace.write(topic="def double(x):\n    return len(bytearray(10**11))\n")
    code, text = workspace.run("katas/day01", "-q")
    assert code == 1
    assert "MemoryError" in text


def test_where_no_folder_can_be_made_a_run_is_cold_and_prints_one_line(workspace):
    (workspace.root / ".dojo").write_text("in the way")
    code, text = workspace.run()
    assert code == 0
    assert text.splitlines()[0] == (
        "This run is slower, without a warm worker: Not a directory."
    )


def test_where_no_worker_can_be_started_a_run_is_cold(workspace):
    module = workspace.root / "katas" / "dojo" / "warm" / "worker.py"
    module.write_text("raise SystemExit('broken')\n")
    code, text = workspace.run()
    assert code == 0
    assert text.startswith(
        "This run is slower, without a warm worker: none could be started"
    )


def test_a_worker_accepts_only_its_owner_with_the_token(workspace):
    worker = workspace.worker()
    (record,) = workspace.ready_workers(workspace.ptw)
    assert stat.S_IMODE(workspace.worker_folder.stat().st_mode) == 0o700
    for path in workspace.worker_folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    stranger = wire.connect(record.address, "guessed")
    with pytest.raises(EOFError):
        stranger.receive(10)
    code, text = workspace.run()
    assert (code, runner_pid(text)) == (0, worker)


def test_two_ptws_have_a_worker_each(workspace):
    other = str(workspace.another_ptw())
    workers = workspace.worker(), workspace.worker(other)
    with workspace.start() as one, workspace.start(KATAS_PTW=other) as two:
        texts = [p.communicate(timeout=60)[0] for p in (one, two)]
    assert tuple(map(runner_pid, texts)) == workers


def test_a_deep_checkout_has_its_sockets_elsewhere(tmp_path):
    workspace = SmallWorkspace(tmp_path / "far" / ("away" * 20))
    workspace.run()
    code, text = workspace.run()
    workspace.close()
    assert code == 0
    assert ends(runner_pid(text))
    assert not (workspace.root / ".dojo").exists()


def test_the_client_imports_nothing_slow(workspace):
    code = "import sys, katas.dojo.warm.client; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=loop.environment(paths.root()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {
        "subprocess",
        "multiprocessing",
        "pathlib",
        "typing",
        "typer",
        "rich",
        "pytest",
    }
    assert not heavy & set(loaded)


def python_output(code):
    """What a fresh interpreter prints."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=loop.environment(paths.root(), MPLBACKEND="agg"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_keras_in_a_worker_imports_on_demand_what_was_put_off():
    output = python_output(
        """
        import sys
        from katas.dojo.warm import warmup
        warmup._import_todays_packages = lambda: None  # some day's tests import them
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
    assert output.split("\n")[:4] == ["[]", "dense", "True", "True"]


def test_a_worker_has_imported_what_the_files_of_today_import():
    output = python_output(
        """
        import sys
        from katas.dojo.course import index, standing
        from katas.dojo.warm import warmup
        standing.today = lambda: index.day(31)
        warmup.warm_up(lambda: False)
        print("sklearn.metrics" in sys.modules, "katas.detector.run" in sys.modules)
        print([n for n in sys.modules if n.startswith("katas.day")])
        # warm_up() suppresses the errors of these steps
        warmup._import_course(), warmup._draw_examples(), warmup._train_network()
        """
    )
    assert output == "True True\n[]\n"


def test_a_days_output_is_the_same_warm_and_cold():
    day = index.built_days()[0]
    with loop.copy_of_checkout() as root:
        environment = loop.environment(root, KATAS_PTW=str(os.getpid()))

        def run(*command):
            args = [*command, f"katas/{day.name}", "--against", f"{day.name}:1"]
            done = subprocess.run(
                [sys.executable, "-m", *args],
                cwd=root,
                env=environment,
                capture_output=True,
                text=True,
            )
            return done.returncode, done.stdout.removeprefix(f"{client.STARTING}\n")

        first, second = run("katas.dojo.warm"), run("katas.dojo.warm")
        cold = run("pytest")
        for record in registry.record_paths(os.getpid(), str(root)):
            os.unlink(record)  # so that its worker ends
    assert cold[0] == 1
    assert first == second == cold


def test_the_learners_settings_of_keras_make_no_right_code_fail(tmp_path):
    """Warm and cold, with a keras.json and variables for programs of their own."""
    config = {
        "backend": "jax",
        "epsilon": 0.01,
        "floatx": "float64",
        "image_data_format": "channels_first",
    }
    (tmp_path / "keras.json").write_text(json.dumps(config))
    with loop.copy_of_checkout() as root:
        variables = {
            "KATAS_PTW": str(os.getpid()),
            "KERAS_BACKEND": "jax",
            "KERAS_HOME": str(tmp_path),
            "KERAS_MAX_EPOCHS": "1",
            "TF_USE_LEGACY_KERAS": "1",
        }
        for program in ("pytest", "katas.dojo.warm"):
            done = subprocess.run(
                [sys.executable, "-m", program, "katas/day03", "--against=solutions"],
                cwd=root,
                env=loop.environment(root, **variables),
                capture_output=True,
                text=True,
            )
            assert "22 of 22 passed" in done.stdout, done.stdout + done.stderr
        for record in registry.record_paths(os.getpid(), str(root)):
            os.unlink(record)  # so that its worker ends
