"""What `kata doctor` asks of Python, the packages and TensorFlow's import."""

import os
import platform
import re
import subprocess
import sys
import tomllib

from katas.dojo.doctor import requirements
from katas.dojo.store import paths

IMPORT = """
import os, katas, tensorflow, keras, numpy
print("well", keras.backend.backend(), os.getenv("TF_USE_LEGACY_KERAS") == "1")
"""
ILLEGAL = (-4, 0xC000001D)  # exit codes of an instruction the processor lacks


def by_uv(mend):
    """The same line where uv made the environment, which then holds no pip."""
    return re.sub(r"(?<!uv )\bpip (install|uninstall)( -y)?", r"uv pip \1", mend)


def project():
    return tomllib.loads((paths.root() / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]


def python():
    """the Python"""
    from packaging.specifiers import SpecifierSet

    wanted, came = project()["requires-python"], platform.python_version()
    right = came in SpecifierSet(wanted)
    mend = "" if right else "uv venv --python 3.12 && uv pip install -e ."
    found = came if right else f"{came}, expected {wanted}"
    yield "ok" if right else "failed", "Python", found, mend
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        mend = "open the folder in its dev container, or on Apple silicon"
        yield "failed", "processor", "TensorFlow has no build for Intel Macs", mend


def packages():
    """the packages"""
    texts, named = project()["dependencies"], set()
    for wanted, came, by in requirements.wrong(texts):
        if wanted.name not in named:
            named.add(wanted.name)
            found = f"{came}, expected {wanted.specifier}" if came else "not installed"
            asker = "" if by == "the course" else f", says {by}"
            mend = f'pip install "{wanted.name}{wanted.specifier}"'
            yield "failed", wanted.name, found + asker, mend
    for name in ("tensorflow", "keras"):
        if name not in named:
            yield "ok", name, requirements.version(name), ""
    for name, place in requirements.rivals():
        mend = f"pip uninstall -y {name} && pip install --force-reinstall {place}"
        yield "failed", name, f"takes the place of {place}", mend


def tensorflow():
    """TensorFlow's import"""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        errors="replace",
        cwd=paths.root(),
        check=False,
    )
    if "well" in done.stdout:
        yield "ok", "import", "TensorFlow and Keras can be imported", ""
        _, backend, legacy = done.stdout[done.stdout.index("well") :].split()[:3]
        if backend in ("jax", "torch", "numpy", "openvino"):
            found = f"{backend}, expected tensorflow"
            yield "failed", "Keras runs on", found, "set KERAS_BACKEND=tensorflow"
        if legacy == "True":
            found = "TF_USE_LEGACY_KERAS asks for Keras 2"
            yield "failed", "tf.keras", found, "unset TF_USE_LEGACY_KERAS"
        return
    said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    mend = "pip install --force-reinstall tensorflow"
    if done.returncode in ILLEGAL:
        said = "the processor lacks instructions that TensorFlow's builds use (AVX)"
        mend = "work on another machine, or in a cloud workspace"
    elif sys.platform == "win32" and "DLL" in said:
        mend = "winget install Microsoft.VCRedist.2015+.x64"
    yield "failed", "import", said[:200], mend
