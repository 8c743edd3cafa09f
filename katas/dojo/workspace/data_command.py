"""`kata data`: bring real recordings to this machine, or list which are here."""

from collections.abc import Sequence
from pathlib import Path

from katas.detector import sources
from katas.detector.recordings import Recording, fetch
from katas.dojo.store import terminal
from katas.dojo.store.errors import CourseError, DataError
from katas.dojo.store.terminal import print_pairs, print_text

COMMANDS = "kata data weda, kata data sisfall FOLDER, kata data own FOLDER or status"


def run(name: str, folder: str | None = None) -> None:
    """Download `weda`, register a folder that holds weda or sisfall, check a folder of
    one's own recordings, or print the status."""
    try:
        if name == "status":
            return status()
        if name == "weda" and not folder:
            return print_text(f"WEDA-FALL is here: {_download()}")
        if name not in ("weda", "sisfall", "own") or not folder:
            raise CourseError(f"Expected {COMMANDS}")
        with terminal.status(f"reading {folder}"):
            recordings = sources.use_folder(name, folder)
    except DataError as error:
        raise CourseError(str(error)) from None
    return _print_summary(name, recordings)


def status() -> None:
    """One line for each data set: where it is, or the command that brings it."""
    lines = [("folder", str(fetch.data_folder()))]
    for name, find in (("weda", fetch.find_weda), ("sisfall", fetch.find_sisfall)):
        try:
            lines.append((name, f"here: {find()}"))
        except DataError:
            folder = "" if name == "weda" else " FOLDER"
            lines.append((name, f"not here: kata data {name}{folder}"))
    lines += [("watch", "here, without falls"), ("sim", "here, simulated falls")]
    print_pairs(lines)


def _download() -> Path:
    """Download WEDA-FALL with a progress bar; return its folder."""
    units = {"download": (1e6, "MB"), "check": (1, "files")}
    with terminal.progress() as bar:
        tasks = {}

        def update(stage: str, done: float, total: float) -> None:
            scale, unit = units.get(stage, (1, ""))
            if stage not in tasks:
                tasks[stage] = bar.add_task(f"{stage} [{unit}]", total=total / scale)
            bar.update(tasks[stage], completed=done / scale, total=total / scale)

        return fetch.download_weda(update)


def _print_summary(name: str, recordings: Sequence[Recording]) -> None:
    """How many recordings, falls, subjects and hours a folder holds."""
    falls = sum(recording.is_fall for recording in recordings)
    subjects = len({recording.subject for recording in recordings})
    hours = sum(recording.seconds for recording in recordings) / 3600
    counts = f"{len(recordings)} recordings, {falls} of them falls"
    print_text(f"{counts}, {subjects} subjects, {hours:.2f} h")
    if name != "own":
        print_text(f"Registered as {name}.", "dim")
