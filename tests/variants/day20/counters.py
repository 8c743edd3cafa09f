def improved(value, best, mode="min", min_delta=0.0):
    sign = {"min": 1, "max": -1}[mode]
    return best is None or sign * value < sign * best - min_delta


class EarlyStopping(keras.callbacks.Callback):
    remembers = ("best", "wait", "best_weights")

    def __init__(self, monitor="val_loss", patience=0, min_delta=0.0, mode="min"):
        super().__init__()
        self.monitor, self.patience = monitor, patience
        self.min_delta, self.mode = min_delta, mode
        self.best, self.wait, self.best_weights = None, 0, None

    def on_epoch_end(self, epoch, logs=None):
        better = improved(logs[self.monitor], self.best, self.mode, self.min_delta)
        self.wait = 0 if better else self.wait + 1
        if better:
            self.best = logs[self.monitor]
            self.best_weights = [np.array(w) for w in self.model.weights]
        elif self.wait >= self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


class Checkpoint(keras.callbacks.Callback):
    remembers = ("best",)

    def __init__(self, path, monitor="val_loss", mode="min"):
        super().__init__()
        self.path, self.monitor, self.mode = Path(path), monitor, mode
        self.best = None

    def on_epoch_end(self, epoch, logs=None):
        if not improved(logs[self.monitor], self.best, self.mode, 0):
            return
        write_whole(self.path, lambda part: keras.saving.save_model(self.model, part))
        self.best = logs[self.monitor]
