"""From a sensor's own clock to the even one: check it, low-pass, then resample.

Offline work on whole recordings: the filter is centred on each sample and sees half its
length of the future. A device would run it with that delay.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.recording import RATE
from katas.detector.recordings.table import exact
from katas.dojo.store.errors import DataError

Floats = NDArray[np.float64]

SLOWEST, FASTEST = 8.0, 2000.0  # [Hz]: an impact lasts 0.1 s; no wearable is faster
OTHER_UNITS = {  # of time, and what turns them into seconds
    "milliseconds": ("divide by 1,000", 1e-3),
    "microseconds": ("divide by 1,000,000", 1e-6),
    "nanoseconds": ("divide by 1,000,000,000", 1e-9),
    "days of a spreadsheet": ("multiply by 86,400", 86_400.0),
}
LIKELY = (10.0, 400.0)  # [Hz]: rates at which another unit is worth a guess


def check_times(times: Floats, lines: NDArray[np.int_], where: Path) -> None:
    """Check that times [s] are those of a sensor's clock.

    Shapes: times [time]; lines [time], where each stands in the file.
    Raises
        DataError  a time that does not rise, a rate out of SLOWEST to FASTEST, times of
                   arrival in packets, a gap.
    """
    if len(times) < 2:
        raise DataError(f"{where}, line {lines[0]}: one sample is no recording.")
    steps = np.diff(times)
    wrong = np.flatnonzero(steps <= 0)
    if len(wrong):
        k = wrong[0]
        here, before = exact(float(times[k + 1])), exact(float(times[k]))
        if steps[k] < 0:
            how = f"goes back, from {before} to {here}; sort the rows by time"
        else:
            how = f"stands still at {here}; export it with more digits"
        raise DataError(f"{where}, line {lines[k + 1]}: time_s {how}.")
    usual = float(np.median(steps))
    if not 1 / FASTEST <= usual <= 1 / SLOWEST:
        step = exact(float(f"{usual:.6g}"))
        raise DataError(f"{where}: time_s rises by {step} a row{_unit(usual)}.")
    if usual < 0.5 * steps.mean():
        raise DataError(
            f"{where}: half of the rows follow within {exact(round(usual, 6))} s, the "
            f"mean is {steps.mean():.3f} s: these are times of arrival in packets; "
            "write the sensor's own clock, or row number / rate."
        )
    k = int(np.argmax(steps))
    if steps[k] > max(0.25, 5 * usual):
        raise DataError(
            f"{where}, line {lines[k + 1]}: a gap of {steps[k]:.2f} s; make two "
            "recordings of it."
        )


def _unit(step: float) -> str:
    """What a step [s] that no sensor has may be; nothing unless one unit alone fits."""
    for name, (cure, seconds) in OTHER_UNITS.items():
        if LIKELY[0] <= 1 / (step * seconds) <= LIKELY[1]:
            return f"; it looks like {name}: {cure}"
    return f", which is not between {SLOWEST:g} and {FASTEST:,.0f} samples a second"


def low_pass(
    values: Floats, rate: float, cutoff: float, half_width: float = 6
) -> Floats:
    """Remove what is faster than cutoff [Hz] with a symmetric windowed-sinc filter.

    Shapes: values [time, channels] at rate [Hz]; returns float64 of the same shape.
    The filter reaches half_width periods of the cutoff to either side; past the ends
    it sees the first and the last sample repeated.
    Source: Oppenheim & Schafer, Discrete-Time Signal Processing, the window method.
    """
    from scipy.signal import firwin, oaconvolve  # late: SciPy takes half a second

    reach = int(np.ceil(half_width * rate / cutoff))
    window: Any = ("kaiser", 5.0)  # SciPy types its name alone
    taps = np.asarray(firwin(2 * reach + 1, cutoff, fs=rate, window=window))
    padded = np.pad(np.asarray(values, float), ((reach, reach), (0, 0)), mode="edge")
    return oaconvolve(padded, taps[:, None], mode="valid", axes=0)


def resample(times: Floats, values: Floats, rate: float = RATE) -> Floats:
    """Return values on an even clock of `rate` [Hz] that starts at times[0].

    A source that is more than 5 % faster than `rate` first passes a low-pass filter
    at 0.8 of the new Nyquist frequency, on an even clock of its own rate: without it,
    all that is faster than rate / 2 would come back as slow movement that never was.

    Shapes
        times    [time]            [s], rising
        values   [time, channels]
        returns  float64 [new time, channels]
    """
    times = np.asarray(times, float) - times[0]
    values = np.asarray(values, float)
    source = (len(times) - 1) / times[-1] if len(times) > 1 else rate
    if source > 1.05 * rate:
        even = np.linspace(0, times[-1], len(times))
        if np.abs(even - times).max() * source > 1e-3:  # a thousandth of a sample
            values = _interpolate(even, times, values)
        times, values = even, low_pass(values, source, 0.8 * rate / 2)
    steps = int(np.floor(times[-1] * rate + 1e-6)) + 1
    return _interpolate(np.arange(steps) / rate, times, values)


def _interpolate(at: Floats, times: Floats, values: Floats) -> Floats:
    return np.stack([np.interp(at, times, each) for each in values.T], axis=1)
