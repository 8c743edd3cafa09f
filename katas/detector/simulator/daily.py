"""The daily activities, those that look like falls among them.

Each is a script: a function of a Movement, which it fills. SCRIPTS names them all, with
the least and the largest duration [s].
"""

from collections.abc import Callable

from katas.detector.simulator.feet import jogging, jumping, stairs, stumbling, walking
from katas.detector.simulator.hands import (
    clapping,
    hitting_a_table,
    opening_a_door,
    picking_up,
    tying_shoes,
    waving,
)
from katas.detector.simulator.motion import Movement
from katas.detector.simulator.seat import (
    collapsing,
    lying_down,
    sitting_hard,
    sitting_softly,
    sitting_still,
    standing_still,
)

SCRIPTS: dict[str, tuple[Callable[[Movement], None], float, float]] = {
    "walking": (walking, 10, 20),
    "jogging": (jogging, 10, 18),
    "stairs": (stairs, 12, 20),
    "sitting down softly": (sitting_softly, 8, 14),
    "sitting down hard": (sitting_hard, 7, 13),
    "collapsing into a chair": (collapsing, 8, 12),
    "lying down": (lying_down, 9, 14),
    "clapping": (clapping, 7, 12),
    "hitting a table": (hitting_a_table, 5, 9),
    "jumping": (jumping, 5, 10),
    "stumbling": (stumbling, 8, 12),
    "picking up": (picking_up, 7, 12),
    "tying shoes": (tying_shoes, 9, 16),
    "waving": (waving, 6, 11),
    "opening a door": (opening_a_door, 8, 15),
    "sitting still": (sitting_still, 8, 16),
    "standing still": (standing_still, 6, 12),
}
