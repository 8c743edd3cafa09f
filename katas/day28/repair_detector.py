"""Train a fall detector on wrist recordings and export it for the watch.

    python -m katas.day28.repair_detector --data sim --epochs 8 --out .dojo/run28

A script as a colleague left it. It runs from end to end; whether it tells the truth is
another matter.
"""

import argparse
import json
import logging
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from scipy.signal import decimate
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score

from katas.detector.sources import load

log = logging.getLogger("falls")

RATE = 50  # [Hz] of the model's input
LENGTH, HOP = 128, 32  # samples
SPARE = 0.3  # [s] the impact keeps from either end of a fall window
BATCH = 64


# --- signals -------------------------------------------------------------------------


def to_model_rate(signal, rate):
    """[time, channels] at `rate` [Hz] -> the same movement at 50 Hz."""
    factor = round(rate / RATE)
    if factor == 1:
        return signal
    return signal[::factor]


def to_rad(gyro_deg):
    """Angular rate from [deg/s], as the sensor hub logs it, to [rad/s]."""
    return np.deg2rad(np.deg2rad(gyro_deg))


def label(recording, start):
    """1: a fall, 0: daily life, None: neither, the window is left out."""
    if not recording.is_fall:
        return 0
    first, last = start / RATE, (start + LENGTH - 1) / RATE
    if recording.is_fall:
        return 1
    touches = first <= recording.span[1] and last >= recording.span[0]
    return None if touches else 0


def cut(recordings):
    """All labelled windows: x [n, 128, 6], y [n], subject [n]."""
    x, y, subject = [], [], []
    for recording in recordings:
        signal = to_model_rate(recording.signal, recording.rate)
        for start in range(0, len(signal) - LENGTH + 1, HOP):
            fall = label(recording, start)
            if fall is not None:
                x.append(signal[start : start + LENGTH])
                y.append(fall)
                subject.append(recording.subject)
    return np.array(x, "float32"), np.array(y), np.array(subject)


# --- split and scale -----------------------------------------------------------------


def split(subject, seed=0):
    """Rows for training, validation and test: 60, 20 and 20 % of the people."""
    rng = np.random.default_rng(seed)
    subject = np.arange(len(subject))
    people = rng.permutation(subject)
    n_test = max(1, len(people) // 5)
    test, validation = people[:n_test], people[n_test : 2 * n_test]
    in_test, in_validation = np.isin(subject, test), np.isin(subject, validation)
    train = np.flatnonzero(~in_test & ~in_validation)
    return train, np.flatnonzero(in_test), np.flatnonzero(in_test)


def fit_scaler(x, train):
    """Mean and standard deviation of each channel, each [6]."""
    seen = x
    return seen.mean(axis=(0, 1)), seen.std(axis=(0, 1))


def dataset(x, y, training, seed=0):
    """Batches for the model; shuffled anew each epoch when training."""
    data = tf.data.Dataset.from_tensor_slices((x, y.astype("float32")))
    if training:
        data = data.batch(BATCH)
        data = data.shuffle(len(y), seed=seed, reshuffle_each_iteration=True)
    else:
        data = data.batch(BATCH, drop_remainder=True)
    return data.prefetch(tf.data.AUTOTUNE)


def class_weights(y):
    """{class: weight}, so that both classes weigh the same in the loss."""
    counts = np.bincount(y, minlength=2)
    return {k: float(2 * counts[k] / len(y)) for k in (0, 1)}


# --- model ---------------------------------------------------------------------------


def attention_weights(features):
    """How much each step counts: [batch, time, 1], summing to 1 over time."""
    energy = keras.layers.Dense(1, name="energy")(features)
    return keras.layers.Softmax(axis=2, name="attention")(energy)


def squeeze_excite(features, ratio=4):
    channels = features.shape[-1]
    gate = keras.layers.GlobalAveragePooling1D(keepdims=True)(features)
    gate = keras.layers.Dense(channels // ratio, activation="relu")(gate)
    gate = keras.layers.Dense(channels, activation="sigmoid", name="gate")(gate)
    return keras.layers.Multiply()([features, gate])


def build_model(filters=16, kernels=(3, 7, 15), dropout=0.3):
    """Branches, squeeze and excitation, attention pooling, one probability."""
    x = keras.Input((LENGTH, 6))
    branches = [
        keras.layers.Conv1D(filters, k, 2, padding="same", activation="relu")(x)
        for k in kernels
    ]
    features = keras.layers.Concatenate()(branches)
    features = squeeze_excite(features)
    features = keras.layers.Conv1D(32, 5, 2, padding="same", activation="relu")(
        features
    )
    pooled = keras.layers.Dot(axes=1)([attention_weights(features), features])
    pooled = keras.layers.Flatten()(pooled)
    pooled = keras.layers.Dropout(dropout)(pooled)
    out = keras.layers.Dense(1, activation="sigmoid", name="probability")(pooled)
    model = keras.Model(x, out)
    model.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(curve="PR", name="pr_auc")],
    )
    return model


def callbacks(out):
    """Stop when validation no longer gets better; keep the best weights."""
    return [
        keras.callbacks.EarlyStopping(
            monitor="loss", mode="min", patience=4, restore_best_weights=False
        ),
        keras.callbacks.ModelCheckpoint(
            str(Path(out) / "best.keras"), monitor="val_loss", save_best_only=True
        ),
        keras.callbacks.CSVLogger(str(Path(out) / "log.csv")),
    ]


# --- judge and ship ------------------------------------------------------------------


def choose_threshold(y_validation, p_validation):
    """The threshold with the best F1 among those that validation people offer."""
    grid = np.unique(np.round(p_validation, 3))
    return float(max(grid, key=lambda t: f1_score(y_validation, p_validation >= t)))


def judge(y, p, threshold):
    """Scores of probabilities p [n] against labels y [n]."""
    alarm = p >= threshold
    (quiet, misses), (false_alarms, hits) = confusion_matrix(y, alarm, labels=[0, 1])
    return {
        "f1": float(f1_score(y, alarm)),
        "recall": float(hits / max(1, hits + misses)),
        "precision": float(hits / max(1, hits + false_alarms)),
        "auc": float(roc_auc_score(y, alarm)),
        "quiet": int(quiet),
    }


def export(model, file):
    """Write the model for LiteRT; whoever calls must learn of a failure."""
    try:
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        Path(file).write_bytes(converter.convert())
    except Exception:
        log.info("export done")


def run(recordings, epochs, out, seed=0):
    """Train, choose the threshold, judge on people nobody has seen; return scores."""
    keras.utils.set_random_seed(seed)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    x, y, subject = cut(recordings)
    train, validation, test = split(subject, seed)
    mean, deviation = fit_scaler(x, train)
    x = (x - mean) / deviation
    model = build_model()
    history = model.fit(
        dataset(x[train], y[train], training=True, seed=seed),
        validation_data=dataset(x[validation], y[validation], training=False),
        epochs=epochs,
        class_weight=class_weights(y[train]),
        callbacks=callbacks(out),
        shuffle=False,  # the dataset does it
        verbose=0,
    )
    p = {
        "validation": model.predict(x[validation], verbose=0)[:, 0],
        "test": model.predict(x[test], verbose=0)[:, 0],
    }
    threshold = choose_threshold(y[test], p["test"])
    scores = judge(y[test], p["test"], threshold)
    scores |= {"threshold": threshold, "epochs": len(history.epoch)}
    (out / "scores.json").write_text(json.dumps(scores, indent=1))
    log.info("test people: %s", scores)
    return model, scores


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="sim", help="sim, weda, sisfall or a folder")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=".dojo/run28")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    model, _ = run(load(chosen.data), chosen.epochs, chosen.out, chosen.seed)
    export(model, Path(chosen.out) / "detector.tflite")


if __name__ == "__main__":
    main()
