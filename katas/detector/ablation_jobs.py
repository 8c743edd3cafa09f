"""One setup of an ablation: its trainings, each kept when it is done, and its cost."""

import dataclasses
import sys
import tempfile

import numpy as np

from katas.detector.packaging import latency
from katas.detector.run import POINTS, save_arrays
from katas.dojo.store import streams


def network_of(setup):
    """The setup without its threshold, which no training depends on."""
    return dataclasses.replace(setup, threshold=None)


def fitted(train, setup):
    """`train` as a Run asks for it."""
    return lambda pool, _, seed, validation=None, callbacks=(): train(
        pool, setup, seed, validation, callbacks
    )


def kept(job, fold, seed):
    """Scores and threshold of a training, from its file when it is finished."""
    k = next(
        k for k, one in enumerate(job.folds) if np.array_equal(one.test, fold.test)
    )
    name = f"seed{seed}-fold{k + 1}"
    file = job.out / f"{name}.npz"
    if not file.exists():
        net = job.network(fold, seed, name)
        print(f"trained {job.out.name}, {name}", file=sys.stderr, flush=True)
        net.model.save(job.out / "model.keras")
        best = net.thresholds[POINTS.index("best_f1")]
        save_arrays(file, score=net.score, threshold=best, losses=net.losses)
    found = np.load(file)
    return found["score"], float(found["threshold"])


def cost(folder, windows):
    """Parameters, and the median time of one window [us]: LiteRT, float32, one thread."""
    import keras

    model = keras.saving.load_model(folder / "model.keras")
    return model.count_params(), latency(packed(model), windows)[0]


def packed(model):
    """The model as a function of one window, in LiteRT: what a device would run."""
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    with tempfile.TemporaryDirectory() as folder, streams.silent_stderr():
        model.export(folder, "tf_saved_model", verbose=False)
        content = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
        runner = Interpreter(model_content=content, num_threads=1)
        runner.allocate_tensors()
    (source,), (sink,) = runner.get_input_details(), runner.get_output_details()

    def score(window):
        runner.set_tensor(source["index"], window)
        runner.invoke()
        return runner.get_tensor(sink["index"])

    return score
