def export(model, scaler, windows=None, subjects=None, held_out=(), floats=()):
    mean, deviation = scaler
    raw = keras.Input(shape=model.input_shape[1:], batch_size=1)
    shifted = layers.Rescaling(1.0, offset=-np.asarray(mean))(raw)
    scaled = layers.Rescaling(1.0 / np.asarray(deviation))(shifted)
    net = keras.Model(raw, model(scaled, training=False))
    with silent_stderr():
        converter = tf.lite.TFLiteConverter.from_keras_model(net)
        if windows is None:
            return converter.convert()
        seen = windows[[name not in held_out for name in subjects]]
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: iter([[w[None]] for w in seen])
        return convert(converter, floats)
