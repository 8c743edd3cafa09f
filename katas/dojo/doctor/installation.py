"""Checks of Python, the packages and TensorFlow's import."""

import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

from packaging.specifiers import SpecifierSet

from katas.dojo.doctor import requirements
from katas.dojo.doctor.findings import Finding, ok, problem
from katas.dojo.store import paths

IMPORT = """
import katas, tensorflow, keras, numpy
print("imported")
"""
ILLEGAL_INSTRUCTION = (-4, 0xC000001D)  # exit codes on POSIX and Windows


def by_uv(fix: str) -> str:
    """The same line for an environment made by uv, which holds no pip."""
    return re.sub(r"(?<!uv )\bpip (install|uninstall)( -y)?", r"uv pip \1", fix)


def project() -> dict:
    """The table `project` of pyproject.toml."""
    text = (paths.root() / "pyproject.toml").read_text("utf-8")
    return tomllib.loads(text)["project"]


def python() -> Iterator[Finding]:
    """the Python"""
    wanted, version = project()["requires-python"], platform.python_version()
    if version in SpecifierSet(wanted):
        yield ok("Python", version)
    else:
        fix = "uv venv --python 3.12 && uv pip install -e ."
        yield problem("Python", f"{version}, expected {wanted}", fix)
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        fix = "open the folder in its dev container, or on Apple silicon"
        yield problem("processor", "TensorFlow has no build for Intel Macs", fix)


def packages() -> Iterator[Finding]:
    """the packages"""
    named = set()
    for unmet in requirements.unmet(project()["dependencies"]):
        if unmet.name in named:
            continue
        named.add(unmet.name)
        text = "not installed"
        if unmet.version:
            text = f"{unmet.version}, expected {unmet.specifier}"
        if unmet.required_by:
            text += f", required by {unmet.required_by}"
        yield problem(unmet.name, text, f'pip install "{unmet.name}{unmet.specifier}"')
    for name in ("tensorflow", "keras"):
        if name not in named and (version := requirements.version(name)):
            yield ok(name, version)
    for rival in requirements.rivals():
        fix = f"pip uninstall -y {rival.name} && "
        fix += f"pip install --force-reinstall {rival.replaces}"
        yield problem(rival.name, f"takes the place of {rival.replaces}", fix)


def tensorflow() -> Iterator[Finding]:
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
    if "imported" in done.stdout:
        yield ok("import", "TensorFlow and Keras can be imported")
    else:
        yield _import_problem(done)


def _import_problem(done: subprocess.CompletedProcess[str]) -> Finding:
    """Why the import failed, from the last line of its output or its exit code."""
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    text, fix = lines[-1], "pip install --force-reinstall tensorflow"
    if done.returncode in ILLEGAL_INSTRUCTION:
        text = "the processor lacks instructions that TensorFlow's builds use (AVX)"
        fix = "work on another machine, or in a cloud workspace"
    elif sys.platform == "win32" and "DLL" in text:
        fix = "winget install Microsoft.VCRedist.2015+.x64"
    return problem("import", text[:200], fix)
