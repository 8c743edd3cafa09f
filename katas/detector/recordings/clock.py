"""From a sensor's own clock to the even one: low-pass, then resample.

Offline work on whole recordings: the filter is centred on each sample and sees half its
length of the future. A device would run it with that delay.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.recording import RATE

Floats = NDArray[np.float64]


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
