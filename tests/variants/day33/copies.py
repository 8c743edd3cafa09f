class RingBuffer:
    def __init__(self, length, channels):
        self.length = length
        self.rows = np.zeros((length, channels), np.float32)
        self.window = np.zeros_like(self.rows)
        self.seen = 0

    def push(self, sample):
        self.rows[self.seen % self.length, :] = sample
        self.seen += 1

    def read(self):
        cut = self.seen % self.length
        self.window[: self.length - cut] = self.rows[cut:]
        self.window[self.length - cut :] = self.rows[:cut]
        return self.window


class StreamingDetector:
    def __init__(
        self, score, threshold, length=128, hop=32, channels=6, hold_off=5.0, rate=50.0
    ):
        self.score, self.threshold = score, threshold
        self.ring = RingBuffer(length, channels)
        self.hop, self.rest = hop, round(hold_off * rate)
        self.due, self.silent = length, 0

    def step(self, sample):
        self.ring.push(sample)
        self.due -= 1
        self.silent -= 1
        if self.due > 0:
            return None, False
        self.due = self.hop
        found = float(self.score(np.expand_dims(self.ring.read(), 0)))
        if found < self.threshold or self.silent > 0:
            return found, False
        self.silent = self.rest
        return found, True


def export(model, scaler, windows=None, subjects=None, held_out=(), floats=()):
    mean, deviation = (np.asarray(each, "float32") for each in scaler)

    @tf.function(
        input_signature=[tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)]
    )
    def scores(raw):
        return model((raw - mean) / deviation, training=False)

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", scores)
    with tempfile.TemporaryDirectory() as folder, silent_stderr():
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if windows is not None:
            people = set(subjects.tolist()) - set(held_out)
            rows = [k for k, name in enumerate(subjects) if name in people]

            def some():
                for k in rows:
                    yield [windows[k : k + 1]]

            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = some
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        return convert(converter, floats)


def model_card(facts, content):
    gaps = set()
    text = "# Model card\n\n"
    text += (
        f"file: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}\n"
    )
    for title in SECTIONS:
        text += f"\n## {title}\n\n"
        for key in SECTIONS[title]:
            fact = facts.get(key)
            if fact is None or str(fact) == "":
                gaps.add(key)
            text += f"- {key}: {fact}\n"
    if gaps:
        raise ValueError(f"missing: {gaps}")
    return text
