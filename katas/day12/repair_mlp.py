"""Train a digit classifier and write its scores.

    python -m katas.day12.repair_mlp --epochs 5 --out .dojo/run12

A script as a colleague left it. It runs; read it with distrust.
"""

import argparse
import json
import logging
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from katas.dojo.course import digits

log = logging.getLogger("digits")

CLASSES = 10


def preprocess(images):
    """uint8 [n, 28, 28] -> float32 [n, 784] in 0 to 1."""
    flat = images.reshape(len(images), -1).astype("float32")
    return flat


def split(x, y, share=0.15, seed=0):
    """(training x, y), (validation x, y): rows drawn at random, labels with them."""
    rows = np.random.default_rng(seed).permutation(len(x))
    cut = int(len(x) * (1 - share))
    train, validation = rows[:cut], rows[cut:]
    return (x[train], y[:cut]), (x[validation], y[cut:])


def stream(x, y, batch, training=False, seed=0):
    """Batches as a tf.data stream; a new order each epoch when training."""
    data = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        data = data.shuffle(16, seed=seed, reshuffle_each_iteration=True)
    return data.batch(batch, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def build(hidden=128, dropout=0.2):
    """784 pixels, one hidden layer, ten logits."""
    inputs = keras.Input((784,))
    h = keras.layers.Dense(hidden, name="hidden")(inputs)
    h = keras.layers.Dropout(dropout, name="dropout")(h)
    logits = keras.layers.Dense(CLASSES, name="logits")(h)
    return keras.Model(inputs, logits)


def compile_model(model, learning_rate=1e-1):
    """Adam on the cross-entropy of logits; accuracy beside it."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def callbacks(out):
    """Stop after three epochs that are no better, keep the best, write a log."""
    return [
        keras.callbacks.EarlyStopping(
            monitor="loss", patience=3, restore_best_weights=False
        ),
        keras.callbacks.ModelCheckpoint(
            str(Path(out) / "best.keras"), monitor="val_loss", save_best_only=True
        ),
        keras.callbacks.CSVLogger(str(Path(out) / "log.csv")),
    ]


def evaluate(model, x, y, batch=256):
    """{"accuracy", "confusion" [truth][guess]} over every row, dropout off."""
    data = stream(x, y, batch)
    pairs = [(model(part, training=True), truth) for part, truth in data]
    logits, y = (np.concatenate(each) for each in zip(*pairs, strict=True))
    guess = logits.argmax(axis=1)
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (guess, y), 1)
    return {"accuracy": float(np.mean(guess == y)), "confusion": table.tolist()}


def train(data, epochs=5, batch=64, out=".dojo/run12", seed=0):
    """Train, judge on the test digits, write scores; return model and scores."""
    keras.utils.set_random_seed(seed)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (x, y), (test_x, test_y) = data
    (x, y), validation = split(preprocess(x), y, seed=seed)
    model = compile_model(build())
    model.fit(
        stream(x, y, batch, training=True, seed=seed),
        validation_data=stream(*validation, batch),
        epochs=epochs,
        callbacks=callbacks(out),
        verbose=0,
    )
    scores = evaluate(model, preprocess(test_x), test_y)
    (out / "scores.json").write_text(json.dumps(scores))
    log.info("test accuracy %.3f", scores["accuracy"])
    return model, scores


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=".dojo/run12")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(digits.load(), chosen.epochs, chosen.batch, chosen.out, chosen.seed)


if __name__ == "__main__":
    main()
