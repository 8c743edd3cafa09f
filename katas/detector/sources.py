"""Every source of recordings by its name: `load("sim")`, `load("weda")`, a folder.

A reader is imported when it is needed: the simulator imports SciPy.
"""

import json
from pathlib import Path

from katas.detector.recordings import Recording
from katas.detector.recordings.fetch import choices_file, chosen_folders
from katas.dojo.store.errors import CourseError, DataError
from katas.dojo.store.files import write_atomic

NAMES = ("sim", "watch", "weda", "sisfall")


def load(name: str | Path) -> list[Recording]:
    """Return the recordings of a named source, or of a learner's own folder.

    Shapes: a list of Recording, each float32 [time, 6] at 50 Hz, [g] and [rad/s].

    Raises
        DataError  no such source or folder, or something is wrong in it: one sentence.
    """
    if name == "sim":
        from katas.detector import simulator as source
    elif name == "watch":
        from katas.detector.recordings import watch as source
    elif name == "weda":
        from katas.detector.recordings import weda as source
    elif name == "sisfall":
        from katas.detector.recordings import sisfall as source
    elif Path(name).exists():
        from katas.detector.recordings import folder

        return folder.recordings(name)
    else:
        raise DataError(
            f"{str(name)!r} is no data set and no folder: expected one of "
            f"{', '.join(NAMES)}, or a folder (or zip) with a recordings.csv in it."
        )
    return source.recordings()


def use_folder(name: str, folder: str | Path) -> list[Recording]:
    """Read a learner's copy of a data set once, and remember its folder.

    name    "weda" | "sisfall": later calls of load(name) read this folder
    folder  a folder, or a zip of one
    Returns the recordings read, so that a command can say how many there are.

    Raises
        DataError  no such data set or folder, or something in it is wrong: nothing
                   is remembered then.
    """
    # Late imports, as in `load`: a reader is imported when it is needed.
    from katas.detector.recordings import sisfall, weda

    readers = {"weda": weda, "sisfall": sisfall}
    if name not in readers:
        raise DataError(f"Expected one of {', '.join(readers)}, got {name!r}.")
    path = Path(folder).expanduser().resolve()
    results = readers[name].recordings(path)
    choices = chosen_folders() | {name: str(path)}
    try:
        write_atomic(choices_file(), json.dumps(choices, indent=2) + "\n")
    except CourseError as error:
        raise DataError(str(error)) from error
    return results
