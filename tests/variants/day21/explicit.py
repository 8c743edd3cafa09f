def log_settings(writer, settings):
    with writer.as_default(step=0):
        hp.hparams(dict(settings))


def log_run(writer, step, logs, model, tables):
    previous = tf.summary.experimental.get_step()
    with writer.as_default():
        for name in logs:
            tf.summary.scalar(name, logs[name], step=step)
        for weight in model.trainable_weights:
            values = tf.reshape(tf.convert_to_tensor(weight), (-1,))
            tf.summary.histogram(weight.path, values, step=step)
        for name in tables:
            image = np.float32(tables[name]).reshape(1, *np.shape(tables[name]), 1)
            tf.summary.image(name, image, step=step)
        writer.flush()
    tf.summary.experimental.set_step(previous)


class RunLog(keras.callbacks.Callback):
    def __init__(self, folder, settings, tables=lambda model: {}):
        super().__init__()
        self.folder, self.settings, self.tables = folder, settings, tables

    def on_train_begin(self, logs=None):
        self.writer = tf.summary.create_file_writer(str(self.folder))
        log_settings(self.writer, self.settings)

    def on_epoch_end(self, epoch, logs=None):
        both = dict(logs or {})
        both["learning_rate"] = self.model.optimizer.learning_rate
        steps = tf.cast(self.model.optimizer.iterations, tf.int64)
        log_run(self.writer, steps, both, self.model, self.tables(self.model))

    def on_train_end(self, logs=None):
        self.writer.close()


def schedule_for(windows, batch, epochs, peak, warmup=0.1):
    steps = -(-windows // batch) * epochs
    return WarmupCosine(peak=peak, steps=steps, warmup=int(np.rint(warmup * steps)))
