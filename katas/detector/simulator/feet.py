"""On foot: walk, run, climb stairs, jump, stumble without a fall."""

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from katas.detector.recordings.recording import GRAVITY
from katas.detector.simulator.hands import fidget
from katas.detector.simulator.motion import Movement, strike


def walking(m: Movement) -> None:
    """Walk, turn round now and then."""
    rng, person = m.rng, m.person
    m.stand()
    m.sway(2.5)
    start, end = rng.uniform(0, 2), m.seconds - rng.uniform(0, 2)
    steps = person.cadence * rng.uniform(0.85, 1.1)
    bounce = 0.019 * person.vigour * rng.uniform(0.7, 1.4)
    m.gait(start, end, steps, bounce, rng.uniform(6, 22), rng.uniform(2, 12), 0.18)
    for _ in range(rng.integers(0, 3)):
        turned = m.now["yaw"] + rng.choice([-1, 1]) * rng.uniform(60, 190)
        m.ease(rng.uniform(start, end - 2), rng.uniform(0.7, 1.6), yaw=turned)
    fidget(m, start, end)


def jogging(m: Movement) -> None:
    """Run at an easy pace, elbows bent."""
    rng, person = m.rng, m.person
    m.stand()
    m.sway(3)
    start, end = rng.uniform(0.3, 2), m.seconds - rng.uniform(0.5, 2)
    m.ease(start - 0.2, 0.8, elbow=rng.uniform(55, 105), pronate=rng.uniform(20, 60))
    bounce = 0.06 * person.vigour * rng.uniform(0.7, 1.3)
    steps = rng.uniform(2.3, 2.8)
    swing = rng.uniform(6, 22)
    m.gait(start, end, steps, bounce, swing, rng.uniform(3, 14), jolt=0.28)


def stairs(m: Movement) -> None:
    """Climb or come down, a hand on the rail or not."""
    rng, person = m.rng, m.person
    m.stand()
    m.sway(2.5)
    rail = rng.random() < 0.3
    if rail:
        m.ease(0.5, 1, flex=rng.uniform(30, 60), elbow=rng.uniform(20, 60), abduct=20)
    bounce = 0.032 * person.vigour * rng.uniform(0.7, 1.4)
    down = rng.random() < 0.5
    swing = 4 if rail else rng.uniform(8, 26)
    steps = rng.uniform(1.3, 1.8)
    m.gait(0.5, m.seconds - 0.5, steps, bounce, swing, 6, 0.6 if down else 0.3)
    rise = (-1 if down else 1) * 0.17 * steps * (m.seconds - 1)
    m.ease(0.5, m.seconds - 1, z=m.now["z"] + rise)
    for _ in range(rng.integers(1, 4)):  # landings
        turned = m.now["yaw"] + rng.choice([-1, 1]) * rng.uniform(60, 190)
        m.ease(rng.uniform(1, m.seconds - 3), rng.uniform(0.7, 1.6), yaw=turned)
    fidget(m, 1, m.seconds - 1)


def hop(m: Movement, at: float, rise: float, soft: float) -> float:
    """Crouch, leave the ground at `at` [s], rise by `rise` [m], land within `soft` s.

    Returns when the feet are back on the ground.
    """
    leave = np.sqrt(2 * GRAVITY * rise)
    flight = 2 * leave / GRAVITY
    dip = m.rng.uniform(0.08, 0.22)
    push = 2 * dip / leave
    give = m.rng.uniform(0.38, 0.55) * leave * soft
    knots = np.cumsum([at - push - 0.55, 0.55, push, flight, soft, 0.5])
    path = CubicHermiteSpline(
        knots, [0, -dip, 0, 0, -give, 0], [0, 0, leave, -leave, 0, 0]
    )
    inside = (m.t > knots[0]) & (m.t < knots[-1])
    m.add("z", np.where(inside, path(np.clip(m.t, knots[0], knots[-1])), 0))
    m.add("pitch", 25 * m.during(knots[0], at + 0.2, 0.4))
    return at + flight


def jumping(m: Movement) -> None:
    """Jump to reach something high, once or a few times."""
    rng = m.rng
    m.stand()
    m.sway(2.5)
    at = rng.uniform(1.5, 2.5)
    while at < m.seconds - 1.8:
        rise = float(np.clip(rng.uniform(0.02, 0.1) * m.person.vigour, 0.015, 0.2))
        back = hop(m, at, rise, rng.uniform(0.08, 0.25))
        reach = rng.uniform(-20, 170)
        m.add("flex", reach * m.during(at - 0.3, back + 0.5, rng.uniform(0.25, 0.42)))
        m.add("pronate", rng.uniform(-60, 90) * m.during(at - 0.4, back + 0.5, 0.35))
        m.add("elbow", rng.uniform(-10, 50) * m.during(at - 0.6, back + 0.6, 0.42))
        at = back + rng.uniform(1.6, 2.6)
        if rng.random() < 0.4:
            break
    fidget(m, at, m.seconds)


def stumbling(m: Movement) -> None:
    """Walk, trip, save oneself with a heavy step or two, walk on."""
    rng, person = m.rng, m.person
    walking(m)
    at = rng.uniform(2.5, m.seconds - 2.5)
    lurch = m.during(at, at + rng.uniform(0.7, 1.3), 0.33)
    m.add("pitch", rng.uniform(15, 45) * lurch)
    m.add("flex", rng.uniform(0, 70) * person.vigour * lurch)
    m.add("abduct", rng.uniform(0, 60) * person.vigour * lurch)
    m.add("elbow", rng.uniform(0, 60) * lurch)
    for _ in range(rng.integers(1, 4)):
        drop = rng.uniform(0.04, 0.14) * person.vigour
        fall = rng.uniform(0.18, 0.3)
        step = strike(m.t, at, fall, rng.uniform(0.03, 0.1), 0.3, 0.5, 8, 0.05)
        m.add("z", -drop * (step - m.during(at + fall + 0.1, 1e6, 0.4)))
        at += rng.uniform(0.3, 0.5)
