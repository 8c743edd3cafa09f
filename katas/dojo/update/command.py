"""`kata update`: bring a newer course under the learner's work, and `--undo`."""

import os

from katas.dojo.store import files, git, paths, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.terminal import print_pairs, print_text
from katas.dojo.update import checkout, journal, ownership, plan, summary, tree
from katas.dojo.update.journal import Journal, Stage
from katas.dojo.update.plan import Versions
from katas.dojo.update.tree import File, Tree

UNDONE = "refs/katas/base"  # the course that an undone update went back to


def update(source: str | None = None, branch: str | None = None) -> None:
    """Fetch the course, put it under the learner's files, print what changed."""
    _refuse_problems()
    checkout.resume()
    source = source or _remote()
    _fetch(source, branch)
    old, new = git.line("rev-parse", "HEAD"), git.line("rev-parse", "FETCH_HEAD")
    base = git.try_line("rev-parse", "-q", "--verify", UNDONE) or _base(old, new)
    if base == new:
        version = f"The course is up to date ({_dated(new)})"
        return print_text(f"{version}, the version of {source}.")
    versions = Versions(old, base, new)
    planned = plan.make(versions)
    planned.write()
    checkout.carry_out(planned)
    git.try_line("update-ref", "-d", UNDONE)
    print_text(f"The course went from {_dated(base)} to {_dated(new)}.", "bold")
    was, now, disk = versions.was, versions.now, versions.disk
    lines = summary.lines(was, now, disk, versions.owned, planned)
    if git.is_detached():
        note = "none (detached HEAD): git switch -c NAME keeps this commit"
        lines.insert(0, ("branch", note))
    return print_pairs(lines)


def undo() -> None:
    """Go back to the course before the last update; commits made since stay."""
    _refuse_problems()
    here = git.line("rev-parse", "HEAD")
    last = _last_update(here)
    head, made, was = (tree.of(c) for c in (here, last.commit, last.old))
    disk = tree.on_disk(head)
    owned = ownership.owned_in(plan.course_of(last.old), plan.course_of(here))
    back = {q: p for p, q in last.moved.items() if (paths.root() / q).exists()}
    result = _tree_before(head, made, was)
    leave = {
        p
        for p in {*head, *result} - {*back}
        if owned(p) and head.get(p) != result.get(p)
        if p in disk and disk[p] not in (made.get(p), was.get(p))
    }
    texts = _texts_before(last, back, disk, made, was)
    commit = last.old
    if here != last.commit:
        commit = tree.commit(result, [here], f"Undo the update to {last.new[:7]}")
        git.run("update-ref", UNDONE, last.base)
    rest = {path: file for path, file in disk.items() if path not in leave}
    kept = checkout.copies(head, result, rest, {*back})
    checkout.change(head, result, commit, leave)
    checkout.remove(path for path in back if path not in result)
    for path, text in texts.items():
        files.write_atomic(paths.root() / path, text)
    checkout.rename_days({new: old for old, new in last.days.items()}, None)
    checkout.move_branch(commit, here, "undo")
    journal.remove()
    print_text(f"The course is back at {_dated(last.base)}.", "bold")
    print_pairs([("kept", f"{path}: {copy}") for path, copy in kept.items()])


def _last_update(here: str) -> Journal:
    """The update to undo, refused where it is unfinished or not on this branch."""
    last = journal.read()
    if last is None:
        raise CourseError("No update to undo.")
    if last.stage != Stage.FINISHED:
        raise CourseError("The last update is unfinished: kata update")
    if git.try_line("merge-base", "--is-ancestor", last.commit, here) is None:
        raise CourseError("This branch does not hold the last update.")
    return last


def _tree_before(head: Tree, made: Tree, was: Tree) -> dict[str, File]:
    """The tree before the update, with what the learner has committed since."""
    since = {p for p in {*head, *made} if head.get(p) != made.get(p)}
    result = {path: file for path, file in was.items() if path not in since}
    return result | {path: head[path] for path in since if path in head}


def _texts_before(
    last: Journal, back: dict[str, str], disk: Tree, made: Tree, was: Tree
) -> dict[str, bytes]:
    """{path: text} to restore: files that go back to their old path, and the copies of
    files that nobody has changed since the update."""
    texts = {old: (paths.root() / new).read_bytes() for new, old in back.items()}
    for path, copy in last.kept.items():
        unchanged = disk.get(path) in (made.get(path), was.get(path))
        if path not in texts and (unchanged or path in back):
            texts[path] = (paths.root() / copy).read_bytes()
    return texts


def _refuse_problems() -> None:
    if why := git.problem():
        raise CourseError(f"An update needs the course as a git clone: {why}")
    if operation := git.busy():
        raise CourseError(f"A {operation} is in progress: end it, then kata update")
    top = os.fsdecode(git.run("rev-parse", "--show-toplevel").rstrip(b"\r\n"))
    if not paths.root().samefile(top):
        raise CourseError(f"An update needs a clone of the course alone, not {top}")


def _remote() -> str:
    """The remote that holds the course: `upstream`, else `origin`."""
    remotes = git.line("remote").split()
    for name in ("upstream", "origin"):
        if name in remotes:
            return name
    raise CourseError("No remote to update from: kata update ADDRESS")


def _fetch(source: str, branch: str | None) -> None:
    if terminal.console().is_terminal:  # no spinner: it would hide git's prompts
        print_text(f"fetching from {source}", "dim")
    try:
        git.run("fetch", "-q", "--no-tags", "--", source, branch or "HEAD")
    except CourseError as error:
        raise CourseError(f"Nothing came from {source}: {error}") from None


def _base(old: str, new: str) -> str:
    """The newest version of the course that this branch already holds."""
    if found := git.try_line("merge-base", old, new):
        return found
    root = git.line("rev-list", "--max-parents=0", "HEAD").split()[-1]
    root_tree = git.line("rev-parse", f"{root}^{{tree}}")
    for line in git.line("log", "--format=%T %H", new).splitlines():
        if line.startswith(root_tree):  # a copy without its history, as from a template
            return line.split()[1]
    raise CourseError("That is not the course this checkout was made from.")


def _dated(commit: str) -> str:
    return git.line("log", "-1", "--format=%cs (%h)", commit)
