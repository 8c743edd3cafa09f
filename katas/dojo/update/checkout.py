"""Bring the checkout from one commit to another without losing a byte of it.

Copies are made first and recorded in the journal, then the files change, and the
branch moves last. The next `kata update` resumes one that was killed.
"""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from katas.dojo.store import files, git, paths, state
from katas.dojo.update import journal, tree
from katas.dojo.update.journal import Journal, Stage
from katas.dojo.update.tree import File, Tree


def copies(
    head: Tree, result: Tree, disk: Tree, also: Collection[str] = ()
) -> dict[str, str]:
    """Keep what a change would overwrite on the disk; {path: copy}.

    That is each file that is neither as committed nor as it will be, and `also`.
    """
    folder = files.kept_folder() / f"update-{datetime.now():%Y-%m-%d-%H%M%S-%f}"
    kept = {}
    for path in sorted({*head, *result, *also}):
        present = disk.get(path)
        if present is None and path not in head:
            present = _ignored(path, result)
        planned = (head.get(path), result.get(path))
        lost = planned[0] != planned[1] and present and present not in planned
        if (lost or path in also) and (paths.root() / path).is_file():
            files.write_atomic(folder / path, (paths.root() / path).read_bytes())
            kept[path] = paths.shown(folder / path)
    return kept


def _ignored(path: str, result: Tree) -> File | None:
    """A file on the disk that git may ignore."""
    if (content := tree.blob(path)) is None:
        return None
    return File(result[path].mode if path in result else "", content)


def change(head: Tree, result: Tree, commit: str, leave: Collection[str] = ()) -> None:
    """Write and delete the files in which two trees differ, in index and checkout;
    those in `leave` in the index alone."""
    differing = sorted(p for p in {*head, *result} if head.get(p) != result.get(p))
    written = [p for p in differing if p in result and p not in leave]
    deleted = [p for p in differing if p not in result]
    linked = [path for path in written if files.is_linked(paths.root() / path)]
    if plain := [path for path in written if path not in linked]:
        options = ("--pathspec-from-file=-", "--pathspec-file-nul")
        specs = _joined(f":(literal){path}" for path in plain)
        git.run("checkout", "-q", commit, *options, stdin=specs)
    for path in linked:  # git would put a file or a folder in the place of the link
        text = git.run("cat-file", "--filters", f"{commit}:{path}")
        files.write_atomic(paths.root() / path, text)
    if deleted:
        options = ("-z", "--force-remove", "--stdin")
        git.run("update-index", *options, stdin=_joined(deleted))
    remove(path for path in deleted if path not in leave)
    left = {path: result[path] for path in [*leave, *linked] if path in result}
    entries = [f"{file.mode} {file.blob}\t{path}" for path, file in left.items()]
    if entries:
        git.run("update-index", "-z", "--index-info", stdin=_joined(entries))


def remove(names: Iterable[str]) -> None:
    """Delete files, and the folders that they leave empty."""
    for path in names:
        (paths.root() / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (paths.root() / path).parent.rmdir()


def carry_out(update: Journal) -> None:
    """Do, or finish, the update that a journal describes."""
    head, result = tree.of(update.old), tree.of(update.commit)
    if update.stage == Stage.BEGUN:
        change(head, result, update.commit)
        remove(path for path in update.vacated if path not in result)
        update = replace(update, stage=Stage.CHANGED)
        update.write()
    for old, new in update.moved.items():
        text = (paths.root() / update.kept[old]).read_bytes()
        stub = result.get(new)
        if tree.blob(new) in (None, stub and stub.blob):
            files.write_atomic(paths.root() / new, text)
    rename_days(update.days, update.new)
    if git.line("rev-parse", "HEAD") == update.old:
        move_branch(update.commit, update.old, update.new[:7])
    replace(update, stage=Stage.FINISHED).write()


def resume() -> None:
    """Finish an update that was killed."""
    update = journal.read()
    if update is None or update.stage == Stage.FINISHED:
        return
    if git.line("rev-parse", "HEAD") not in (update.old, update.commit):
        journal.remove()  # the learner committed since: the next update starts there
        return
    if update.stage == Stage.BEGUN:
        head, result = tree.of(update.old), tree.of(update.commit)
        copies(head, result, tree.on_disk(head), update.vacated)
    carry_out(update)


def rename_days(days: Mapping[int, int], version: str | None) -> None:
    """Move the records of days that have another number now, once per version."""
    if not days or state.load().get("course") == version:
        return
    names = {f"day{old:02d}": f"day{new:02d}" for old, new in days.items()}
    with state.changing() as memory:
        records = memory.get("days", {})
        memory["days"] = {names.get(key, key): value for key, value in records.items()}
        memory["course"] = version


def move_branch(commit: str, old: str, why: str) -> None:
    """Let the branch point to a commit, with an entry in git's reflog."""
    git.run("update-ref", "-m", f"kata update: {why}", "HEAD", commit, old)


def _joined(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
