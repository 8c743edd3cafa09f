"""What a check of the doctor yields."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "failed", "note"]  # the marks of the terminal


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was checked, what was found, what fixes it."""

    state: State
    name: str
    text: str
    fix: str = ""  # the command to type; empty where nothing is to be done


def ok(name: str, text: str) -> Finding:
    """A finding that is as it should be."""
    return Finding("ok", name, text)


def problem(name: str, text: str, fix: str) -> Finding:
    """A finding that the learner must fix."""
    return Finding("failed", name, text, fix)


def note(name: str, text: str, fix: str = "") -> Finding:
    """A finding that is worth knowing."""
    return Finding("note", name, text, fix)
