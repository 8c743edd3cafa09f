"""The structure holds: imports go one way, in no circle, and folders stay small.

`.github/ARCHITECTURE.md` draws what is tested here.
"""

import ast
import re
import subprocess
from collections import Counter
from graphlib import CycleError, TopologicalSorter

import pytest

from katas.dojo.authoring import architecture
from katas.dojo.store import paths

# A package imports from itself and from packages of earlier lines.
LEVELS = [
    ["store"],
    ["supervision"],
    ["course"],
    ["judge"],
    ["notebook"],
    ["runner"],
    ["warm", "workspace"],
    ["update", "doctor", "authoring", "bench"],
    ["classroom"],
    ["cli"],
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
# Where the tooling needs the detector: its data, its figures, its speed.
USES_DETECTOR = (
    "katas.dojo.authoring.detector_lines",
    "katas.dojo.bench.",
    "katas.dojo.doctor.",
    "katas.dojo.workspace.data_command",
    "katas.dojo.workspace.detector_command",
    "katas.dojo.workspace.finish_command",
    "katas.dojo.warm.warmup",
)
TOP = {"katas", "notes", "solutions", "tests", "pyproject.toml", "README.md", "LICENSE"}
LARGEST = 12  # modules in a folder

FILES = architecture.modules()
TOOLING = [name for name in FILES if architecture.package(name) in LEVEL]
DETECTOR = [name for name in FILES if architecture.package(name) == "detector"]


def imports(name):
    """The modules that a module imports; late imports count."""
    return set(architecture.imports(FILES[name], FILES))


def test_every_package_of_the_tooling_has_a_level():
    packages = {architecture.package(name) for name in FILES}
    assert packages == {"", "detector", *LEVEL}


@pytest.mark.parametrize("name", TOOLING)
def test_a_module_of_the_tooling_imports_only_packages_below_its_own(name):
    mine = architecture.package(name)
    for other in imports(name):
        theirs = architecture.package(other)
        assert not other.startswith("tests"), f"{name} imports {other}"
        if theirs == "detector":
            assert name.startswith(USES_DETECTOR), f"{name} imports {other}"
        elif theirs not in ("", mine):
            assert LEVEL[theirs] < LEVEL[mine], f"{name} imports {other}"


@pytest.mark.parametrize("name", DETECTOR)
def test_the_detector_imports_no_day_and_of_the_tooling_its_storage_alone(name):
    allowed = {"", "detector", "store"}
    if name == "katas.detector.parts":  # it resolves which day brings which part
        allowed.add("course")
    for other in imports(name):
        assert not other.startswith(("katas.day", "solutions", "tests")), other
        assert architecture.package(other) in allowed, f"{name} imports {other}"


def test_no_modules_import_each_other_in_a_circle():
    """Late imports count: one inside a function would only hide the circle."""
    graph = {name: imports(name) & set(FILES) - {name} for name in FILES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_folder_holds_more_modules_than_one_can_survey():
    modules = [path for path in FILES.values() if path.name != "__init__.py"]
    count = Counter(paths.shown(path.parent) for path in modules)
    assert {folder: n for folder, n in count.items() if n > LARGEST} == {}


def test_every_package_says_what_is_inside_and_in_which_order_to_read_it():
    for path in (path for path in FILES.values() if path.name == "__init__.py"):
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert 3 <= len(text.splitlines()) <= 10, paths.shown(path)


def test_the_page_on_the_architecture_draws_the_imports_as_they_are():
    page = architecture.file().read_text("utf-8")
    between = page.split(architecture.START)[1].split(architecture.END)[0]
    command = "python -m katas.dojo.authoring architecture"
    assert between.strip() == architecture.text().strip(), command


def test_the_files_that_the_page_names_exist():
    page = architecture.file().read_text("utf-8")
    named = re.findall(r"`([\w/]+/[\w/]*(?:\.py|\.html)?)`", page)
    places = [paths.root() / place for place in ("", "katas", "katas/dojo")]
    missing = [name for name in named if not any((p / name).exists() for p in places)]
    assert [name for name in missing if "dayNN" not in name] == []


def test_the_top_level_holds_what_the_readme_lists_and_nothing_else():
    listing = ["git", "-C", str(paths.root()), "ls-files"]
    done = subprocess.run(listing, capture_output=True, text=True, check=True)
    top = {line.strip('"').split("/")[0] for line in done.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} == TOP
