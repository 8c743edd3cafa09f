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
    alarms, hits, last = [], [], -np.inf
    onset, rest = recording.span or (np.inf, -np.inf)
    for start, score in zip(starts, scores, strict=True):
        end = start + LENGTH - 1  # the last sample inside
        if score >= threshold and end - last >= HOLD_OFF * recording.rate:
            last = end
            alarms.append(end / recording.rate)
            # In seconds: 29 / 50 is 0.58 exactly, but 0.58 * 50 is 28.999999999999996.
            hits.append(start / recording.rate <= rest and alarms[-1] >= onset)
    return np.array(alarms, float), np.array(hits, bool)


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
    pairs = list(zip(recordings, found, strict=True))
    falls = [(one, alarms[hits]) for one, (alarms, hits) in pairs if one.is_fall]
    delays = [heard[0] - one.impact for one, heard in falls if len(heard)]
    seconds = sum(one.seconds for one in recordings)
    seconds -= sum(one.span[1] - one.span[0] for one, _ in falls)
    false = sum(np.sum(~hits) for _, hits in found)
    return {
        "event_sensitivity": len(delays) / len(falls) if falls else np.nan,
        "false_alarms_per_hour": float(false / (seconds / 3600)),
        "delay_s": float(np.median(delays)) if delays else np.nan,
    }


def rate_interval(count, hours, level=0.95):
    """Return the exact interval of a rate of which `count` events were seen.

    Shapes
        count    events in `hours` [h], 0 or more
        returns  (low, high) [1/h]; low is 0 where count is 0

    Hint: scipy.stats' chi2.ppf(share, degrees of freedom); it knows no 0 degrees.
    Source: Garwood 1936, doi:10.1093/biomet/28.3-4.437.
    """
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    high = chi2.ppf(1 - tail, 2 * count + 2) / 2
    return float(low / hours), float(high / hours)


def leave_one_subject_out(subjects, run):
    """Return {person: run(train, test)}: each tested by who never met them.

    Shapes
        subjects  str [windows]  who wore the sensor
        run       function of two int arrays of row numbers: all other people's rows,
                  this person's rows; it trains, tests and returns what it likes

    Hint: np.unique lists the people, np.flatnonzero the rows where a mask is True.
    """
    return {
        str(who): run(np.flatnonzero(subjects != who), np.flatnonzero(subjects == who))
        for who in np.unique(subjects)
    }


def calibrate(logits, labels):
    """Return slope and offset of sigmoid(slope * logit + offset), fitted.

    Shapes
        logits   [windows]  of people who neither train nor test: the validation
        labels   [windows]  1 fall, 0 daily life
        returns  (slope, offset) of the least cross-entropy, two numbers

    Hint: scikit-learn's LogisticRegression, told not to shrink the slope.
    Source: Guo et al. 2017, arXiv:1706.04599, section 4.1 (Platt scaling).
    """
    fitted = LogisticRegression(C=np.inf).fit(logits[:, None], labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def probability(logits, slope, offset):  # given
    """Return the calibrated probability of a fall, [windows]."""
    return 1 / (1 + np.exp(-(slope * logits + offset)))
