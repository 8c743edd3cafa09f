"""Draw a day's picture: from the learner's functions for the note, from the
reference for the lesson (`python -m katas.dojo.notebook.pictures 18`)."""

import importlib.util
import io
import sys
import warnings

from katas.dojo.course import index, targets
from katas.dojo.runner import tensorflow_import
from katas.dojo.store.files import write_atomic

STYLE = {
    "axes.grid": True,
    # Okabe & Ito 2008: colours that the colour-blind tell apart
    "axes.prop_cycle": "cycler('color', ['0072B2', 'D55E00', '009E73', 'CC79A7',"
    " 'E69F00', '56B4E9', '000000'])",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.figsize": (7.0, 3.6),
    "font.size": 11,
    "grid.alpha": 0.3,
    "lines.linewidth": 1.8,
    "svg.hashsalt": "katas",
}


def figure(day):
    """The matplotlib figure that the day's `picture.draw()` returns."""
    import matplotlib

    matplotlib.use("agg")
    spec = importlib.util.spec_from_file_location(
        f"katas.{day.name}.picture", day.folder / "picture.py"
    )
    module = importlib.util.module_from_spec(spec)
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
        return module.draw()


def draw(day, path, form="png"):
    """Draw the day's picture and write it to `path`."""
    import matplotlib

    data = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        drawn = figure(day)
        metadata = {"Date": None} if form == "svg" else None
        drawn.savefig(data, format=form, dpi=150, metadata=metadata)
    write_atomic(path, data.getvalue())
    return path


def main(numbers):
    """Draw the lesson's pictures from the reference, as SVG."""
    tensorflow_import.import_tensorflow()
    targets.install("solutions")
    chosen = [index.day(n) for n in numbers] or index.built_days()
    for day in chosen:
        print(draw(day, day.folder / "picture.svg", "svg"))


if __name__ == "__main__":
    main(sys.argv[1:])
