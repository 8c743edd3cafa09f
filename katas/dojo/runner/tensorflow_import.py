"""Import TensorFlow and Keras silently, without what the course never uses.

Some start-up lines are written before TensorFlow's logging is set up and heed no
variable, so the error stream is closed to the process for the moment of the import.

Keras imports scikit-learn (with SciPy), pandas and matplotlib.pyplot wherever they are
installed, for its wrappers, for data frames and for galleries of images: 1.2 of 3.7 s
and 110 of 700 MB. Here it gets stand-ins that fetch the real package when somebody
asks for it, so code under test sees no difference.
"""

import importlib
import sys
import types

from katas.dojo.store.streams import silent_stderr

WRAPPERS = ("keras.wrappers", "keras.src.wrappers")


def import_tensorflow():
    """Import Keras and TensorFlow and start their devices, silently."""
    with silent_stderr():
        import_with_stand_ins()
        import keras
        import tensorflow as tf

        tf.zeros(1)
    keras.config.disable_traceback_filtering()
    return tf


def import_with_stand_ins():
    """Import tensorflow and keras; both stand in sys.modules afterwards."""
    absent = [n for n in ("sklearn", "pandas", "matplotlib") if n not in sys.modules]
    stand_ins = {
        "sklearn": {"sklearn": None},
        "pandas": {"pandas": Frames("pandas")},
        "matplotlib": {
            "matplotlib": types.ModuleType("matplotlib"),
            "matplotlib.pyplot": Later("matplotlib.pyplot"),
        },
    }
    hidden = {n: m for name in absent for n, m in stand_ins[name].items()}
    if "keras" in sys.modules:
        return
    sys.modules.update(hidden)
    try:
        importlib.import_module("tensorflow")
        keras = importlib.import_module("keras")
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    if "sklearn" in absent:
        _forget_wrappers(keras)


class Later(types.ModuleType):
    """Stands for a module until the first attribute is asked of it."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


class Frames(types.ModuleType):
    """Stands for pandas: its classes have no instances until somebody imports it."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        real = sys.modules.get(self.__name__, self)
        if real is not self:
            return getattr(real, name)
        return Kind(name, (), {"home": self.__name__})


class Kind(type):
    """A class that answers isinstance for the class of its name in another module."""

    def __instancecheck__(cls, thing):
        real = sys.modules.get(cls.home)
        return real is not None and isinstance(thing, getattr(real, cls.__name__))


def _forget_wrappers(keras):
    """Keras's scikit-learn wrappers were made without it: import them when asked."""
    for name in [n for n in sys.modules if n.startswith(WRAPPERS)]:
        del sys.modules[name]
    for module in (keras, sys.modules.get("keras._tf_keras.keras")):
        if module is not None and vars(module).pop("wrappers", None):
            module.__getattr__ = _wrappers(module.__name__)


def _wrappers(module):
    def __getattr__(name):
        if name != "wrappers":
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return importlib.import_module("keras.wrappers")

    return __getattr__
