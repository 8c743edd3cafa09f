"""`kata data`: bring real recordings to this machine, check one's own, list all."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from katas.detector import sources
from katas.detector.recordings import Recording, fetch, folder
from katas.dojo.store import terminal
from katas.dojo.store.errors import CourseError, DataError
from katas.dojo.store.terminal import print_line, print_pairs, print_text

COMMANDS = "kata data weda, kata data sisfall FOLDER, kata data own FOLDER or status"
MOST_PROBLEMS = 20  # that are listed
WINDOW = 2.56  # [s], what the detector sees at once


def run(name: str, path: str | None = None) -> None:
    """Download `weda`, register a folder that holds weda or sisfall, check a folder of
    one's own recordings, or print the status."""
    try:
        if name == "status":
            return status()
        if name == "weda" and not path:
            return print_text(f"WEDA-FALL is here: {_download()}")
        if name not in ("weda", "sisfall", "own") or not path:
            raise CourseError(f"Expected {COMMANDS}")
        if name == "own":
            return _check_own(path)
        with terminal.status(f"reading {path}"):
            recordings = sources.use_folder(name, path)
        print_text(_counts(recordings))
        return print_text(f"Registered as {name}.", "dim")
    except DataError as error:
        raise CourseError(str(error)) from None


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


def _counts(recordings: Sequence[Recording]) -> str:
    """How many recordings, falls, subjects and hours there are."""
    falls = sum(recording.is_fall for recording in recordings)
    subjects = len({recording.subject for recording in recordings})
    hours = sum(recording.seconds for recording in recordings) / 3600
    counts = f"{_count(len(recordings), 'recording')}, {_count(falls, 'fall')}"
    return f"{counts}, {_count(subjects, 'subject')}, {hours:.2f} h"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check_own(path: str) -> None:
    """Print what a folder holds, then all that is wrong in it.

    Raises
        DataError    there is no folder with a recordings.csv
        CourseError  some of its recordings cannot be read
    """
    with terminal.status(f"reading {path}"):
        survey = folder.survey(Path(path).expanduser().resolve())
    if survey.measured:
        print_text(_counts([one.recording for one in survey.measured]))
        print_pairs(_details(survey.measured))
    count = len(survey.problems)
    if not count:
        return
    for problem in survey.problems[:MOST_PROBLEMS]:
        print_line(problem)
    if count > MOST_PROBLEMS:
        print_text(f"... and {count - MOST_PROBLEMS} more")
    total = count + len(survey.measured)
    raise CourseError(
        f"{count} of {_count(total, 'recording')} cannot be read, as listed above."
    )


def _details(measured: Sequence[folder.Measured]) -> list[tuple[str, str]]:
    """Falls and minutes of each subject; rates, range, and what gives no window."""
    by_subject: dict[str, list[Recording]] = defaultdict(list)
    for one in measured:
        by_subject[one.recording.subject].append(one.recording)
    lines = []
    for subject, own in sorted(by_subject.items()):
        falls = sum(one.is_fall for one in own)
        minutes = sum(one.seconds for one in own) / 60
        lines.append((subject, f"{_count(falls, 'fall')}, {minutes:.1f} minutes"))
    rates = sorted({round(one.rate) for one in measured})
    span = f"{rates[0]} Hz" if len(rates) == 1 else f"{rates[0]} to {rates[-1]} Hz"
    lines.append(("rate", f"{span}, read as 50 Hz"))
    reach = max(one.reach for one in measured)
    clipped = sum(one.clipped for one in measured)
    limit = f"; clipped in {_count(clipped, 'recording')}" if clipped else ""
    lines.append(("range", f"up to {reach:.1f} g along one axis{limit}"))
    short = sum(one.recording.seconds < WINDOW for one in measured)
    if short:
        what = f"{_count(short, 'recording')} below {WINDOW} s, which give no window"
        lines.append(("too short", what))
    return lines
