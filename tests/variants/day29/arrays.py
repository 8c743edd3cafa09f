from sklearn.model_selection import LeaveOneGroupOut


def events(recording, starts, scores, threshold):
    ends = np.asarray(starts) + LENGTH - 1
    over = np.flatnonzero(np.asarray(scores) >= threshold)
    chosen = []
    while len(over):
        chosen.append(over[0])
        over = over[ends[over] >= ends[over[0]] + HOLD_OFF * recording.rate]
    chosen = np.array(chosen, int)
    alarms = ends[chosen] / recording.rate
    if not recording.is_fall:
        return alarms, np.zeros(len(alarms), bool)
    onset, rest = recording.span
    began = np.asarray(starts)[chosen] / recording.rate
    return alarms, (began <= rest) & (alarms >= onset)


def event_scores(recordings, found):
    detected, delays, false, hours = [], [], 0, 0.0
    for one, (alarms, hits) in zip(recordings, found, strict=True):
        false += int((~hits).sum())
        hours += len(one.signal) / one.rate / 3600
        if one.span is None:
            continue
        hours -= (one.span[1] - one.span[0]) / 3600
        detected.append(bool(hits.any()))
        if hits.any():
            delays.append(alarms[np.argmax(hits)] - one.impact)
    return {
        "delay_s": np.median(delays) if delays else float("nan"),
        "event_sensitivity": np.mean(detected) if detected else float("nan"),
        "false_alarms_per_hour": false / hours,
    }


def rate_interval(count, hours, level=0.95):
    from scipy.stats import gamma

    low, high = (1 - level) / 2, (1 + level) / 2
    ends = np.array([gamma.ppf(low, count) if count else 0, gamma.ppf(high, count + 1)])
    return tuple(ends / hours)


def leave_one_subject_out(subjects, run):
    splits = LeaveOneGroupOut().split(subjects, subjects, subjects)
    return {subjects[test[0]]: run(train, test) for train, test in splits}


def calibrate(logits, labels):
    from scipy.optimize import minimize

    def loss(w):
        z = w[0] * logits + w[1]
        return np.mean(np.logaddexp(0, z) - labels * z)

    return tuple(minimize(loss, [1.0, 0.0], tol=1e-10).x)
