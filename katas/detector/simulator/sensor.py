"""What a real sensor reads: its own clock, noise, bias, range and resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.clock import resample
from katas.detector.simulator.body import RATE
from katas.detector.simulator.turns import Floats


@dataclass(frozen=True)
class Sensor:
    """One watch's faults.

    rate [Hz] that it really runs at; jitter [s] of its sampling instants; bias [g] x 3,
    [rad/s] x 3; scale x 6; noise, range and step of both sensors, in [g] and [rad/s].
    """

    rate: float = 50.0
    jitter: float = 0.0
    bias: tuple[float, ...] = (0.0,) * 6
    scale: tuple[float, ...] = (1.0,) * 6
    noise: tuple[float, float] = (0.0, 0.0)
    limit: tuple[float, float] = (4.0, 34.9)
    step: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Sensor":
        """Draw the watch of one wearer."""
        return cls(
            rate=float(rng.normal(49.7, 0.3)),
            jitter=0.002,
            bias=tuple(float(b) for b in rng.normal(0, [0.02] * 3 + [0.03] * 3)),
            scale=tuple(float(s) for s in rng.normal(1, [0.015] * 3 + [0.01] * 3)),
            noise=(float(rng.uniform(0.006, 0.03)), float(rng.uniform(0.02, 0.09))),
            step=(0.01, 0.1),
        )

    def read(
        self, truth: Floats, rng: np.random.Generator, rate: float = 50.0
    ) -> NDArray[np.float32]:
        """Return the signal on an even clock of `rate` [Hz].

        The readings are taken at the watch's own jittered instants, averaged over
        10 ms, and then taken for evenly spaced, as a watch's software does.

        Shapes: truth [time, 6] at body.RATE, [g] and [rad/s]; returns float32 [new, 6].
        """
        seconds = (len(truth) - 1) / RATE
        even = np.arange(int(seconds * self.rate) + 1) / self.rate
        when = np.clip(even + rng.normal(0, self.jitter, even.shape), 0, seconds)
        smooth = (truth + np.roll(truth, 1, axis=0)) / 2
        smooth[0] = truth[0]
        place = when * RATE
        k = np.minimum(place.astype(int), len(truth) - 2)
        u = (place - k)[:, None]
        seen = smooth[k] * (1 - u) + smooth[k + 1] * u
        noise, limit, step = (np.repeat(pair, 3) for pair in self._pairs())
        seen = seen * self.scale + self.bias
        seen += noise * rng.standard_normal(seen.shape)
        seen = np.where(step > 0, np.round(seen / np.maximum(step, 1e-9)) * step, seen)
        seen = np.clip(seen, -limit, limit)
        return resample(even, seen, rate).astype(np.float32)

    def _pairs(self) -> tuple[tuple[float, float], ...]:
        return self.noise, self.limit, self.step
