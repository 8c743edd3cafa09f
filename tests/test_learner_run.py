"""A learner's own run: what it loads, how long a test may take."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import small_course as small

PROBE = """import json, sys
from pathlib import Path
from katas.dojo.runner import limits

def test_what_is_loaded(request):
    files = [getattr(module, "__file__", None) for module in sys.modules.values()]
    folder = str(Path("tests").resolve())
    loaded = [file for file in files if file and file.startswith(folder)]
    seconds = limits.seconds_for(request.node)
    Path("probe.json").write_text(json.dumps({"loaded": loaded, "seconds": seconds}))
"""


@pytest.fixture
def course(tmp_path):
    """A learner's checkout, the proof included, whose first day looks around."""
    root = small.make(tmp_path / "course", git=False)
    proof = Path(__file__).parent
    shutil.copytree(proof, root / "tests", ignore=shutil.ignore_patterns("variants"))
    small.write(root / "katas/day01/test_doubling.py", PROBE)
    return root


def run(root, *args, **variables):
    """The probe's results from a run of pytest."""
    small.sh(root, sys.executable, "-m", "pytest", "-k", "loaded", *args, **variables)
    return json.loads((root / "probe.json").read_text("utf-8"))


@pytest.mark.parametrize("args", [[], ["katas/day01"]], ids=["bare", "one day"])
def test_a_run_loads_nothing_of_the_proof_and_has_the_limit_of_20_s(course, args):
    assert run(course, *args) == {"loaded": [], "seconds": 20.0}


def test_a_run_of_the_whole_folder_keeps_the_limit_of_20_s(course):
    """Such a run collects the proof too; here nothing but its conftest.py is left."""
    for file in (course / "tests").rglob("*.py"):
        if file.name != "conftest.py":
            file.unlink()
    results = run(course, ".")
    assert results["seconds"] == 20.0
    assert [Path(file).name for file in results["loaded"]] == ["conftest.py"]


def test_the_timeout_factor_stretches_the_limit(course):
    assert run(course, KATAS_TIMEOUT_FACTOR="2.5")["seconds"] == 50.0


@pytest.mark.parametrize("factor", ["fast", "0", "-1", "nan", ""])
def test_a_timeout_factor_that_is_no_positive_number_is_refused(course, factor):
    done = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=course,
        env=small.environment(course, KATAS_TIMEOUT_FACTOR=factor),
        capture_output=True,
        text=True,
        check=False,
    )
    text = done.stdout + done.stderr
    line = f"Expected a positive number in KATAS_TIMEOUT_FACTOR, got {factor!r}"
    assert line in text
    assert "Traceback" not in text
    assert done.returncode == 4
