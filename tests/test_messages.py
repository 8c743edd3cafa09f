"""What the learner reads for each kind of failure, word for word."""

import re
import textwrap
from types import SimpleNamespace

import pytest

from katas.dojo.course import index
from katas.dojo.judge import check, quiz
from katas.dojo.runner import symptoms
from katas.dojo.supervision import watchdog
from tests.inner import run

HEAD = "def magnitude(x):\n    "
TEST = "test_half_of_all_training_reads_about_one_g"
RULE = "Gravity is 1 g, and slow movement adds little. What do three axes add up to?"
PLACE = "  katas/day01/test_tensors.py:"
MINE = "  solutions/day01/tensors.py:"  # the module whose place the text takes

EXPLANATIONS = {
    "nothing returned": (
        "pass",
        [
            RULE,
            "  expected a tensor, got None: is there a return, or is a gradient cut?",
            PLACE,
        ],
    ),
    "wrong shape": (
        "return tf.reduce_sum(x, axis=0)",
        [RULE, "  expected shape (140, 128), got (128, 3)", PLACE],
    ),
    "not a number": (
        "return tf.sqrt(-1 - tf.reduce_sum(tf.square(x), axis=-1))",
        [
            RULE,
            "  1 of 1 entries NaN, expected finite",
            PLACE,
            f"  see katas/SYMPTOMS.md:{symptoms.line_of('a loss or an output is NaN')}",
        ],
    ),
    "an error of TensorFlow": (
        "return tf.matmul(x, tf.ones((7, 7)))",
        ["InvalidArgumentError: Matrix size-incompatible: In[0]: [140,128,3]", MINE],
    ),
    "what TensorFlow has not implemented": (
        "raise NotImplementedError('Cannot convert a symbolic tensor.')",
        ["NotImplementedError: Cannot convert a symbolic tensor.", MINE],
    ),
    "an exit": (
        "raise SystemExit(3)",
        ["The code called exit(3). Return a value instead."],
    ),
    "out of memory": (
        "raise MemoryError",
        ["Out of memory. Is a shape larger than it should be?"],
    ),
    "endless recursion": (
        "return magnitude(x)",
        ["A function called itself without end."],
    ),
    "a global switch": (
        "tf.config.run_functions_eagerly(True)\n    return tf.norm(x, axis=-1)",
        ["The code changed eager mode of tf.function for everyone after it."],
    ),
    "a writer of events": (
        "import tempfile\n"
        "    tf.summary.create_file_writer(tempfile.mkdtemp()).set_as_default()\n"
        "    return tf.norm(x, axis=-1)",
        ["The code changed the default writer of tf.summary for everyone after it."],
    ),
    "an endless loop": (
        "while True:\n        try:\n            x = x + 0\n"
        "        except Exception:\n            pass",
        ["Stopped after ", " s. Is there a loop that never ends?"],
    ),
}


@pytest.mark.parametrize("kind", EXPLANATIONS)
def test_a_failure_is_explained_in_a_sentence(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "katas.dojo.runner.limits.SECONDS", 1.0 if "loop" in kind else 60.0
    )
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, wanted = EXPLANATIONS[kind]
    file = tmp_path / "bad.py"
    file.write_text(HEAD + code + "\n", "utf-8")
    results = run(index.day(1), f"day01={file}", "-k", TEST, timeout_factor=1.0)
    text = results.failed[TEST]
    for part in wanted:
        assert part in text, text
    assert "Traceback" not in text
    assert max(map(len, text.splitlines())) <= 100, text


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Its mean.\n  3 of 9 entries infinite at [0], expected finite", "a loss or"),
        ("Is the gradient cut?\n  expected a tensor, got None: is", "gradient is None"),
        ("Counts.\n  expected shape (7,), got (7, 1)", "`(32,)`"),
        ("Counts.\n  expected shape (7, 1), got (7, 7)", "`(32,)`"),
        ("Kept.\n  expected dtype float32, got float64", "float64 where"),
        ("Its mean.\n  expected a tensor, got None: is there a return, or is a", None),
        ("Counts.\n  expected shape (7,), got (3, 1)", None),
        ("Its mean.\n  expected 3, got 4", None),
    ],
)
def test_a_failure_on_the_symptoms_page_names_its_line(text, row):
    line = f"  see katas/SYMPTOMS.md:{symptoms.line_of(row)}" if row else ""
    assert symptoms.reference(text) == line


def test_a_syntax_error_is_one_line_with_its_place(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text("def magnitude(x)\n    return x\n", "utf-8")
    results = run(index.day(1), f"day01={file}")
    (text,) = set(results.failed.values())
    assert text.startswith("SyntaxError: expected ':'"), text
    assert "def magnitude(x)" in text
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "from katas.dojo.data import load",
            ["from katas.detector.sources import load"],
        ),
        (
            "from katas.dojo.data import (\n    CHANNELS,\n    Recording,\n    watch,\n)",
            ["from katas.detector.recordings import CHANNELS, Recording, watch"],
        ),
        (
            "from katas.dojo.data import digits, load, simulator",
            [
                "from katas.dojo.course import digits",
                "from katas.detector.sources import load",
                "from katas.detector import simulator",
            ],
        ),
        (
            "from katas.dojo.check import at_most, close, equal",
            ["from katas.dojo.judge.check import at_most, close, equal"],
        ),
        (
            "from katas.dojo.strategies import arrays, labels, seeds",
            ["from katas.dojo.judge.strategies import arrays, labels, seeds"],
        ),
        (
            "from katas.dojo.sampling import Best, Epochs, augment",
            ["from katas.detector.sampling import Best, Epochs, augment"],
        ),
        (
            "from katas.dojo.keep import write_atomic as write",
            ["from katas.dojo.store.files import write_atomic as write"],
        ),
        (
            "from katas.dojo.quiet import silent_stderr",
            ["from katas.dojo.store.streams import silent_stderr"],
        ),
        (
            "from katas.dojo import training_cli",
            [
                "from katas.detector import cli  # and cli.train() in place of"
                " training_cli.main(...)"
            ],
        ),
        (
            "from katas.dojo import ablating",
            [
                "from katas.detector import cli  # and cli.ablate() in place of"
                " ablating.main(...)"
            ],
        ),
        (
            "from katas.dojo import shipping",
            [
                "from katas.detector import cli  # and cli.ship() in place of shipping.main(...)"
            ],
        ),
    ],
)
def test_an_import_by_an_old_path_shows_the_line_to_write_now(old, new, tmp_path):
    file = tmp_path / "old.py"
    file.write_text(f"{old}\n", "utf-8")
    (text,) = set(run(index.day(1), f"day01={file}").failed.values())
    first, *lines, place = text.splitlines()
    assert first == "This module has moved; replace the import by", text
    assert [line.strip() for line in lines] == new
    assert place.startswith(MINE), text
    for line in new:
        exec(line, {})


def test_an_import_of_what_never_existed_is_an_error_as_it_stands(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text("from katas.dojo import nothing\n", "utf-8")
    (text,) = set(run(index.day(1), f"day01={file}").failed.values())
    assert text.startswith("ImportError: cannot import name 'nothing'"), text


def test_an_exit_at_import_does_not_end_the_run(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text("import sys\nsys.exit(1)\n", "utf-8")
    results = run(index.day(1), f"day01={file}")
    assert "the file calls exit(1) on import" in "".join(results.failed.values())


def test_a_property_shows_its_falsifying_example(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text(f"{HEAD}return tf.reduce_sum(tf.abs(x), axis=-1)\n", "utf-8")
    name = "test_the_magnitude_is_the_euclidean_length_of_a_row"
    text = run(index.day(1), f"day01={file}", "-k", name).failed[name]
    expected = textwrap.dedent("""\
        Length is the root of the summed squares. Over which axis is the sum?
          1 of 1 entries differ, first at [0, 0]: expected""")
    assert text.startswith(expected), text
    assert "  with x=array([[[" in text, text


@pytest.mark.parametrize("draw", ["tf.random.normal", "np.random.random_sample"])
def test_random_numbers_are_the_same_at_each_save(draw, tmp_path):
    file = tmp_path / "bad.py"
    body = f"import numpy as np\n    return {draw}(x.shape[:-1])"
    file.write_text(f"{HEAD}{body}\n", "utf-8")
    once, again = (run(index.day(1), f"day01={file}", "-k", TEST) for _ in range(2))
    assert once.failed == again.failed != {}


def test_an_open_prediction_fails_before_its_experiment():
    space = {"quiz": SimpleNamespace(open=..., made=3)}
    exec("def open():\n    1 / 0 > quiz.open\ndef made():\n    quiz.made", space)
    with pytest.raises(quiz.NotPredicted, match="no prediction yet"):
        quiz.require_prediction(space["open"])
    quiz.require_prediction(space["made"])


def test_a_test_waits_that_reaches_a_function_which_did_not_end(tmp_path, monkeypatch):
    """Three tests of day 01 call `magnitude`; others call `distances`, which calls it."""
    monkeypatch.setattr("katas.dojo.runner.limits.SECONDS", 1.0)
    file = tmp_path / "bad.py"
    loop = "def magnitude(x):\n    while True:\n        x = x + 0\n"
    calls = "def distances(a, b):\n    return magnitude(a - b)\n"
    file.write_text(f"{loop}\n\n{calls}", "utf-8")
    results = run(index.day(1), f"day01={file}", timeout_factor=1.0)
    texts = [text for name, text in results.failed.items()]
    waiting = "Not run: it calls `magnitude`, which did not end above."
    assert sum(text.startswith("Stopped after") for text in texts) == 1
    assert sum(waiting in text for text in texts) == len(texts) - 1 >= 5
    assert "test_a_sequence_is_standardised_the_same_in_any_batch" in results.passed


class Unreadable(Exception):
    def __str__(self):
        raise ValueError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError(), "got Value: "),
        (Unreadable(), "its message cannot be shown: __str__ raised ValueError"),
    ],
)
def test_a_value_that_is_no_array_is_named_whatever_its_error_says(error, text):
    def fail(self, *args, **kwargs):
        raise error

    value = type("Value", (), {"__array__": fail})()
    with pytest.raises(AssertionError, match=re.escape(text)):
        check.close(value, 0.0, "A rule.")


def test_calls_that_end_are_slow_and_not_endless(tmp_path, monkeypatch):
    monkeypatch.setattr("katas.dojo.runner.limits.SECONDS", 2.0)
    file = tmp_path / "slow.py"
    body = "until = time.monotonic() + 0.4\n    while time.monotonic() < until: pass\n"
    code = (
        f"import time\n\ndef magnitude(x):\n    {body}    return tf.norm(x, axis=-1)\n"
    )
    file.write_text(code, "utf-8")
    results = run(index.day(1), f"day01={file}", "-k", "lies", timeout_factor=1.0)
    texts = " ".join(" ".join(results.failed.values()).split())
    assert "this is slow, not endless" in texts
    assert "KATAS_TIMEOUT_FACTOR=3 gives it three times as long" in texts
    assert "loop" not in texts


@pytest.mark.parametrize(
    ("wall", "cpu", "due"),
    [
        (19, 40, False),  # several cores
        (21, 20, True),
        (21, 5, False),  # a busy machine
        (61, 5, True),
        (21, 0.1, True),  # it waits for something
    ],
)
def test_a_limit_is_computing_time(wall, cpu, due):
    assert watchdog.is_due(20.0, wall, cpu) == due
