"""Bring the checkout from one commit to another without losing a byte of it.

Copies are made first and written down in a journal, then the files change, and the
branch moves last. A command killed on the way is finished by the next `kata update`.
"""

import contextlib
import json
from datetime import datetime

from katas.dojo import git, keep, state, trees
from katas.dojo.course import ROOT

JOURNAL = keep.DOJO / "update.json"


def journal():
    """What the last update did; {} where there was none."""
    try:
        return json.loads(JOURNAL.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def note(entry):
    keep.write_atomic(JOURNAL, json.dumps(entry, indent=1))


def copies(head, result, disk, also=()):
    """Keep what a change would overwrite on the disk; {path: copy}.

    That is each file that is neither as committed nor as it will be, and `also`.
    """
    folder = keep.KEPT / f"update-{datetime.now():%Y-%m-%d-%H%M%S-%f}"
    kept = {}
    for path in sorted({*head, *result, *also}):
        planned = (head.get(path), result.get(path))
        there = disk.get(path)
        if there is None and path not in head:  # git may ignore what lies there
            found = trees.blob(path)
            there = found and (result[path][0] if path in result else "", found)
        lost = planned[0] != planned[1] and there and there not in planned
        if (lost or path in also) and (ROOT / path).is_file():
            keep.write_atomic(folder / path, (ROOT / path).read_bytes())
            kept[path] = keep.shown(folder / path)
    return kept


def change(head, result, commit, leave=()):
    """Write and delete the files in which two trees differ, in index and checkout;
    those in `leave` in the index alone."""
    differing = sorted(p for p in {*head, *result} if head.get(p) != result.get(p))
    written = [p for p in differing if p in result and p not in leave]
    gone = [p for p in differing if p not in result]
    if written:
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        named = _joined(f":(literal){path}" for path in written)
        git.run("checkout", "-q", commit, *listed, stdin=named)
    if gone:
        git.run("update-index", "-z", "--force-remove", "--stdin", stdin=_joined(gone))
    remove(path for path in gone if path not in leave)
    entries = [f"{' '.join(result[p])}\t{p}" for p in leave if p in result]
    if entries:
        git.run("update-index", "-z", "--index-info", stdin=_joined(entries))


def remove(paths):
    """Delete files, and the folders that they leave empty."""
    for path in paths:
        (ROOT / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (ROOT / path).parent.rmdir()


def carry_out(entry):
    """Do, or finish, the update that a journal entry describes."""
    head, result = trees.of(entry["old"]), trees.of(entry["commit"])
    if entry["stage"] == "begun":
        change(head, result, entry["commit"])
        remove(path for path in entry["vacated"] if path not in result)
        entry = {**entry, "stage": "changed"}
        note(entry)
    for old, new in entry["moved"]:
        text = (ROOT / entry["kept"][old]).read_bytes()
        stub = result.get(new)
        if trees.blob(new) in (None, stub and stub[1]):
            keep.write_atomic(ROOT / new, text)
    rename_days(dict(entry["days"]), entry["new"])
    if git.line("rev-parse", "HEAD") == entry["old"]:
        move_branch(entry["commit"], entry["old"], entry["new"][:7])
    note({**entry, "stage": ""})


def resume():
    """Finish an update that was killed."""
    entry = journal()
    if not entry.get("stage"):
        return
    if git.line("rev-parse", "HEAD") not in (entry["old"], entry["commit"]):
        note({})  # the learner committed in between: the next update starts from there
        return
    if entry["stage"] == "begun":
        head, result = trees.of(entry["old"]), trees.of(entry["commit"])
        copies(head, result, trees.on_disk(head), entry["vacated"])
    carry_out(entry)


def rename_days(days, version):
    """Let the state follow days that have another number now, once a version."""
    memory = state.load()
    if not days or memory.get("course") == version:
        return
    records = memory.get("days", {})
    names = {f"day{old:02d}": f"day{new:02d}" for old, new in days.items()}
    memory["days"] = {names.get(name, name): mine for name, mine in records.items()}
    memory["course"] = version
    state.save(memory)


def move_branch(commit, old, why):
    git.run("update-ref", "-m", f"kata update: {why}", "HEAD", commit, old)


def _joined(paths):
    return "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
