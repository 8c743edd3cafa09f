"""Falls: a start, a loss of balance, the descent, the impact, rest in a new posture.

The descent is one `strike` of the trunk's position and lean: it gathers speed as an
inverted pendulum does and is stopped by the floor. The arms brace, flail or stay limp;
they have impacts of their own. The dip before the impact, the impact and the rotation
of the wrist all follow from these paths.
"""

import numpy as np

from katas.detector.recordings.recording import GRAVITY
from katas.detector.simulator.motion import Movement, strike

BEFORE = {  # how a fall begins, and the directions that it can take
    "slip": ("forward", "sideways", "backward"),
    "trip": ("forward", "sideways"),
    "faint while standing": ("forward", "sideways", "backward"),
    "faint on a chair": ("forward", "sideways", "backward"),
    "missing a chair": ("backward", "sideways"),
    "getting up": ("forward", "sideways"),
}


def begin(m: Movement, cause: str, onset: float) -> None:
    """Fill the time before the fall: walking, standing, sitting, getting up."""
    rng, person = m.rng, m.person
    if cause in ("faint on a chair", "getting up"):
        m.sit()
        if cause == "getting up":
            m.ease(onset - 0.7, 0.8, z=rng.uniform(0.36, 0.48) * person.height)
            m.ease(onset - 1.0, 0.8, pitch=rng.uniform(15, 40), flex=rng.uniform(0, 40))
        return
    m.stand()
    if cause in ("slip", "trip") or (cause != "missing a chair" and rng.random() < 0.5):
        steps = person.cadence * rng.uniform(0.8, 1.1)
        bounce = 0.017 * person.vigour * rng.uniform(0.6, 1.4)
        m.gait(-0.5, onset + 0.5, steps, bounce, rng.uniform(6, 24), 6)
    elif cause == "missing a chair":
        m.ease(onset - 0.5, 0.9, pitch=rng.uniform(10, 35))


def fall(m: Movement, cause: str, direction: str, onset: float) -> tuple[float, float]:
    """Let the wearer of a Movement fall from `onset` [s] on.

    Returns (contact, rest) [s]: when the trunk is stopped, and when all lies still.
    """
    rng, person = m.rng, m.person
    begin(m, cause, onset)
    limp = cause.startswith("faint")
    high = m.now["z"] / person.height
    low = {"z": rng.uniform(0.05, 0.1) * person.height}
    power = rng.uniform(0.4, 2.2)
    yielding = rng.uniform(0.7, 1.15)  # of g: how little the legs hold up
    drop = m.now["z"] - low["z"]
    length = np.sqrt(drop * (power + 1) * (power + 2) / (yielding * GRAVITY))
    contact = onset + length
    stop = rng.uniform(0.08, 0.4)
    soft = rng.uniform(0.0, 0.5), rng.uniform(4, 9), rng.uniform(0.04, 0.09)
    trunk = strike(m.t, onset, length, stop, power, *soft)
    lean = strike(m.t, onset, length, stop + rng.uniform(0.1, 0.4), 0.3 * power, *soft)
    reach = (0.5 * person.height if high > 0.4 else 0.3) * rng.uniform(0.5, 1.2)
    lying = rng.uniform(65, 95)
    over = {"yaw": m.now["yaw"] + rng.normal(0, 30)}
    if direction == "forward":
        over |= {"pitch": lying}
        low |= {"x": m.now["x"] + reach}
    elif direction == "backward":
        upright = rng.random() < 0.25  # ends sitting on the floor, propped up
        over |= {"pitch": -rng.uniform(15, 40) if upright else -lying}
        low |= {"x": m.now["x"] - reach}
    else:
        away = rng.choice([-1, 1])
        over |= {"roll": away * lying, "pitch": rng.normal(10, 15)}
        low |= {"y": m.now["y"] - away * reach}
    m.move(trunk, **low)
    m.move(lean, **over)
    _arms(m, direction, limp, onset, contact)
    _shake(m, contact)
    rest = contact + _settle(m, contact, limp)
    m.sway(2.5, 1 - m.during(contact + 0.1, 1e6, rest - contact))
    m.sway(
        rng.uniform(2, 8), m.during(onset - 1, rest + rng.uniform(-1, 1), 0.8), pace=4
    )
    m.sway(rng.uniform(0.05, 0.5), m.during(contact, 1e6, 0.4), pace=0.7)
    return contact, rest


def _arms(
    m: Movement, direction: str, limp: bool, onset: float, contact: float
) -> None:
    """Brace, flail or hang; then strike the floor."""
    rng = m.rng
    if direction == "backward":  # the arms fly up: nothing behind can be seen
        odds = (0.1, 0.5, 0.4) if limp else (0.25, 0.65, 0.1)
    else:
        odds = (0.15, 0.25, 0.6) if limp else (0.6, 0.3, 0.1)
    way = rng.choice(3, p=odds)
    start = onset + rng.uniform(0.05, 0.25)
    length = max(0.25, (contact - start) * rng.uniform(0.7, 1.1))
    if way == 0:  # brace: the hands go where the floor will be
        ahead = {"forward": (50, 115), "backward": (-60, 10), "sideways": (0, 60)}
        m.ease(
            start,
            length,
            flex=rng.uniform(*ahead[direction]),
            abduct=rng.uniform(10, 80 if direction == "sideways" else 45),
            elbow=rng.uniform(10, 60),
            pronate=rng.uniform(30, 90),
            inward=rng.uniform(-30, 30),
        )
    elif way == 1:  # flail: up and out
        m.ease(
            start,
            length,
            flex=rng.uniform(-40, 150),
            abduct=rng.uniform(20, 120),
            elbow=rng.uniform(10, 90),
            pronate=rng.uniform(-30, 120),
            inward=rng.uniform(-60, 40),
        )
    else:  # limp: the arm lags behind the trunk
        m.ease(
            start + 0.1,
            length,
            flex=m.now["flex"] + rng.normal(0, 30),
            abduct=m.now["abduct"] + rng.uniform(0, 40),
            elbow=m.now["elbow"] * rng.uniform(0.2, 1),
        )
    # The hand swings on and meets the floor about when the trunk does. What stops it
    # is harder than what stops the trunk.
    for hard in (1.0, 0.5)[: rng.integers(1, 3)]:
        length = rng.uniform(0.2, 0.5)
        meets = contact + rng.uniform(-0.05, 0.1 if hard == 1 else 0.6)
        impact = strike(
            m.t,
            meets - length,
            length,
            rng.uniform(0.03, 0.09),
            rng.uniform(0.2, 1),
            rng.uniform(0.2, 1),
            rng.uniform(4, 10),
            rng.uniform(0.03, 0.07),
        )
        hard = hard * m.person.vigour * rng.uniform(0.15, 1.3)
        m.move(
            impact,
            flex=m.now["flex"] + rng.uniform(-75, 45) * hard,
            elbow=np.clip(m.now["elbow"] + rng.uniform(-50, 60) * hard, 0, 130),
            abduct=m.now["abduct"] + rng.uniform(-40, 40) * hard,
            pronate=m.now["pronate"] + rng.uniform(-70, 70) * hard,
            inward=m.now["inward"] + rng.uniform(-30, 30) * hard,
        )
        # The floor's push passes beside the forearm's axis and twists it.
        m.ease(
            meets,
            rng.uniform(0.12, 0.3),
            pronate=m.now["pronate"] + rng.normal(0, 60) * hard,
            inward=m.now["inward"] + rng.normal(0, 20) * hard,
        )


def _shake(m: Movement, contact: float) -> None:
    """Let the whole body shake on the floor: fast, in every direction, soon over."""
    rng = m.rng
    late = np.maximum(m.t - contact, 0)
    for joint in ("x", "y", "z"):
        for _ in range(2):
            hertz = rng.uniform(4, 13)
            size = m.person.vigour * rng.uniform(0.2, 1.8) * GRAVITY
            fade = rng.uniform(0.05, 0.2)
            envelope = (1 - np.exp(-late / 0.015)) * np.exp(-late / fade)
            wave = np.sin(2 * np.pi * hertz * late + rng.uniform(0, 6.3))
            m.add(joint, size / (2 * np.pi * hertz) ** 2 * wave * envelope)


def _settle(m: Movement, contact: float, limp: bool) -> float:
    """Come to rest after the impact; return after how many seconds."""
    rng = m.rng
    length = rng.uniform(0.3, 0.9) if limp else rng.uniform(0.4, 1.5)
    if rng.random() < 0.8:
        m.ease(
            contact + rng.uniform(0.1, 0.4),
            length,
            flex=rng.uniform(-20, 110),
            elbow=rng.uniform(5, 110),
            pronate=rng.uniform(-20, 100),
            abduct=m.now["abduct"] * rng.uniform(0.5, 1),
            pitch=m.now["pitch"] + rng.normal(0, 6),
        )
    if not limp and rng.random() < 0.25:  # feel for the place that hurts
        at = contact + rng.uniform(1.8, 3)
        m.ease(
            at, rng.uniform(0.8, 2), elbow=rng.uniform(20, 120), flex=rng.uniform(0, 60)
        )
    return float(np.clip(length + 0.5, 1.4, 2.2))
