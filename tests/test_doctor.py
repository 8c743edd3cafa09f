"""`kata doctor`: a package that breaks the course is named, with the line that fixes it."""

import sys

import pytest

from katas.dojo.doctor import installation
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


def test_keras_on_another_backend_or_of_another_age_is_named(workspace):
    other = "class backend:\n    backend = staticmethod(lambda: 'jax')\n"
    write(workspace.parent / "stand_in/keras.py", other)
    output = kata_process(workspace, "doctor", code=1, TF_USE_LEGACY_KERAS="1")
    assert "jax, expected tensorflow" in output
    assert "set KERAS_BACKEND=tensorflow" in output
    assert "unset TF_USE_LEGACY_KERAS" in output
    assert "2 problems found." in output


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
