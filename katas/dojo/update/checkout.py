"""Bring the checkout from one commit to another without losing a byte of it.

Copies are made first and written down in a journal, then the files change, and the
branch moves last. A command killed on the way is finished by the next `kata update`.
"""

import contextlib
import json
from datetime import datetime

from katas.dojo.store import files, git, paths, state
from katas.dojo.update import tree


def journal_file():
    return paths.state_folder() / "update.json"


def journal():
    """What the last update did; {} where there was none."""
    try:
        return json.loads(journal_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def note(entry):
    files.write_atomic(journal_file(), json.dumps(entry, indent=1))


def copies(head, result, disk, also=()):
    """Keep what a change would overwrite on the disk; {path: copy}.

    That is each file that is neither as committed nor as it will be, and `also`.
    """
    folder = files.kept_folder() / f"update-{datetime.now():%Y-%m-%d-%H%M%S-%f}"
    kept = {}
    for path in sorted({*head, *result, *also}):
        planned = (head.get(path), result.get(path))
        there = disk.get(path)
        if there is None and path not in head:  # git may ignore what lies there
            found = tree.blob(path)
            there = found and (result[path][0] if path in result else "", found)
        lost = planned[0] != planned[1] and there and there not in planned
        if (lost or path in also) and (paths.root() / path).is_file():
            files.write_atomic(folder / path, (paths.root() / path).read_bytes())
            kept[path] = paths.shown(folder / path)
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


def remove(names):
    """Delete files, and the folders that they leave empty."""
    for path in names:
        (paths.root() / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (paths.root() / path).parent.rmdir()


def carry_out(entry):
    """Do, or finish, the update that a journal entry describes."""
    head, result = tree.of(entry["old"]), tree.of(entry["commit"])
    if entry["stage"] == "begun":
        change(head, result, entry["commit"])
        remove(path for path in entry["vacated"] if path not in result)
        entry = {**entry, "stage": "changed"}
        note(entry)
    for old, new in entry["moved"]:
        text = (paths.root() / entry["kept"][old]).read_bytes()
        stub = result.get(new)
        if tree.blob(new) in (None, stub and stub[1]):
            files.write_atomic(paths.root() / new, text)
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
        head, result = tree.of(entry["old"]), tree.of(entry["commit"])
        copies(head, result, tree.on_disk(head), entry["vacated"])
    carry_out(entry)


def rename_days(days, version):
    """Let the state follow days that have another number now, once a version."""
    if not days or state.load().get("course") == version:
        return
    names = {f"day{old:02d}": f"day{new:02d}" for old, new in days.items()}
    with state.changing() as memory:
        records = memory.get("days", {})
        memory["days"] = {names.get(name, name): mine for name, mine in records.items()}
        memory["course"] = version


def move_branch(commit, old, why):
    git.run("update-ref", "-m", f"kata update: {why}", "HEAD", commit, old)


def _joined(paths):
    return "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
