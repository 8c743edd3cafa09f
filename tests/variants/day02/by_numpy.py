import numpy as np


def dot(a, b):
    return np.sum(np.multiply(a, b), axis=-1)


def project(a, b):
    squared = dot(b, b)[..., None]
    return dot(a, b)[..., None] / np.where(squared == 0, 1, squared) * b


def tilt(acceleration, direction):
    angles = []
    for window in acceleration:
        gravity = np.mean(window, axis=0)
        unit = gravity / np.linalg.norm(gravity)
        cosine = unit @ (direction / np.linalg.norm(direction))
        angles.append(np.arccos(min(1, max(-1, cosine))))
    return np.array(angles, "float32")


def least_squares(x, y):
    return np.linalg.lstsq(x, y, rcond=None)[0]
