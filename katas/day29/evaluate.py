"""Day 29. What the wearer lives with: alarms, rates, and how sure we are of them."""

import numpy as np
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression

LENGTH = 128  # samples in a window
HOLD_OFF = 5.0  # [s] of silence after an alarm


def events(recording, starts, scores, threshold):
    """Return the alarms of one recording, and which of them detect its fall.

    A score at or over the threshold raises an alarm at the last sample of its window;
    none follows for HOLD_OFF seconds. An alarm detects the fall when any sample of
    its window lies in the marked span.

    Shapes
        recording       rate [Hz]; span (onset, rest) [s], None where nobody falls
        starts, scores  [windows]  first sample of each window, rising; its score
        returns         (alarms, hits), each [alarms]: when [s]; True if it detects

    Hint: count the silence in samples, hold the span against seconds.
    """
    raise NotImplementedError(
        "day 29: return the alarms of one recording, and which of them detect its fall"
    )


def event_scores(recordings, found):
    """Return sensitivity, false alarms an hour and median delay, of all.

    Shapes
        recordings  list of Recording: seconds [s], is_fall, span [s], impact [s]
        found       one pair (alarms, hits) for each: what `events` returns
        returns     {"event_sensitivity": share of the falls with an alarm that detects,
                     "false_alarms_per_hour": [1/h] of recorded time outside the spans,
                     "delay_s": median [s] from impact to the first alarm that detects}
                    NaN for the first without falls, for the last without detected ones

    Hint: alarms[hits] are the alarms that detect; their first one counts.
    """
    raise NotImplementedError(
        "day 29: return sensitivity, false alarms an hour and median delay, of all"
    )


def rate_interval(count, hours, level=0.95):
    """Return the exact interval of a rate of which `count` events were seen.

    Shapes
        count    events in `hours` [h], 0 or more
        returns  (low, high) [1/h]; low is 0 where count is 0

    Hint: scipy.stats' chi2.ppf(share, degrees of freedom); it knows no 0 degrees.
    Source: Garwood 1936, doi:10.1093/biomet/28.3-4.437.
    """
    raise NotImplementedError(
        "day 29: return the exact interval of a rate of which `count` events were seen"
    )


def leave_one_subject_out(subjects, run):
    """Return {person: run(train, test)}: each tested by who never met them.

    Shapes
        subjects  str [windows]  who wore the sensor
        run       function of two int arrays of row numbers: all other people's rows,
                  this person's rows; it trains, tests and returns what it likes

    Hint: np.unique lists the people, np.flatnonzero the rows where a mask is True.
    """
    raise NotImplementedError(
        "day 29: return {person: run(train, test)}: each tested by who never met them"
    )


def calibrate(logits, labels):
    """Return slope and offset of sigmoid(slope * logit + offset), fitted.

    Shapes
        logits   [windows]  of people who neither train nor test: the validation
        labels   [windows]  1 fall, 0 daily life
        returns  (slope, offset) of the least cross-entropy, two numbers

    Hint: scikit-learn's LogisticRegression, told not to shrink the slope.
    Source: Guo et al. 2017, arXiv:1706.04599, section 4.1 (Platt scaling).
    """
    raise NotImplementedError(
        "day 29: return slope and offset of sigmoid(slope * logit + offset), fitted"
    )


def probability(logits, slope, offset):  # given
    """Return the calibrated probability of a fall, [windows]."""
    return 1 / (1 + np.exp(-(slope * logits + offset)))
