"""`kata doctor`: a package that breaks the course is named, with the line that mends it."""

import sys

import pytest

from katas.dojo.doctor import installation
from tests import small_course as small
from tests.small_course import kata, write


@pytest.fixture
def desk(tmp_path):
    return small.make(tmp_path / "course")


def install(root, name, version):
    """Let a package's record say another version than the true one."""
    place = root.parent / "stand_in" / f"{name.replace('-', '_')}-{version}.dist-info"
    record = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    write(place / "METADATA", record)


def test_all_is_well_where_it_is(desk):
    said = kata(desk, "doctor")
    assert "All is well." in said


def test_a_version_that_breaks_the_course_is_named_whoever_asks_for_it(desk):
    install(desk, "keras", "3.5.0")
    install(desk, "protobuf", "3.19.0")  # TensorFlow asks for a newer one
    install(desk, "tf-nightly", "2.22.0.dev20260101")
    said = kata(desk, "doctor", code=1)
    assert "3.5.0, expected <4,>=3.12" in said
    assert 'pip install "keras<4,>=3.12"' in said
    assert "3.19.0, expected" in said
    assert "says tensorflow 2.21" in said
    assert 'pip install "protobuf' in said
    assert "tf-nightly" in said
    mend = "pip uninstall -y tf-nightly && pip install --force-reinstall tensorflow"
    assert mend in said
    assert "3 things to mend." in said


def test_keras_on_another_backend_or_of_another_age_is_named(desk):
    other = "class backend:\n    backend = staticmethod(lambda: 'jax')\n"
    write(desk.parent / "stand_in/keras.py", other)
    said = kata(desk, "doctor", code=1, TF_USE_LEGACY_KERAS="1")
    assert "jax, expected tensorflow" in said
    assert "set KERAS_BACKEND=tensorflow" in said
    assert "unset TF_USE_LEGACY_KERAS" in said
    assert "2 things to mend." in said


def test_a_processor_without_the_instructions_is_told_from_a_broken_package(desk):
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n"
    code = "import os\nos._exit(0xC000001D)\n" if sys.platform == "win32" else code
    write(desk.parent / "stand_in/tensorflow.py", code)
    said = kata(desk, "doctor", code=1)
    assert "AVX" in said
    assert "force-reinstall" not in said


def test_where_uv_made_the_environment_the_line_is_uvs():
    said = installation.by_uv(
        "pip uninstall -y one && pip install --force-reinstall two"
    )
    assert said == "uv pip uninstall one && uv pip install --force-reinstall two"
    made = "uv venv --python 3.12 && uv pip install -e ."
    assert installation.by_uv(made) == made
