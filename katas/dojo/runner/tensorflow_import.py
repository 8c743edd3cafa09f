"""Import TensorFlow and Keras silently, without what the course never uses.

Some start-up lines are written before TensorFlow's logging is set up, and no variable
turns them off, so stderr is closed to the process during the import.

Keras imports scikit-learn (with SciPy), pandas and matplotlib.pyplot wherever they are
installed, for its wrappers, for data frames and for galleries of images: 1.2 of 3.7 s
and 110 of 700 MB. Here it gets stand-ins that load the real package at the first use,
so code under test sees no difference.
"""

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

from katas.dojo.store.streams import silent_stderr

DEFAULTS = {  # of keras.config, in this order
    "floatx": "float32",
    "dtype_policy": "float32",
    "image_data_format": "channels_last",
    "epsilon": 1e-7,
}
WRAPPERS = ("keras.wrappers", "keras.src.wrappers")


def import_tensorflow() -> Any:
    """Import Keras and TensorFlow and start their devices, silently."""
    with silent_stderr():
        import_with_stand_ins()
        import keras
        import tensorflow as tf

        tf.zeros(1)
    keras.config.disable_traceback_filtering()
    return tf


def import_with_stand_ins() -> None:
    """Import tensorflow and keras; both are in sys.modules afterwards."""
    absent = [n for n in ("sklearn", "pandas", "matplotlib") if n not in sys.modules]
    stand_ins: dict[str, dict[str, Any]] = {
        "sklearn": {"sklearn": None},
        "pandas": {"pandas": PandasStandIn("pandas")},
        "matplotlib": {
            "matplotlib": types.ModuleType("matplotlib"),
            "matplotlib.pyplot": LazyModule("matplotlib.pyplot"),
        },
    }
    hidden = {n: m for name in absent for n, m in stand_ins[name].items()}
    if "keras" in sys.modules:
        return _set_defaults(sys.modules["keras"])
    sys.modules.update(hidden)
    try:
        importlib.import_module("tensorflow")
        keras = importlib.import_module("keras")
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    if "sklearn" in absent:
        _forget_wrappers(keras)
    return _set_defaults(keras)


def _set_defaults(keras: types.ModuleType) -> None:
    """Undo what the learner's ~/.keras/keras.json sets for programs of their own."""
    for name, value in DEFAULTS.items():
        getattr(keras.config, f"set_{name}")(value)


class LazyModule(types.ModuleType):
    """Stands for a module until its first attribute is read."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


class PandasStandIn(types.ModuleType):
    """Stands for pandas: its classes have no instances until it is really imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        real = sys.modules.get(self.__name__, self)
        if real is not self:
            return getattr(real, name)
        return ClassStandIn(name, (), {"home": self.__name__})


class ClassStandIn(type):
    """A class whose isinstance is that of the class of its name in another module."""

    home: str  # the module's name

    def __instancecheck__(cls, instance: object) -> bool:
        real = sys.modules.get(cls.home)
        return real is not None and isinstance(instance, getattr(real, cls.__name__))


def _forget_wrappers(keras: types.ModuleType) -> None:
    """Keras's scikit-learn wrappers were made without it: import them at first use."""
    for name in [n for n in sys.modules if n.startswith(WRAPPERS)]:
        del sys.modules[name]
    for module in (keras, sys.modules.get("keras._tf_keras.keras")):
        if module is not None and vars(module).pop("wrappers", None):
            vars(module)["__getattr__"] = _wrappers(module.__name__)


def _wrappers(module: str) -> Callable[[str], types.ModuleType]:
    def __getattr__(name: str) -> types.ModuleType:
        if name != "wrappers":
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return importlib.import_module("keras.wrappers")

    return __getattr__
