"""The same steps by scikit-learn and Keras."""

from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split


def preprocess(images):
    return np.asarray(images, "float32").reshape(-1, 784) / np.float32(255)


def split(x, y, share=0.15, seed=0):
    train_x, rest_x, train_y, rest_y = train_test_split(
        x, y, test_size=share, random_state=seed, stratify=y
    )
    return (train_x, train_y), (rest_x, rest_y)


def evaluate(model, x, y, batch=256):
    guess = np.argmax(model.predict(x, batch_size=batch, verbose=0), axis=-1)
    table = confusion_matrix(y, guess, labels=range(CLASSES))
    return {"accuracy": float((guess == y).mean()), "confusion": table.tolist()}
