"""`kata data`: bring real recordings to this machine, or say which are here."""

from katas.detector import sources
from katas.dojo.store import terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.terminal import print_pairs, print_text

COMMANDS = "kata data weda, kata data sisfall FOLDER, kata data own FOLDER or status"


def recordings(name, folder=None):
    """Bring `weda`, name a folder that holds weda or sisfall, check a folder of one's
    own recordings, or print what is here."""
    from katas.detector.recordings import DataError, fetch

    try:
        if name == "status":
            return status()
        if name == "weda" and not folder:
            return print_text(f"WEDA-FALL is here: {_download(fetch)}")
        if name not in ("weda", "sisfall", "own") or not folder:
            raise CourseError(f"Expected {COMMANDS}")
        with terminal.console().status(f"reading {folder}"):
            found = sources.use_folder(name, folder)
    except DataError as error:
        raise CourseError(str(error)) from None
    return _sum_up(name, found)


def status():
    """One line for each data set: here, or what brings it."""
    from katas.detector.recordings import DataError, fetch

    lines = [("folder", fetch.data_folder())]
    for name, find in (("weda", fetch.find_weda), ("sisfall", fetch.find_sisfall)):
        try:
            lines.append((name, f"here: {find()}"))
        except DataError:
            folder = "" if name == "weda" else " FOLDER"
            lines.append((name, f"not here: kata data {name}{folder}"))
    lines += [("watch", "here, no falls in it"), ("sim", "here, simulated falls")]
    return print_pairs(lines)


def _download(fetch):
    """Bring WEDA-FALL under a progress bar."""
    units = {"download": (1e6, "MB"), "check": (1, "files")}
    with terminal.progress() as bar:
        tasks = {}

        def tick(what, done, total):
            scale, unit = units.get(what, (1, ""))
            if what not in tasks:
                tasks[what] = bar.add_task(f"{what} [{unit}]", total=total / scale)
            bar.update(tasks[what], completed=done / scale, total=total / scale)

        return fetch.bring_weda(tick)


def _sum_up(name, found):
    """How many recordings, falls, wearers and hours a folder holds."""
    falls = sum(each.is_fall for each in found)
    people = len({each.subject for each in found})
    hours = sum(each.seconds for each in found) / 3600
    what = f"{len(found)} recordings, {falls} of them falls"
    print_text(f"{what}, {people} wearers, {hours:.2f} h")
    if name != "own":
        print_text(f"Remembered as {name}.", "dim")
