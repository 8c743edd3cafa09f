"""`kata doctor`: a package that breaks the course is named, with the line that fixes it."""

import errno
import sys

import pytest

from katas.dojo.doctor import installation, machine
from tests import small_course as small
from tests.small_course import kata_process, write


@pytest.fixture
def workspace(tmp_path):
    return small.make(tmp_path / "course")


def install(root, name, version):
    """Give a package's record another version than the installed one."""
    place = root.parent / "stand_in" / f"{name.replace('-', '_')}-{version}.dist-info"
    record = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    write(place / "METADATA", record)


def test_a_sound_installation_has_no_problems(workspace):
    output = kata_process(workspace, "doctor")
    assert "No problems found." in output


def test_a_version_that_breaks_the_course_is_named_whatever_requires_it(workspace):
    install(workspace, "keras", "3.5.0")
    install(workspace, "protobuf", "3.19.0")  # TensorFlow requires a newer one
    install(workspace, "tf-nightly", "2.22.0.dev20260101")
    output = kata_process(workspace, "doctor", code=1)
    assert "3.5.0, expected <4,>=3.12" in output
    assert 'pip install "keras<4,>=3.12"' in output
    assert "3.19.0, expected" in output
    assert "required by tensorflow 2.21" in output
    assert 'pip install "protobuf' in output
    assert "tf-nightly" in output
    fix = "pip uninstall -y tf-nightly && pip install --force-reinstall tensorflow"
    assert fix in output
    assert "3 problems found." in output


def test_the_learners_own_settings_of_keras_and_pytest_are_named(workspace):
    config = workspace.parent / "keras" / "keras.json"
    write(config, '{"backend": "jax", "floatx": "float64", "epsilon": 1e-07}')
    entry = "[pytest11]\nrandomly = shuffling\n"
    install(workspace, "pytest-randomly", "3.16.0")
    write(
        workspace.parent / "stand_in/pytest_randomly-3.16.0.dist-info/entry_points.txt",
        entry,
    )
    output = kata_process(
        workspace,
        "doctor",
        KERAS_HOME=str(config.parent),
        KERAS_BACKEND="jax",
        TF_USE_LEGACY_KERAS="1",
        PYTEST_ADDOPTS="-n 2",
    )
    for line in (
        "KERAS_BACKEND=jax, which the course's runs ignore",
        "unset KERAS_BACKEND",
        "TF_USE_LEGACY_KERAS=1, which the course's runs ignore",
        "unset TF_USE_LEGACY_KERAS",
        f"{config} sets backend jax, floatx float64, which the course's runs ignore",
        f"mv {config} {config}.old",
        "PYTEST_ADDOPTS=-n 2 is added to each run of pytest",
        "unset PYTEST_ADDOPTS",
        "not loaded by the course's runs: randomly",
        "No problems found.",
    ):
        assert line in output


def test_files_that_are_missing_or_in_the_way_are_named(workspace):
    katas = workspace / "katas"
    (katas / "day01/test_quiz.py").unlink()
    write(katas / "day02/test_sums.py", "def test_nothing():\n    pass\n")
    (katas / "day02/sums.py").write_text("x = 1\n", "utf-16")
    (katas / "day03/steps.py").unlink()
    write(workspace / "turtle.py", "")
    write(workspace / "pytest.ini", "[pytest]\n")
    write(workspace / ".dojo", "a file in the folder's place")
    output = kata_process(workspace, "doctor", code=1)
    for line in (
        "katas/day01/test_quiz.py is missing",
        "git restore katas/day01/test_quiz.py",
        "katas/day02/test_sums.py lacks test_a_row_of_ones_sums_to_its_length",
        "git diff katas/day02/test_sums.py",
        "katas/day02/sums.py is not saved as UTF-8",
        "katas/day03/steps.py is missing",
        "kata back 3, or kata reset 3 for a blank one",
        "turtle.py hides the module turtle",
        "mv turtle.py my_turtle.py",
        "Expected to write .dojo/state.json, got 'File exists'",
        "move away what stands in the place of .dojo",
        "pytest.ini takes the place of the course's .pytest.ini",
        "mv pytest.ini pytest.ini.old",
        "7 problems found.",
    ):
        assert line in output


def test_a_folder_that_cannot_be_watched_is_named_and_polling_is_offered(
    workspace, monkeypatch
):
    """What watchdog raises where the system's limit is reached."""
    pytest.importorskip("watchdog")
    from watchdog.observers import Observer

    def start(observer):
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    monkeypatch.setattr(Observer, "start", start)
    monkeypatch.setattr(machine, "watches", lambda: 65536)
    output = small.kata(workspace, "doctor", code=1)
    assert "katas/ cannot be watched: inotify instance limit reached" in output
    assert "ptw --poll" in output


def test_a_processor_without_the_instructions_is_not_taken_for_a_broken_package(
    workspace,
):
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n"
    code = "import os\nos._exit(0xC000001D)\n" if sys.platform == "win32" else code
    write(workspace.parent / "stand_in/tensorflow.py", code)
    output = kata_process(workspace, "doctor", code=1)
    assert "AVX" in output
    assert "force-reinstall" not in output


def test_where_uv_made_the_environment_the_line_is_uvs():
    output = installation.by_uv(
        "pip uninstall -y one && pip install --force-reinstall two"
    )
    assert output == "uv pip uninstall one && uv pip install --force-reinstall two"
    made = "uv venv --python 3.12 && uv pip install -e ."
    assert installation.by_uv(made) == made
