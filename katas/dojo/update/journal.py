"""The record of the last update in `.dojo/update.json`, to resume or undo it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from katas.dojo.store import files, paths


class Stage(StrEnum):
    """How far an update has come."""

    BEGUN = "begun"  # copies are kept, files may have changed
    CHANGED = "changed"  # all files of the course are in place, the branch is not
    FINISHED = ""


@dataclass(frozen=True)
class Journal:
    """One update: the commits, what moved and what was kept.

    The file holds a key for each field, the pairs of `moved` and `days` as lists:
    every version of the course must be able to resume what another has begun.
    """

    stage: Stage
    old: str  # the learner's commit before
    new: str  # the course's commit
    base: str  # the course's commit that the learner had
    commit: str  # the learner's commit after
    moved: Mapping[str, str]  # {old path: new path} of the learner's files
    days: Mapping[int, int]  # {old number: new number}
    vacated: Sequence[str]  # paths whose text goes to another path or a copy
    kept: Mapping[str, str]  # {path: copy}

    def write(self) -> None:
        """Write the record to the disk."""
        pairs = {"moved": [*self.moved.items()], "days": [*self.days.items()]}
        fields = {**vars(self), **pairs, "vacated": [*self.vacated]}
        files.write_atomic(file(), json.dumps(fields, indent=1))


def file() -> Path:
    """Where the record is."""
    return paths.state_folder() / "update.json"


def read() -> Journal | None:
    """The last update; None where there was none or the file cannot be read."""
    try:
        fields = json.loads(file().read_text("utf-8"))
        return Journal(
            stage=Stage(fields["stage"]),
            **{key: fields[key] for key in ("old", "new", "base", "commit")},
            moved=dict(fields["moved"]),
            days=dict(fields["days"]),
            vacated=fields["vacated"],
            kept=fields["kept"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove() -> None:
    """Forget the last update."""
    file().unlink(missing_ok=True)
