"""Simulated falls and daily activities, as a watch on a wrist would record them.

Read first `simulate.py`, which returns the recordings; then `body.py` (person, wrist,
what a perfect sensor reads), `motion.py` (tracks of joints over time), `falls.py`,
`daily.py` with its scripts in `feet.py`, `hands.py` and `seat.py`; `sensor.py` adds
noise, bias, clipping and jitter; `turns.py` holds the rotations.
"""

from katas.detector.simulator.simulate import recordings, truth

__all__ = ["recordings", "truth"]
