"""How every plot of the course looks: those of the lessons, notes and training runs."""

from typing import Any

STYLE: dict[Any, Any] = {
    "axes.grid": True,
    # Okabe & Ito 2008: colours that colour-blind readers can tell apart
    "axes.prop_cycle": "cycler('color', ['0072B2', 'D55E00', '009E73', 'CC79A7',"
    " 'E69F00', '56B4E9', '000000'])",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.figsize": (7.0, 3.6),
    "font.size": 11,
    "grid.alpha": 0.3,
    "lines.linewidth": 1.8,
    "svg.hashsalt": "katas",
}
