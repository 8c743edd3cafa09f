"""What hands do all day: reach, clap, strike, wave, tie, open."""

import numpy as np

from katas.detector.simulator.motion import Movement, strike
from katas.detector.simulator.turns import Floats


def fidget(m: Movement, start: float, end: float) -> None:
    """Move the arm about between start and end [s], and back; touch something."""
    for _ in range(m.rng.integers(1, 5)):
        length = m.rng.uniform(0.25, 1.0)
        if end - start < 2.5 * length:
            return
        at = m.rng.uniform(start, end - 2.2 * length)
        there = m.during(at, at + 2.2 * length, length)
        for joint, most in (("elbow", 60), ("pronate", 110), ("flex", 35)):
            m.add(joint, m.rng.uniform(-0.4, 1) * most * there)
        m.add("inward", m.rng.uniform(-30, 40) * there)
        if m.rng.random() < 0.5:
            touch(m, at + length)


def touch(m: Movement, at: float) -> None:
    """Let the hand meet something at `at` [s]: a small impact, and away again."""
    rng = m.rng
    hit = strike(m.t, at - 0.15, 0.15, rng.uniform(0.02, 0.06), 0.4, 0.6, 11, 0.03)
    hit -= m.during(at + 0.1, 1e6, rng.uniform(0.3, 0.6))
    for joint, most in (("elbow", 7), ("flex", 4), ("pronate", 14)):
        m.add(joint, rng.uniform(-1, 1) * most * m.person.vigour * hit)


def clapping(m: Movement) -> None:
    """Clap hands in front of the chest."""
    rng = m.rng
    m.stand() if rng.random() < 0.8 else m.sit()
    m.sway(2)
    start, end = rng.uniform(0.8, 2), m.seconds - rng.uniform(0.8, 2)
    up = {"flex": rng.uniform(15, 50), "elbow": rng.uniform(75, 125)}
    m.ease(
        start - 0.8, 0.9, **up, inward=rng.uniform(15, 40), pronate=rng.normal(0, 20)
    )
    pace = rng.uniform(2.2, 4.5)
    every = 1 / pace
    swing = -m.person.vigour * rng.uniform(6, 18)
    times = np.arange(start + 0.5, end, every)
    times = times + rng.normal(0, 0.03 * every, len(times))
    ring, hertz = rng.uniform(0.2, 0.8), rng.uniform(9, 16)
    stop = rng.uniform(0.03, 0.06)
    m.ease(start, 0.3, inward=m.now["inward"] + swing)
    for at in times:
        fall = 0.4 * every
        hit = strike(m.t, at - fall, fall, stop, 0.6, ring, hertz, 0.035)
        away = m.during(at + stop, at + 1e6, 0.55 * every)
        this = swing * rng.uniform(0.6, 1.1)
        m.add("inward", -this * (hit - away))
        m.add("elbow", 0.3 * this * (hit - away))
        m.add("pronate", rng.uniform(-0.5, 0.5) * this * (hit - away))
    m.ease(end, 0.9, flex=5, elbow=m.person.elbow)


def hitting_a_table(m: Movement) -> None:
    """Strike a table with the hand or the fist, a few times."""
    rng = m.rng
    m.sit() if rng.random() < 0.7 else m.stand()
    m.sway(2)
    m.ease(0.2, 0.7, flex=rng.uniform(15, 40), elbow=rng.uniform(60, 95))
    m.ease(0.2, 0.7, pronate=rng.uniform(10, 90))
    at = rng.uniform(1.5, 2.2)
    for _ in range(rng.integers(1, 5)):
        if at > m.seconds - 1:
            break
        angle = m.person.vigour * rng.uniform(20, 60)
        fall, stop = rng.uniform(0.18, 0.4), rng.uniform(0.03, 0.1)
        ring = rng.uniform(0.2, 1), rng.uniform(5, 14), rng.uniform(0.03, 0.06)
        hit = strike(m.t, at, fall, stop, rng.uniform(0.2, 1), *ring)
        up = m.during(at - rng.uniform(0.4, 0.7), 1e6, rng.uniform(0.3, 0.5)) - hit
        m.add("elbow", angle * up)
        m.add("flex", rng.uniform(0, 0.9) * angle * up)
        m.add("pronate", rng.uniform(-0.6, 0.6) * angle * up)
        m.add("inward", rng.uniform(-0.4, 0.4) * angle * up)
        at += rng.uniform(0.7, 2)
    fidget(m, at, m.seconds)


def waving(m: Movement) -> None:
    """Raise the hand and wave."""
    rng = m.rng
    m.stand()
    m.sway(2.5)
    start, end = rng.uniform(0.8, 2), m.seconds - rng.uniform(0.8, 2)
    m.ease(start - 0.5, 0.9, flex=rng.uniform(20, 70), elbow=rng.uniform(80, 130))
    beat = m.during(start, end, 0.4) * np.sin(2 * np.pi * rng.uniform(1, 2.4) * m.t)
    m.add("inward", rng.uniform(10, 30) * beat)
    m.add("abduct", rng.uniform(0, 12) * beat)
    m.ease(end - 0.2, 1.0, flex=0, elbow=m.person.elbow)


def opening_a_door(m: Movement) -> None:
    """Reach for a handle, turn it, pull or push, step through."""
    rng = m.rng
    m.stand()
    m.sway(2.5)
    at = rng.uniform(1, 2.5)
    m.gait(0, at, m.person.cadence, 0.012 * m.person.vigour, 12)
    while at < m.seconds - 3:
        end = at + rng.uniform(1.8, 3)
        reach = m.during(at, end, 0.6)
        m.add("flex", rng.uniform(20, 55) * reach)
        m.add("elbow", rng.uniform(20, 60) * reach)
        m.add("pronate", rng.uniform(20, 60) * m.during(at + 0.5, end - 0.5, 0.3))
        m.add("elbow", rng.uniform(-25, 35) * m.during(at + 0.9, end, 0.4))
        if rng.random() < 0.4:  # the door falls shut, or is pulled to
            jerk = strike(m.t, at + 0.9, 0.35, rng.uniform(0.03, 0.1), 0.4, 0.5, 8)
            m.add("flex", rng.uniform(-18, 18) * (jerk - m.during(end, 1e6)))
        work(m, at + 0.4, end + 0.3, rng.uniform(0.2, 1))
        m.gait(end, end + 1.6, m.person.cadence, 0.012 * m.person.vigour, 12)
        at = end + rng.uniform(1.5, 3)


def _bend(m: Movement, start: float, end: float, squat: bool) -> Floats:
    """Bend down between start and end [s], from the knees or from the hips."""
    height = m.person.height
    down = m.during(start, end, m.rng.uniform(0.8, 1.3))
    m.add("z", -(0.27 if squat else 0.05) * height * down)
    m.add("pitch", (m.rng.uniform(25, 50) if squat else m.rng.uniform(60, 95)) * down)
    m.add("flex", m.rng.uniform(15, 60) * down)
    return down


def picking_up(m: Movement) -> None:
    """Pick something up from the floor."""
    rng = m.rng
    m.stand()
    m.sway(2.5)
    at = rng.uniform(0.8, 2)
    while at < m.seconds - 3.5:
        end = at + rng.uniform(2.2, 3.3)
        _bend(m, at, end, rng.random() < 0.4)
        m.add("pronate", 50 * m.during(at + 0.5, end, 0.6))
        m.add("elbow", rng.uniform(10, 60) * m.during(end - 0.8, end + 0.8, 0.5))
        at = end + rng.uniform(0.8, 2)


def work(m: Movement, start: float, end: float, effort: float) -> None:
    """Let the hand work between start and end [s]: turn, pull, knock, not smoothly."""
    rng = m.rng
    busy = effort * m.person.vigour * m.during(start, end)
    pace = rng.uniform(2.5, 6)
    for joint, most in (("elbow", 9), ("pronate", 26), ("inward", 10), ("flex", 4)):
        m.add(joint, most * rng.uniform(0.5, 1.5) * busy * m.wander(pace))
    at = start + rng.uniform(0.3, 1)
    while at < end - 0.7:
        fall, stop = rng.uniform(0.08, 0.25), rng.uniform(0.02, 0.1)
        ring = rng.uniform(0.2, 1.2), rng.uniform(6, 14), 0.04
        pull = strike(m.t, at, fall, stop, rng.uniform(0, 0.6), *ring)
        pull -= m.during(at + fall + stop, 1e6, rng.uniform(0.2, 0.6))
        for joint, most in (("elbow", 14), ("abduct", 12), ("pronate", 45)):
            m.add(joint, rng.uniform(-1, 1) * most * effort * m.person.vigour * pull)
        at += rng.exponential(0.9) + 0.25


def tying_shoes(m: Movement) -> None:
    """Crouch, pull at the laces, get up."""
    rng = m.rng
    m.stand()
    m.sway(2)
    start, end = rng.uniform(0.8, 2), m.seconds - rng.uniform(0.5, 2)
    down = _bend(m, start, end, True)
    m.add("elbow", rng.uniform(10, 60) * down)
    work(m, start + 0.7, end - 0.3, rng.uniform(0.6, 1.8))
