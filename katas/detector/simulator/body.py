"""A rigid arm on a moving trunk: where a wrist is, and how it is turned.

World frame: x forward, y left, z up. Forearm frame: the hand lies at -z; with the
arm hanging and the palm on the thigh, x points forward. Angles are in degrees here
because the scripts of movements are written in degrees; all else is SI.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from katas.detector.recordings.recording import GRAVITY
from katas.detector.simulator.turns import (
    Floats,
    axis_rotation,
    compose,
    inverse,
    rotate,
    rotation_vector,
)

RATE = 200.0  # [Hz], the rate of the simulated movement, before the sensor samples it

JOINTS = {
    "x": "pelvis forward [m]",
    "y": "pelvis left [m]",
    "z": "pelvis up [m]",
    "yaw": "trunk turned to the left [deg]",
    "pitch": "trunk leant forward [deg]",
    "roll": "trunk leant to the right [deg]",
    "flex": "upper arm raised forward [deg]",
    "abduct": "upper arm raised sideways [deg]",
    "inward": "upper arm turned inward about its own length [deg]",
    "elbow": "elbow bent [deg]",
    "pronate": "forearm turned until the palm faces down [deg]",
}

# Drillis & Contini 1966, as in Winter 2009, Biomechanics and Motor Control of Human
# Movement, fig. 4.1: lengths as shares of the height.
HIP, TRUNK, HALF_SHOULDERS, UPPER_ARM, FOREARM = 0.530, 0.288, 0.129, 0.186, 0.146


@dataclass(frozen=True)
class Person:
    """One wearer: what is the same in all of their recordings.

    height [m]; vigour (1 is average); side +1 wears the watch on the left wrist, -1 on
    the right; cadence [steps/s]; mount [deg]: the watch turned about the forearm, and
    tilted off it in two directions; elbow [deg]: how far it is bent when at rest.
    """

    height: float
    vigour: float
    side: int
    cadence: float
    mount: tuple[float, float, float]
    elbow: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Person":
        """Draw a person: a plausible adult, old or young."""
        height = float(rng.normal(1.69, 0.09))
        vigour = float(np.exp(rng.normal(0, 0.2)))
        side = 1 if rng.random() < 0.75 else -1
        cadence = float(rng.normal(1.8, 0.15))
        roll, tilt, twist = map(float, rng.normal(0, (14, 4, 6)))
        elbow = float(rng.uniform(8, 28))
        return cls(height, vigour, side, cadence, (roll, tilt, twist), elbow)


def watch_in_forearm(person: Person) -> Floats:
    """Return the rotation [4, 1] from the watch's frame into the forearm's.

    The display faces away from the wrist (+z). On the left wrist +x points to the hand,
    on the right to the elbow: the display is the right way up for its wearer.
    """
    roll, tilt, twist = person.mount
    worn = compose(
        axis_rotation("z", 180.0), axis_rotation("y", 90.0), axis_rotation("x", 90.0)
    )
    if person.side < 0:
        worn = compose(worn, axis_rotation("y", 180.0))
    return compose(
        worn,
        axis_rotation("x", roll),
        axis_rotation("y", tilt),
        axis_rotation("z", twist),
    )


def wrist(tracks: Mapping[str, Floats], person: Person) -> tuple[Floats, Floats]:
    """Return the wrist's path (position, orientation) for the tracks of all joints.

    Shapes
        tracks       {joint: [time]}, the keys of JOINTS
        position     [3, time]  [m], in the world
        orientation  [4, time]  unit quaternion, watch frame -> world
    """
    side, height = person.side, person.height
    trunk = compose(
        axis_rotation("z", tracks["yaw"]),
        axis_rotation("y", tracks["pitch"]),
        axis_rotation("x", tracks["roll"]),
    )
    upper = compose(
        trunk,
        axis_rotation("x", side * tracks["abduct"]),
        axis_rotation("y", -tracks["flex"]),
        axis_rotation("z", -side * tracks["inward"]),
    )
    fore = compose(
        upper,
        axis_rotation("y", -tracks["elbow"]),
        axis_rotation("z", -side * tracks["pronate"]),
    )
    position = np.stack([tracks["x"], tracks["y"], tracks["z"]])
    position = position + rotate(
        trunk, height * np.array([0, side * HALF_SHOULDERS, TRUNK])
    )
    position += rotate(upper, height * np.array([0, 0, -UPPER_ARM]))
    position += rotate(fore, height * np.array([0, 0, -FOREARM]))
    return position, compose(fore, watch_in_forearm(person))


def specific_force(position: Floats, orientation: Floats, rate: float = RATE) -> Floats:
    """Return what an accelerometer on that path reads: R^T (a - g), in [g].

    Shapes: position [3, time] in [m]; orientation [4, time] watch -> world; returns
    [time, 3]. A still sensor reads 1 g upward, one in free fall reads 0.
    """
    acceleration = np.zeros_like(position)
    acceleration[:, 1:-1] = np.diff(position, n=2, axis=1) * rate**2
    acceleration[:, [0, -1]] = acceleration[:, [1, -2]]
    acceleration[2] += GRAVITY
    return rotate(inverse(orientation), acceleration).T / GRAVITY


def angular_rate(orientation: Floats, rate: float = RATE) -> Floats:
    """Return what a gyroscope on that path reads, in [rad/s].

    Shapes: orientation [4, time] watch -> world; returns [time, 3], in the watch's
    frame. Row k turns orientation k into orientation k + 1 within 1 / rate.
    """
    step = compose(inverse(orientation[:, :-1]), orientation[:, 1:])
    turned = rotation_vector(step).T * rate
    return np.concatenate([turned, turned[-1:]])
