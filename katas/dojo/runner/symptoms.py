"""Which line of katas/SYMPTOMS.md a failure belongs to, where the page knows it."""

import re

from katas.dojo.store import paths
from katas.dojo.store.paths import shown

SIGNS = {  # what a failure says: how its row in the page begins
    r"entries (NaN|infinite)": "a loss or an output is NaN",
    r"gradient.*\n\s+expected a tensor, got None": "gradient is None",
    r"expected dtype float32, got float64": "float64 where float32 was asked",
    r"shape \((\d+),\), got \(\1, (1|\1)\)": "`(32,)` against `(32, 1)`",
    r"shape \((\d+), 1\), got \(\1(, \1|,)\)": "`(32,)` against `(32, 1)`",
}


def page():
    return paths.root() / "katas" / "SYMPTOMS.md"


def see(text):
    """`  see katas/SYMPTOMS.md:10` for a failure's text, or nothing."""
    for sign, row in SIGNS.items():
        if re.search(sign, text, re.I) and (line := place(row)):
            return f"  see {shown(page())}:{line}"
    return ""


def place(row):
    """The number of the page's line that begins so; None where there is none."""
    lines = page().read_text("utf-8").splitlines() if page().exists() else []
    return next(
        (k for k, one in enumerate(lines, 1) if one.startswith(f"| {row}")), None
    )
