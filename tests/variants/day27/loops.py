def resample(seconds, signal, rate=RATE, longest_gap=0.25):
    for earlier, later in zip(seconds[:-1], seconds[1:], strict=True):
        if later - earlier > longest_gap:
            raise ValueError("gap")
    rows, k = [], 0
    while (now := seconds[0] + len(rows) / rate) <= seconds[-1] + 1e-7:
        while k < len(seconds) - 2 and seconds[k + 1] < now:
            k += 1
        share = (now - seconds[k]) / (seconds[k + 1] - seconds[k])
        rows.append(signal[k] + (signal[k + 1] - signal[k]) * min(share, 1))
    return np.array(rows, "float32")


def label_windows(recording, length=LENGTH, hop=HOP, spare=SPARE):
    labels, starts = [], []
    start = 0
    while start + length <= len(recording.signal):
        inside = np.arange(start, start + length)
        label = DAILY
        if recording.is_fall:
            onset, rest = recording.span
            room = int(round(spare * 50))
            if round(recording.impact * 50) in inside[room : length - room]:
                label = FALL
            elif ((inside / 50 >= onset) & (inside / 50 <= rest)).any():
                label = LEFT_OUT
        labels.append(label)
        starts.append(start)
        start += hop
    return np.array(starts), np.array(labels)
