import tensorflow as tf


def shares(q, k, mask=None):
    q, k = tf.convert_to_tensor(q), tf.convert_to_tensor(k)
    scores = tf.matmul(q, k, transpose_b=True) / tf.sqrt(tf.cast(q.shape[-1], q.dtype))
    if mask is None:
        return tf.nn.softmax(scores)
    mask = tf.broadcast_to(mask, tf.shape(scores))
    low = tf.fill(tf.shape(scores), scores.dtype.min)
    found = tf.nn.softmax(tf.where(mask, scores, low))
    return found * tf.cast(tf.reduce_any(mask, axis=-1, keepdims=True), found.dtype)


def attend(q, k, v, mask=None):
    return shares(q, k, mask) @ tf.convert_to_tensor(v)


@keras.saving.register_keras_serializable("katas")
class MultiHeadAttention(MultiHeadAttention):
    def split_heads(self, x):
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        x = tf.reshape(x, [batch, time, self.heads, x.shape[-1] // self.heads])
        return tf.transpose(x, [0, 2, 1, 3])

    def call(self, x, mask=None):
        q, k = self.split_heads(self.to_query(x)), self.split_heads(self.to_key(x))
        v = self.split_heads(self.to_value(x))
        if mask is not None:
            mask = tf.convert_to_tensor(mask)[:, tf.newaxis, tf.newaxis]
        return self.to_output(self.merge_heads(attend(q, k, v, mask)))


@keras.saving.register_keras_serializable("katas")
class AttentionPooling(AttentionPooling):
    def call(self, x, mask=None):
        if mask is not None:
            mask = tf.convert_to_tensor(mask)[:, tf.newaxis]
        query = ops.convert_to_tensor(self.query)[tf.newaxis]
        return tf.squeeze(attend(query, x, x, mask), axis=1)
