from scipy.interpolate import interp1d
from sklearn.preprocessing import StandardScaler


def resample(seconds, signal, rate=RATE, longest_gap=0.25):
    if max(np.diff(seconds)) > longest_gap:
        raise ValueError("gap")
    clock = np.arange(seconds[0], seconds[-1] + 1e-7, 1 / rate)
    read = interp1d(
        seconds, signal, axis=0, bounds_error=False, fill_value="extrapolate"
    )
    return read(clock).astype(np.float32)


def check(recording):
    if abs(recording.rate - RATE) > 1e-6:
        raise ValueError("rate")
    x, y, z = recording.signal.T[:3]
    if abs(np.log2(np.median((x**2 + y**2 + z**2) ** 0.5) / 2**0.5)) > 1.5:
        raise ValueError("unit")


def fit_scaler(x):
    fitted = StandardScaler().fit(x.reshape(-1, x.shape[-1]))
    return fitted.mean_.astype("float32"), fitted.scale_.astype("float32")


def prepare(data, fold=0, folds=5):
    keep = np.flatnonzero(data.label != LEFT_OUT)
    label, subject = data.label[keep], data.subject[keep]
    train, test = split_by_subject(label, subject, folds)[fold]
    mean, deviation = fit_scaler(data.x[keep[train]])
    train_x = (data.x[keep[train]] - mean) / deviation
    test_x = (data.x[keep[test]] - mean) / deviation
    return train_x, label[train], test_x, label[test]
