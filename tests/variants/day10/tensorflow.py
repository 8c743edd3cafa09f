import tensorflow as tf
from sklearn.metrics import precision_recall_curve


def confusion(labels, scores, threshold=0.5):
    truth = tf.cast(tf.reshape(labels, [-1]), tf.int32)
    guess = tf.cast(tf.reshape(scores, [-1]) >= threshold, tf.int32)
    table = tf.math.confusion_matrix(truth, guess, 2, dtype=tf.float32)
    return tf.stack([table[1, 1], table[0, 1], table[1, 0], table[0, 0]])


@keras.saving.register_keras_serializable("katas")
class F1(keras.metrics.Metric):
    def __init__(self, threshold=0.5, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.counts = self.add_weight(shape=(4,), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.counts.assign(self.counts + confusion(y_true, y_pred, self.threshold))

    def result(self):
        hits, false_alarms, misses, _ = tf.unstack(self.counts)
        return tf.math.divide_no_nan(2 * hits, 2 * hits + false_alarms + misses)

    def reset_state(self):
        for weight in self.variables:
            weight.assign(tf.zeros_like(weight))

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


def pr_curve(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    return recall[-2::-1], precision[-2::-1]
