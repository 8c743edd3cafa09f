"""Draw a day's picture from the functions of the day that is imported."""

import importlib.util
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from katas.dojo.course.index import Day
from katas.dojo.store.files import write_atomic
from katas.dojo.store.plot_style import STYLE

if TYPE_CHECKING:  # matplotlib is slow to import
    from matplotlib.figure import Figure


def figure(day: Day) -> "Figure":
    """The matplotlib figure that the day's `picture.draw()` returns."""
    import matplotlib

    matplotlib.use("agg")
    spec = importlib.util.spec_from_file_location(
        f"katas.{day.name}.picture", day.folder / "picture.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
        return module.draw()


def draw(day: Day, path: Path, image_format: str = "png") -> Path:
    """Draw the day's picture and write it to `path`."""
    import matplotlib

    data = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        metadata = {"Date": None} if image_format == "svg" else None
        drawn = figure(day)
        drawn.savefig(data, format=image_format, dpi=150, metadata=metadata)
    write_atomic(path, data.getvalue())
    return path
