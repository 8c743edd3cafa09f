"""The repaired script of day 28 meets real falls, where KATAS_DATA holds them."""

import pytest

from katas.detector.recordings import DataError
from katas.detector.sources import load
from katas.dojo.course import targets


@pytest.fixture
def script():
    targets.install("solutions")
    from katas.day28 import repair_detector

    yield repair_detector
    targets.remove()


@pytest.mark.deep
def test_the_repaired_script_reaches_its_floor_on_real_falls(script, tmp_path):
    """F1 on windows of two people it never saw, out of the first ten of WEDA-FALL.

    `run(some, 8, folder, seed)`, seeds 0 to 21: 0.762 at the least, 0.829 in the median,
    0.931 at the most. The floor keeps 0.06 below the least.
    """
    try:
        recordings = load("weda")
    except DataError as error:
        pytest.skip(f"needs real falls: {error}")
    ten = sorted({one.subject for one in recordings})[:10]
    some = [one for one in recordings if one.subject in ten]
    _, scores = script.run(some, 8, tmp_path)
    assert scores["f1"] >= 0.70, scores
