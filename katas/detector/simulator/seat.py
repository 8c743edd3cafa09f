"""Chairs and beds: sit down softly or hard, get up, collapse, lie down, be still."""

import numpy as np

from katas.detector.simulator.body import HIP
from katas.detector.simulator.hands import fidget, work
from katas.detector.simulator.motion import Movement, strike


def _down(m: Movement, start: float, hard: bool, depth: float) -> float:
    """Sit down on a seat at share `depth` of the height; return when it is reached."""
    rng, height = m.rng, m.person.height
    fall = rng.uniform(0.45, 0.7) if hard else rng.uniform(0.9, 1.7)
    m.ease(start - 0.4, fall * 0.7 + 0.3, pitch=rng.uniform(15, 40))
    if hard:
        step = strike(
            m.t,
            start,
            fall,
            rng.uniform(0.1, 0.3),
            rng.uniform(0.2, 1.2),
            rng.uniform(0.1, 0.6),
            rng.uniform(5, 10),
        )
        m.move(step, z=depth * height, x=m.now["x"] - 0.3)
    else:
        m.ease(start, fall, z=depth * height, x=m.now["x"] - 0.3)
    m.ease(start + 0.6 * fall, rng.uniform(0.5, 1), pitch=rng.normal(-5, 6))
    m.ease(start + rng.uniform(-0.3, 0.4), rng.uniform(0.6, 1.3), **m.lap())
    return start + fall


def _up(m: Movement, start: float) -> None:
    """Stand up from a seat."""
    rng = m.rng
    m.ease(start - 0.4, rng.uniform(0.7, 1.2), pitch=rng.uniform(20, 45))
    length = rng.uniform(0.8, 1.5)
    m.ease(start, length, z=HIP * m.person.height, x=m.now["x"] + 0.3)
    m.ease(start + 0.5 * length, rng.uniform(0.6, 1.1), pitch=0, elbow=m.person.elbow)
    m.ease(start + rng.uniform(-0.3, 0.3), length, flex=0, inward=10, pronate=25)


def sitting_softly(m: Movement) -> None:
    """Stand, sit down, wait, get up."""
    _sit(m, hard=False)


def sitting_hard(m: Movement) -> None:
    """Sit, or let oneself drop into a chair."""
    _sit(m, hard=True)


def _sit(m: Movement, hard: bool) -> None:
    rng = m.rng
    m.stand()
    m.sway(2)
    start = rng.uniform(1.2, 3)
    if rng.random() < 0.3:
        m.gait(0, start, m.person.cadence, 0.015 * m.person.vigour, 12)
    there = _down(m, start, hard, rng.uniform(0.25, 0.3))
    up = max(there + 1.5, m.seconds - rng.uniform(1.8, 4))
    if rng.random() < 0.7:
        _up(m, up)
    fidget(m, there + 0.5, up)


def collapsing(m: Movement) -> None:
    """Sit, try to get up, and fall back into the chair."""
    rng = m.rng
    m.sit()
    m.sway(2)
    start = rng.uniform(1.5, 3.5)
    m.ease(start - 0.5, 0.9, pitch=rng.uniform(20, 40), elbow=rng.uniform(20, 80))
    height = rng.uniform(0.33, 0.45)
    m.ease(start, rng.uniform(0.5, 0.9), z=height * m.person.height)
    _down(m, start + rng.uniform(0.8, 1.3), True, 0.27)
    fidget(m, start + 3, m.seconds)


def lying_down(m: Movement) -> None:
    """Sit down on a bed and lie back, slowly or with a flop."""
    rng = m.rng
    m.stand() if rng.random() < 0.5 else m.sit()
    m.sway(2)
    start = rng.uniform(1, 2.5)
    if m.now["z"] > 0.4 * m.person.height:
        start = _down(m, start, rng.random() < 0.4, 0.27) + rng.uniform(0.3, 1.5)
    rest = _rest(rng)
    if rng.random() < 0.4:
        step = strike(
            m.t,
            start,
            rng.uniform(0.5, 0.9),
            rng.uniform(0.08, 0.2),
            0.6,
            rng.uniform(0, 0.4),
            rng.uniform(4, 8),
        )
        m.move(step, **rest)
    else:
        m.ease(start, rng.uniform(1.2, 2.5), **rest)
    arm = {"flex": rng.uniform(-10, 60), "elbow": rng.uniform(10, 90)}
    m.ease(start + rng.uniform(0, 0.8), rng.uniform(0.7, 1.8), **arm)
    fidget(m, start + 2.5, m.seconds)


def _rest(rng: np.random.Generator) -> dict[str, float]:
    turn = rng.choice([-1, 1]) * rng.uniform(60, 95)
    if rng.random() < 0.6:
        return {"pitch": -rng.uniform(70, 95), "roll": 0}
    return {"pitch": -rng.uniform(10, 40), "roll": turn}


def sitting_still(m: Movement) -> None:
    """Sit: read, type, drink, doze."""
    m.sit()
    m.sway(m.rng.uniform(0.3, 2.5), pace=m.rng.uniform(0.4, 2.5))
    if m.rng.random() < 0.4:  # eat, knit, write
        work(m, 1, m.seconds - 1, m.rng.uniform(0.1, 0.8))
    for start in np.arange(0.5, m.seconds - 3, 4):
        fidget(m, start, min(start + 4, m.seconds))


def standing_still(m: Movement) -> None:
    """Stand about."""
    m.stand()
    m.sway(m.rng.uniform(0.5, 2.5))
    fidget(m, 0.5, m.seconds)
