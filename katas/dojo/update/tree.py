"""Trees of git as {path: (mode, blob)}, and the tree that an update makes."""

import tempfile
from pathlib import Path

from katas.dojo.store import git, paths
from katas.dojo.store.errors import CourseError


def of(commit):
    """The files of a commit."""
    tree = {}
    for entry in git.names("ls-tree", "-r", "-z", commit):
        about, path = entry.split("\t", 1)
        mode, _, blob = about.split()
        tree[path] = (mode, blob)
    return tree


def text(commit, path):
    """A file of a commit; empty where the commit has none."""
    try:
        return git.run("show", f"{commit}:{path}").decode("utf-8", "replace")
    except CourseError:
        return ""


def write(tree):
    """Write a tree into the repository; its id. The checkout's index is not used."""
    entries = "".join(f"{mode} {blob}\t{path}\0" for path, (mode, blob) in tree.items())
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        data = entries.encode("utf-8", "surrogateescape")
        git.run("update-index", "-z", "--index-info", stdin=data, index=index)
        return git.run("write-tree", index=index).decode().strip()


def commit(tree, parents, message):
    """A commit of a tree on top of its parents; its id. No branch moves yet."""
    options = [word for parent in parents for word in ("-p", parent)]
    return git.line("commit-tree", write(tree), *options, "-m", message)


def on_disk(head):
    """The files of `head` as they lie on the disk, with those that git doesn't know:
    {path: (mode, blob)}, without those that are missing."""
    disk = dict(head)
    status = git.names("status", "--porcelain=v1", "-z", "--no-renames", "-uall")
    for path in (entry[3:] for entry in status):
        disk.pop(path, None)
        if (found := blob(path)) is not None:
            disk[path] = (head.get(path, ("100644",))[0], found)
    return disk


def blob(path):
    """The id that a file on the disk has for git; None where there is no file."""
    file = paths.root() / path
    if not file.is_file():
        return None
    return git.line("hash-object", f"--path={path}", "--", str(file))


def updated(head, base, new, disk, owned, vacated):
    """The tree after an update, and the paths that both sides changed.

    Owned files that hold a learner's byte stay; of the rest the course's version
    counts wherever the course has changed it.

    Args
        head, base, new, disk  trees: the learner's commit, the course it came from,
                               the new course, the files as they lie there
        owned                  function path -> True for the learner's
        vacated                owned paths whose text moves to another path
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
