"""The installed packages against what the course, and what it stands on, ask for."""

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


def version(name):
    """The installed version; None where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def wrong(texts):
    """(requirement, installed version or None, who asks) of what doesn't fit, the
    course's own requirements first, then those of the packages that they bring.

    Args
        texts  the course's requirements, as pyproject.toml has them
    """
    asked = [(Requirement(text), "the course") for text in texts]
    seen = set()
    for wanted, by in asked:  # grows on the way
        name = canonicalize_name(wanted.name)
        came = version(name)
        if came is None or not wanted.specifier.contains(came, prereleases=True):
            yield wanted, came, by
        elif name not in seen:
            seen.add(name)
            for text in metadata.requires(name) or ():
                deeper = Requirement(text)
                if deeper.marker is None or deeper.marker.evaluate({"extra": ""}):
                    asked.append((deeper, f"{name} {came}"))


def rivals():
    """(name, whose place it takes) of the packages that stand in another's place."""
    return [(name, place) for name, place in RIVALS.items() if version(name)]
