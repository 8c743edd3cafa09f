@keras.saving.register_keras_serializable("katas")
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, steps, warmup=0, floor=0.0):
        self.peak, self.steps, self.warmup, self.floor = peak, steps, warmup, floor

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        warmup, steps = float(self.warmup), float(self.steps)
        angle = (tf.minimum(step, steps) - warmup) * (np.pi / (steps - warmup))
        middle, swing = (self.peak + self.floor) / 2, (self.peak - self.floor) / 2
        return tf.cond(
            step < warmup,
            lambda: tf.math.divide_no_nan(step, warmup) * self.peak,
            lambda: middle + swing * tf.cos(angle),
        )

    def get_config(self):
        return dict(vars(self))


def diagnose(training, validation, tolerance=0.05):
    training, validation = np.asarray(training), np.asarray(validation)
    if np.isnan(training).any() or np.isinf(training).any():
        return "diverges"
    gain = 1 - training[-1] / training[0]
    if gain < 0:
        return "diverges"
    if gain < tolerance:
        return "stuck"
    if validation[-1] / validation.min() - 1 > tolerance:
        return "overfits"
    quarter = len(validation) // 4
    if 1 - validation[-1] / validation[len(validation) - quarter - 1] > tolerance:
        return "unfinished"
    return "done"
