"""Day 09. An MLP that reads digits: scale, split, build, train, and the first check."""

import keras
import numpy as np
from keras import layers


def preprocess(images):
    """Return each image as a row of numbers between 0 and 1.

    Shapes
        images   uint8 [n, 28, 28]  0 is paper, 255 is ink
        returns  float32 [n, 784]   line after line, as one reads

    Hint: bytes cannot hold a fraction: change their type first.
    """
    return images.reshape(len(images), -1).astype("float32") / 255  # [n, 784]


def split(x, y, share=0.15, seed=0):
    """Return (x, y) to train on and (x, y) to validate on, drawn at random.

    Shapes
        x        [n, ...]
        y        [n]
        share    of the rows that go to validation, rounded to whole rows
        returns  (x, y), (x, y)  each row once, in one part or in the other

    Hint: `random.permutation(n)` of `np.random.default_rng(seed)`, then a cut.
    """
    rows = np.random.default_rng(seed).permutation(len(x))
    cut = round(share * len(x))
    validation, training = rows[:cut], rows[cut:]
    return (x[training], y[training]), (x[validation], y[validation])


def build_mlp(hidden=128):
    """Return an uncompiled network from 784 pixels to ten logits.

    Shapes
        input   [batch, 784]
        hidden  [batch, hidden]  relu(input · kernel + bias)
        output  [batch, 10]      hidden · kernel + bias, no activation

    Hint: `keras.Sequential` takes a list; it begins with `keras.Input((784,))`.
    Source: Glorot & Bengio 2010, PMLR 9, eq. 16 (how Dense draws its kernel).
    """
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(hidden, activation="relu"),  # [batch, hidden]
            layers.Dense(10),  # [batch, 10]
        ]
    )


def train(model, training, validation, epochs=8, rate=0.002, batch=64):
    """Return loss and accuracy of each epoch, of the model compiled here with Adam.

    Shapes
        training    (x [n, 784], y [n])  the rows that teach
        validation  (x, y)               the rows that judge after each epoch
        rate        Adam's learning rate
        returns     dict of four lists, a number an epoch: "loss" and "accuracy" in
                    training, "val_loss" and "val_accuracy" on validation

    Hint: compile with a loss that takes logits; what fit returns has a `.history`.
    Source: Keras 3 API documentation, "Model training APIs".
    """
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    fitted = model.fit(*training, batch, epochs, validation_data=validation, verbose=0)
    return fitted.history


def overfit_one_batch(model, x, y, size=32, steps=25, rate=0.01):
    """Return the accuracy on the first batch, after steps on nothing else.

    Shapes
        x        [n, 784]
        y        [n]
        size     rows in the batch: the first ones
        steps    how often the optimizer sees them
        returns  float  near 1 unless the model, its loss or the labels are broken

    Hint: your `train` with the batch as both parts; which of its lists judges?
    Source: Karpathy 2019, "A Recipe for Training Neural Networks", "overfit one batch".
    """
    part = x[:size], y[:size]
    history = train(model, part, part, epochs=steps, rate=rate, batch=size)
    return history["val_accuracy"][-1]
