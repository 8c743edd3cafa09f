"""Recordings of movement, and digits: every source of data of the course.

`load("sim" | "watch" | "weda" | "sisfall" | FOLDER)` returns a list of Recording.
"""

from pathlib import Path

from .recording import CHANNELS, DataError, Recording

__all__ = ["CHANNELS", "NAMES", "DataError", "Recording", "load"]

NAMES = ("sim", "watch", "weda", "sisfall")


def load(name):
    """Return the recordings of a named source, or of a learner's own folder.

    Shapes: a list of Recording, each float32 [time, 6] at 50 Hz, [g] and [rad/s].

    Raises
        DataError  no such source or folder, or something is wrong in it: one sentence.
    """
    if name == "sim":
        from . import simulator as source
    elif name == "watch":
        from . import watch as source
    elif name == "weda":
        from . import weda as source
    elif name == "sisfall":
        from . import sisfall as source
    elif Path(name).exists():
        from . import folder

        return folder.recordings(name)
    else:
        raise DataError(
            f"{str(name)!r} is no data set and no folder: expected one of "
            f"{', '.join(NAMES)}, or a folder (or zip) with a recordings.csv in it."
        )
    return source.recordings()
