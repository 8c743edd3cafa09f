"""Trees of git as {path: File}, and the tree that an update makes."""

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.store import git, paths
from katas.dojo.store.errors import CourseError

PLAIN = "100644"  # git's mode of a file that cannot be executed


@dataclass(frozen=True)
class File:
    """A file as git stores it: its mode and the id of its content."""

    mode: str
    blob: str


Tree = Mapping[str, File]
Owned = Callable[[str], bool]  # path -> True where the file is the learner's


def of(commit: str) -> dict[str, File]:
    """The files of a commit."""
    tree = {}
    for entry in git.names("ls-tree", "-r", "-z", commit):
        about, path = entry.split("\t", 1)
        mode, _, blob = about.split()
        tree[path] = File(mode, blob)
    return tree


def text(commit: str, path: str) -> str:
    """A file of a commit; empty where the commit has none."""
    try:
        return git.run("show", f"{commit}:{path}").decode("utf-8", "replace")
    except CourseError:
        return ""


def write(tree: Tree) -> str:
    """Write a tree into the repository; its id. The checkout's index is not used."""
    entries = "".join(f"{f.mode} {f.blob}\t{path}\0" for path, f in tree.items())
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        data = entries.encode("utf-8", "surrogateescape")
        git.run("update-index", "-z", "--index-info", stdin=data, index=index)
        return git.run("write-tree", index=index).decode().strip()


def commit(tree: Tree, parents: Sequence[str], message: str) -> str:
    """A commit of a tree on top of its parents; its id. No branch moves yet."""
    options = [option for parent in parents for option in ("-p", parent)]
    return git.line("commit-tree", write(tree), *options, "-m", message)


def on_disk(head: Tree, also: Iterable[str] = ()) -> dict[str, File]:
    """The files of `head` as they are on the disk, and those unknown to git, without
    those that are missing. Files that git ignores count only where `also` names them."""
    disk = dict(head)
    status = git.names("status", "--porcelain=v1", "-z", "--no-renames", "-uall")
    for path in (entry[3:] for entry in status):
        disk.pop(path, None)
        if (content := blob(path)) is not None:
            mode = head[path].mode if path in head else PLAIN
            disk[path] = File(mode, content)
    for path in also:
        if path not in head and path not in disk and (content := blob(path)):
            disk[path] = File(PLAIN, content)
    return disk


def blob(path: str) -> str | None:
    """The id that git gives a file on the disk; None where there is no file."""
    file = paths.root() / path
    if not file.is_file():
        return None
    return git.line("hash-object", f"--path={path}", "--", str(file))


def updated(
    head: Tree,
    base: Tree,
    new: Tree,
    disk: Tree,
    owned: Owned,
    vacated: Collection[str],
) -> tuple[dict[str, File], list[str]]:
    """The tree after an update, and the paths that both sides changed.

    Owned files that the learner changed stay; of the rest the course's version counts
    wherever the course has changed it.

    Args
        head     the learner's commit
        base     the course it came from
        new      the new course
        disk     the files on the disk
        owned    path -> True for the learner's
        vacated  owned paths whose text moves to another path
    """
    result, both = {}, []
    for path in sorted({*head, *base, *new, *disk}):
        mine, was, now = head.get(path), base.get(path), new.get(path)
        if owned(path) and path not in vacated:
            untouched = mine == was and disk.get(path) in (was, now)
            chosen = now if untouched else mine
        elif now == was and path not in vacated:
            chosen = mine
        else:
            chosen = now
            if mine not in (was, now) and path not in vacated:
                both.append(path)
        if chosen:
            result[path] = chosen
    return result, both
