"""The installed packages against the requirements of the course and of its packages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Each puts files of its own where one of the course's packages has them.
RIVALS = {
    "tf-nightly": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-macos": "tensorflow",
    "keras-nightly": "keras",
}


@dataclass(frozen=True)
class Unmet:
    """A requirement that the installed packages do not meet."""

    name: str
    specifier: str
    version: str | None  # the installed one
    required_by: str  # a package and its version; empty for the course itself


@dataclass(frozen=True)
class Rival:
    """A package that puts its files in another one's place."""

    name: str
    replaces: str


def version(name: str) -> str | None:
    """The installed version; None where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def unmet(texts: Iterable[str]) -> Iterator[Unmet]:
    """The requirements that are not met: first the course's own, then those of the
    packages that they bring.

    Args
        texts  the course's requirements, as pyproject.toml has them
    """
    queue = [(Requirement(text), "") for text in texts]
    seen = set()
    for wanted, required_by in queue:  # grows on the way
        name = canonicalize_name(wanted.name)
        installed = version(name)
        if installed is None or not wanted.specifier.contains(installed, True):
            yield Unmet(wanted.name, str(wanted.specifier), installed, required_by)
        elif name not in seen:
            seen.add(name)
            package = f"{name} {installed}"
            queue += [(each, package) for each in _requirements_of(name)]


def _requirements_of(name: str) -> list[Requirement]:
    """What an installed package requires on this machine, extras left out."""
    every = map(Requirement, metadata.requires(name) or ())
    return [
        each
        for each in every
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]


def rivals() -> list[Rival]:
    """The installed packages that take another one's place."""
    return [Rival(*pair) for pair in RIVALS.items() if version(pair[0])]
