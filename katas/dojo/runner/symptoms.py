"""Which line of katas/SYMPTOMS.md describes a failure, where the page covers it."""

import re
from pathlib import Path

from katas.dojo.store import paths
from katas.dojo.store.paths import shown

ROWS = {  # a pattern of a failure's text: how its row in the page begins
    r"entries (NaN|infinite)": "a loss or an output is NaN",
    r"gradient.*\n\s+expected a tensor, got None": "gradient is None",
    r"expected dtype float32, got float64": "float64 where float32 was asked",
    r"shape \((\d+),\), got \(\1, (1|\1)\)": "`(32,)` against `(32, 1)`",
    r"shape \((\d+), 1\), got \(\1(, \1|,)\)": "`(32,)` against `(32, 1)`",
}


def page() -> Path:
    return paths.root() / "katas" / "SYMPTOMS.md"


def reference(text: str) -> str:
    """`  see katas/SYMPTOMS.md:10` for a failure's text, or an empty string."""
    for pattern, row in ROWS.items():
        if re.search(pattern, text, re.I) and (line := line_of(row)):
            return f"  see {shown(page())}:{line}"
    return ""


def line_of(row: str) -> int | None:
    """The number of the page's line that begins with `row`; None where there is none."""
    lines = page().read_text("utf-8").splitlines() if page().exists() else []
    numbered = enumerate(lines, 1)
    return next((n for n, line in numbered if line.startswith(f"| {row}")), None)
