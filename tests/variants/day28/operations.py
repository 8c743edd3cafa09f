"""The model by operations, the metrics by counting, the export by a saved folder."""

import tempfile

from keras import ops


def attention_weights(features):
    energy = keras.layers.Dense(1, name="energy")(features)
    shares = keras.layers.Lambda(lambda e: ops.softmax(e, axis=1), name="attention")
    return shares(energy)


def squeeze_excite(features, ratio=4):
    channels = features.shape[-1]
    gate = ops.mean(features, axis=1)
    gate = keras.layers.Dense(max(1, channels // ratio), "relu")(gate)
    gate = keras.layers.Dense(channels, "sigmoid", name="gate")(gate)
    return features * gate[:, None, :]


def class_weights(y):
    falls = np.mean(y)
    return {0: 0.5 / (1 - falls), 1: 0.5 / falls}


def choose_threshold(y_validation, p_validation):
    def f1(threshold):
        alarm = p_validation >= threshold
        hits = np.sum(alarm & (y_validation == 1))
        return 2 * hits / (np.sum(alarm) + np.sum(y_validation))

    return float(max(np.linspace(0.001, 0.999, 999), key=f1))


def judge(y, p, threshold):
    alarm = p >= threshold
    hits, alarms, falls = np.sum(alarm & (y == 1)), np.sum(alarm), np.sum(y == 1)
    return {
        "f1": float(2 * hits / (alarms + falls)),
        "recall": float(hits / falls),
        "precision": float(hits / max(1, alarms)),
        "auc": float(roc_auc_score(y, p)),
        "quiet": int(np.sum(~alarm & (y == 0))),
    }


def export(model, file):
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, "tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        content = converter.convert()
    Path(file).write_bytes(content)
