"""Movements as tracks of joint angles: ease, strike, gait, and the poses between."""

import numpy as np
from numpy.typing import ArrayLike

from katas.detector.simulator.body import HIP, JOINTS, RATE, Person
from katas.detector.simulator.turns import Floats


def ease(t: Floats, start: float, length: float) -> Floats:
    """Return a smooth step 0 -> 1, the minimum-jerk path of a reaching hand.

    Source: Flash & Hogan 1985, J. Neuroscience 5(7), eq. 6.
    """
    u = np.clip((t - start) / length, 0, 1)
    return u**3 * (10 - 15 * u + 6 * u**2)


def strike(
    t: ArrayLike,
    start: float,
    fall: float,
    stop: float,
    power: float = 0.3,
    ring: float = 0.0,
    hertz: float = 9.0,
    decay: float = 0.06,
) -> Floats:
    """Return a step 0 -> 1 that gathers speed for `fall` s and is stopped in `stop` s.

    The speed grows as time**(1 + power), then dies as a half cosine: the deceleration
    is the impact. ring adds a damped oscillation of that fraction of the last speed, at
    `hertz`, with time constant `decay` [s].
    """
    tau = np.asarray(t, float) - start
    speed = 1 / (fall / (power + 2) + stop / 2)
    u = np.clip(tau / fall, 0, 1)
    x = np.clip((tau - fall) / stop, 0, 1)
    path = speed * fall / (power + 2) * u ** (power + 2)
    path += speed * stop / 2 * (x + np.sin(np.pi * x) / np.pi)
    if ring:
        late = np.maximum(tau - fall - stop / 2, 0)
        swing = np.sin(2 * np.pi * hertz * late) / (2 * np.pi * hertz)
        path -= ring * speed * swing * late / decay * np.exp(1 - late / decay)
    return path


class Movement:
    """Collect the joint tracks of one recording of `seconds`, at body.RATE.

    `tracks` is {joint: [time]}; `now` holds where each joint ends up so far.
    """

    def __init__(
        self, seconds: float, person: Person, rng: np.random.Generator
    ) -> None:
        self.t = np.arange(round(seconds * RATE)) / RATE
        self.seconds, self.person, self.rng = seconds, person, rng
        self.tracks = {joint: np.zeros_like(self.t) for joint in JOINTS}
        self.now = dict.fromkeys(JOINTS, 0.0)

    def pose(self, **joints: float) -> None:
        """Set joints to values from the start."""
        for joint, value in joints.items():
            self.tracks[joint] += value - self.now[joint]
            self.now[joint] = value

    def move(self, step: Floats, **joints: float) -> None:
        """Bring joints to new values along a step [time] that goes from 0 to 1."""
        for joint, value in joints.items():
            self.tracks[joint] += (value - self.now[joint]) * step
            self.now[joint] = value

    def ease(self, start: float, length: float, **joints: float) -> None:
        """Bring joints to new values smoothly, from `start` on, within `length` s."""
        self.move(ease(self.t, start, length), **joints)

    def add(self, joint: str, track: Floats) -> None:
        """Add a track [time] to a joint."""
        self.tracks[joint] += track

    def during(self, start: float, end: float, fade: float = 0.4) -> Floats:
        """Return 1 between start and end [s], 0 outside, with smooth flanks."""
        return ease(self.t, start, fade) - ease(self.t, end - fade, fade)

    def wander(self, pace: float) -> Floats:
        """Return smooth noise [time], deviation about 1, `pace` knots a second."""
        knots = int(self.seconds * pace) + 4
        at = np.arange(knots) / pace - 1 / pace
        values = self.rng.standard_normal(knots)
        place = (self.t - at[0]) * pace
        k = np.clip(place.astype(int), 1, knots - 3)
        u = place - k
        before, left, right, after = (values[k + j] for j in (-1, 0, 1, 2))
        return left + u / 2 * (  # Catmull-Rom
            (right - before)
            + u * (2 * before - 5 * left + 4 * right - after)
            + u**2 * (3 * (left - right) + after - before)
        )

    def sway(
        self, amount: float, envelope: Floats | float = 1.0, pace: float = 1.5
    ) -> None:
        """Let trunk and arm wander by about `amount` degrees, as living bodies do."""
        for joint, share in (
            ("yaw", 0.5),
            ("pitch", 0.4),
            ("roll", 0.3),
            ("flex", 0.7),
            ("abduct", 0.5),
            ("inward", 1.0),
            ("elbow", 1.0),
            ("pronate", 4.0),
        ):
            self.tracks[joint] += amount * share * envelope * self.wander(pace)

    def stand(self) -> None:
        """Stand with the arm hanging."""
        rng, person = self.rng, self.person
        self.pose(
            z=HIP * person.height,
            flex=rng.normal(0, 5),
            abduct=rng.uniform(4, 12),
            inward=rng.normal(10, 10),
            elbow=max(0.0, person.elbow + rng.normal(0, 5)),
            pronate=rng.normal(25, 15),
        )

    def lap(self) -> dict[str, float]:
        """Return the joints of a seated person's arm: on the lap, a rest, a table."""
        rng = self.rng
        return {
            "flex": rng.uniform(5, 35),
            "abduct": rng.uniform(5, 20),
            "inward": rng.uniform(0, 50),
            "elbow": rng.uniform(35, 95),
            "pronate": rng.uniform(0, 90),
        }

    def sit(self) -> None:
        """Sit, the hand on the lap or on a rest."""
        self.pose(z=0.27 * self.person.height, pitch=self.rng.normal(-5, 6))
        self.pose(**self.lap())

    def gait(
        self,
        start: float,
        end: float,
        steps: float,
        bounce: float,
        swing: float,
        elbow: float = 10.0,
        jolt: float = 0.15,
    ) -> None:
        """Walk or run between start and end [s].

        steps [1/s]; bounce [m] half the rise and fall of the trunk; swing [deg] of the
        upper arm to either side; elbow [deg] that the elbow follows; jolt: how much of
        the bounce lies in its sharp overtones, the impacts of the heels.
        """
        rng = self.rng
        on = self.during(start, end, 0.7)
        pace = steps * (1 + 0.03 * self.wander(0.7)) * (0.6 + 0.4 * on)
        phase = np.pi * np.cumsum(pace) / RATE + rng.uniform(0, 2 * np.pi)
        strength = on * (1 + 0.12 * self.wander(0.8))
        self.add("x", np.cumsum(on) / RATE * steps * 0.4 * self.person.height)
        lag = rng.uniform(-1.5, 1.5)
        self.add("z", strength * bounce * np.cos(2 * phase))
        for tone in (2, 3, 4):
            share = jolt / tone**1.5 * rng.uniform(0.5, 1.5)
            turned = (
                tone - 1
            ) * np.pi + 0.4 * lag  # so that blows add up: long flights
            self.add("z", strength * bounce * share * np.cos(2 * tone * phase + turned))
            self.add("x", strength * bounce * share * np.sin(2 * tone * phase - lag))
        self.add("y", strength * bounce * 0.7 * np.cos(phase))
        self.add("yaw", strength * 0.2 * swing * np.sin(phase))
        self.add("roll", strength * 2 * np.cos(phase))
        self.add("pitch", strength * 1.5 * np.cos(2 * phase + 1))
        self.add("flex", strength * swing * np.sin(phase))
        self.add("elbow", strength * elbow * (1 + np.sin(phase - 0.4)))
        self.add("abduct", strength * 0.15 * swing * np.sin(2 * phase + lag))
        self.add("pronate", strength * swing * np.sin(phase + lag))
        self.add("pronate", strength * 0.4 * swing * np.sin(2 * phase - lag))
