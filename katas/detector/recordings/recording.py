"""One recording type for every source: named channels, units, rate, wearer, fall."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from katas.dojo.store.errors import DataError

GRAVITY = 9.80665  # [m/s2], standard gravity: 1 g by definition
RATE = 50.0  # [Hz], the rate of every reader's output

Floats = NDArray[np.floating]

CHANNELS = (
    "acc_x_g",
    "acc_y_g",
    "acc_z_g",
    "gyro_x_rad_s",
    "gyro_y_rad_s",
    "gyro_z_rad_s",
)


@dataclass(frozen=True, eq=False)
class Recording:
    """One activity of one subject, sampled by one sensor at a constant rate.

    Shapes
        signal  float32 [time, 6]  acceleration [g], then angular rate [rad/s]
        rate    [Hz]               sample k was taken k / rate seconds after the first
        span    (start, end) [s]   the marked fall, or None
        impact  [s]                the moment of the impact, or None

    The signal cannot be written to: readers share it. Copy it to change it.

    Raises
        DataError  a wrong shape, a value that is NaN or infinite, a rate that is not
                   positive, a fall that lies outside the recording.
    """

    name: str
    subject: str
    activity: str
    rate: float
    signal: Floats = field(repr=False)
    span: tuple[float, float] | None = None
    impact: float | None = None

    def __post_init__(self) -> None:
        signal = np.array(self.signal, dtype=np.float32, order="C")
        if signal.ndim != 2 or signal.shape[1] != len(CHANNELS):
            raise DataError(
                f"{self.name}: a signal is [time, {len(CHANNELS)}], "
                f"this one is {list(signal.shape)}."
            )
        if not len(signal):
            raise DataError(f"{self.name}: the recording is empty.")
        if not np.isfinite(signal).all():
            row, channel = np.argwhere(~np.isfinite(signal))[0]
            raise DataError(
                f"{self.name}: {CHANNELS[channel]} is {signal[row, channel]} "
                f"in sample {row}."
            )
        if not (np.isfinite(self.rate) and self.rate > 0):
            raise DataError(f"{self.name}: the rate is {self.rate} Hz.")
        signal.flags.writeable = False
        object.__setattr__(self, "signal", signal)
        if (self.span is None) != (self.impact is None):
            raise DataError(f"{self.name}: a fall has both a span and an impact.")
        if self.span is not None and self.impact is not None:
            start, end = self.span
            if not (0 <= start < end <= self.seconds and self.impact >= 0):
                raise DataError(
                    f"{self.name}: the fall is marked from {start:g} s to {end:g} s, "
                    f"the recording lasts from 0 s to {self.seconds:g} s."
                )

    @property
    def is_fall(self) -> bool:
        """Tell whether a fall is marked."""
        return self.span is not None

    @property
    def seconds(self) -> float:
        """Return the duration [s]."""
        return len(self.signal) / self.rate

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the six channel names, each with its unit."""
        return CHANNELS


def magnitude(signal: Floats) -> Floats:
    """Return |acceleration| [g], shape [time], of a signal [time, 6]."""
    return np.sqrt(np.square(signal[:, :3], dtype=np.float64).sum(axis=1))


def find_impact(
    signal: Floats,
    rate: float,
    span: tuple[float, float] | None = None,
    margin: float = 0.5,
) -> float:
    """Return when |acceleration| is largest [s]: within span +- margin, or anywhere.

    Shapes: signal [time, 6], acceleration in [g]; rate [Hz]; span (start, end) [s].
    """
    size = magnitude(signal)
    first, last = 0, len(size)
    if span is not None:
        first = min(max(0, round((span[0] - margin) * rate)), last - 1)
        last = max(first + 1, round((span[1] + margin) * rate) + 1)
    return (first + int(np.argmax(size[first:last]))) / rate


def span_around(
    impact: float, seconds: float, before: float = 1.1, after: float = 1.9
) -> tuple[float, float]:
    """Return the span (start, end) [s] of a fall of which only the impact is known.

    The two lengths are the rule for recordings without marks; the span never leaves
    the recording, which lasts `seconds`.
    """
    return max(0.0, impact - before), min(seconds, impact + after)
