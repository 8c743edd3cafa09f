"""Simulated falls and daily activities, as a watch on a wrist would record them.

One path of a rigid body determines all six channels: the accelerometer reads the path's
second derivative less gravity in the watch's frame, the gyroscope the derivative of the
same orientation. A wearer's size, vigour and watch stay theirs in all recordings.

The ranges in `falls.py` and `daily.py` were chosen by hand until peaks, dips and spins
spread about as widely as in WEDA-FALL; no recording is copied or replayed. So a score
on WEDA-FALL after training here is not that of a data set nobody had looked at.
"""

import numpy as np

from katas.detector.recordings.recording import RATE, Recording, find_impact
from katas.detector.simulator import body, daily, falls
from katas.detector.simulator.motion import Movement
from katas.detector.simulator.sensor import Sensor
from katas.detector.simulator.turns import Floats


def truth(movement: Movement) -> Floats:
    """Return what a perfect watch reads on a movement: [time, 6] at body.RATE.

    Specific force in [g], then angular rate in [rad/s], in the watch's own frame.
    """
    position, orientation = body.wrist(movement.tracks, movement.person)
    return np.hstack(
        [body.specific_force(position, orientation), body.angular_rate(orientation)]
    )


def recordings(
    people: int = 10, seed: int = 0, falls: int = 15, activities: int = 22
) -> list[Recording]:
    """Return the recordings of `people`, a list of Recording at 50 Hz, [g] and [rad/s].

    Each person performs `falls` falls and `activities` daily activities, which cycle
    through the causes and directions of `falls.BEFORE` and through `daily.SCRIPTS`. The same seed
    returns the same bytes, and the first k people do not depend on how many follow.
    """
    results = []
    for number, seeds in enumerate(np.random.SeedSequence(seed).spawn(people)):
        rng = np.random.default_rng(seeds)
        person, sensor = body.Person.draw(rng), Sensor.draw(rng)
        subject = f"P{number + 1:02d}"
        for k in range(falls):
            results.append(_fall(rng, person, sensor, subject, k))
        for k in range(activities):
            results.append(_activity(rng, person, sensor, subject, k))
    return results


FALLS = [(cause, way) for cause, ways in falls.BEFORE.items() for way in ways]


def _fall(
    rng: np.random.Generator, person: body.Person, sensor: Sensor, subject: str, k: int
) -> Recording:
    cause, way = FALLS[k % len(FALLS)]
    onset = rng.uniform(2.5, 6)
    movement = Movement(onset + rng.uniform(5, 9), person, rng)
    _, rest = falls.fall(movement, cause, way, onset)
    signal = sensor.read(truth(movement), rng, RATE)
    span = (float(onset), float(rest))
    return Recording(
        name=f"{subject}/fall-{k + 1:02d}",
        subject=subject,
        activity=f"{cause}, {way}",
        rate=RATE,
        signal=signal,
        span=span,
        impact=find_impact(signal, RATE, span),
    )


def _activity(
    rng: np.random.Generator, person: body.Person, sensor: Sensor, subject: str, k: int
) -> Recording:
    names = list(daily.SCRIPTS)
    name = names[k % len(names)]
    script, least, most = daily.SCRIPTS[name]
    movement = Movement(rng.uniform(least, most), person, rng)
    script(movement)
    return Recording(
        name=f"{subject}/day-{k + 1:02d}",
        subject=subject,
        activity=name,
        rate=RATE,
        signal=sensor.read(truth(movement), rng, RATE),
    )
