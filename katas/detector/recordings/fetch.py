"""Download real recordings, and remember the folders that a learner names."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from katas.detector.recordings.archive import Archive
from katas.dojo.store import paths
from katas.dojo.store.errors import DataError

WEDA_COMMIT = "392c0bf60629f8f5df7da96e49a9e074502d2199"
WEDA_NAME = f"WEDA-FALL-{WEDA_COMMIT}.zip"
WEDA_URL = f"https://github.com/joaojtmarques/WEDA-FALL/archive/{WEDA_COMMIT}.zip"
WEDA_BYTES = 33_818_283  # about: GitHub packs anew when it likes
WEDA_CONTENTS = "18e0781cb3cd333ba3bc72b1a22d71704657037b7777752892ae3197379e90e1"

Progress = Callable[[str, int, int], None]  # (what, done, total)

SISFALL = "SisFall_dataset"


def data_folder() -> Path:
    """Return the folder where data are kept: KATAS_DATA, or .dojo/data.

    A relative KATAS_DATA counts from where the command runs, else from the checkout.
    """
    named = os.environ.get("KATAS_DATA")
    if not named:
        return paths.state_folder() / "data"
    path = Path(named).expanduser()
    if not path.is_absolute() and not path.exists() and (paths.root() / path).exists():
        path = paths.root() / path
    return path.resolve()


def find_weda() -> Path:
    """Return the path of the WEDA-FALL archive or of its unpacked folder.

    Raises
        DataError  it is not on this machine: names the command.
    """
    named = chosen_folders().get("weda")
    folder = data_folder()
    for path in (named, folder / WEDA_NAME, folder / WEDA_NAME.removesuffix(".zip")):
        if path and Path(path).exists():
            return Path(path)
    raise DataError(f"WEDA-FALL is not in {folder}; type: kata data weda")


def find_sisfall() -> Path:
    """Return the path of the learner's SisFall copy, a zip or a folder.

    Raises
        DataError  none was named and none is in the data folder: names the command.
    """
    named = chosen_folders().get("sisfall")
    if named and Path(named).exists():
        return Path(named)
    folder = data_folder()
    near = sorted([*folder.glob("sisfall*.zip"), *folder.glob("SisFall*.zip")])
    for path in (folder / SISFALL, *near):
        if path.exists():
            return path
    raise DataError(
        f"No SisFall copy in {folder}; download it from its authors, then type: "
        "kata data sisfall FOLDER"
    )


def choices_file() -> Path:
    """Where the folders that a learner named are remembered."""
    return paths.state_folder() / "data" / "folders.json"


def chosen_folders() -> dict[str, str]:
    """{name of a data set: the folder that the learner named for it}"""
    try:
        choices = json.loads(choices_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return choices if isinstance(choices, dict) else {}


def download_weda(progress: Progress | None = None, url: str = WEDA_URL) -> Path:
    """Download WEDA-FALL unless it is here, check its contents, return its path.

    A broken download leaves a `.part` file, from which the next call resumes. The
    archive gets its name only after every file in it was checked against the SHA-256
    of its contents, which stays the same when GitHub packs the archive anew.

    progress(what, done, total)  called often; what is "download" (bytes) or "check"
                                 (files)
    Raises
        DataError  no network, no room, or contents that are not those of the commit.
    """
    report = progress or (lambda what, done, total: None)
    folder = data_folder()
    target = folder / WEDA_NAME
    if target.exists():
        if not _is_weda(target, report):
            raise DataError(
                f"{target} is damaged or another archive: its contents are not those "
                "of the commit; move it away, then type: kata data weda"
            )
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_name(WEDA_NAME + ".part")
        if not _fill(url, part, report):
            raise DataError(
                "What came is not WEDA-FALL: its contents are not those of commit "
                f"{WEDA_COMMIT[:7]}, and nothing was kept; it came from {url}"
            )
        os.replace(part, target)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written to ({error.strerror}); name another folder "
            "in KATAS_DATA, then type: kata data weda"
        ) from error
    return target


def _fill(url: str, part: Path, report: Progress) -> bool:
    """Fill `part`; return whether its contents are right. Wrong contents are removed."""
    from katas.detector.recordings.download import download  # late: requests is slow

    while True:
        resumed = part.exists()
        try:
            download(
                url,
                part,
                lambda done: report("download", done, max(done, WEDA_BYTES)),
                "with a network, type: kata data weda (or bring the archive by hand "
                f"from {url} as {part.parent / WEDA_NAME})",
            )
        finally:
            if part.exists() and not part.stat().st_size:
                part.unlink()
        if _is_weda(part, report):
            return True
        part.unlink(missing_ok=True)
        if not resumed:  # else the kept beginning did not fit: once more, from scratch
            return False


def _is_weda(path: Path, report: Progress) -> bool:
    try:
        with Archive(path) as archive:
            came = archive.contents(lambda done, total: report("check", done, total))
    except DataError:
        return False
    return came == WEDA_CONTENTS
