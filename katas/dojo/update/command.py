"""`kata update`: a newer course under the learner's work, and `--undo`."""

import difflib
import os

from katas.dojo.store import files, git, paths, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.terminal import print_pairs, print_text
from katas.dojo.update import checkout, ownership, summary, tree

INDEX = "katas/course.toml"
UNDONE = "refs/katas/base"  # the course that an undone update went back to


def bring(source=None, branch=None):
    """Fetch the course and put it under the learner's files; say what changed."""
    _refuse_trouble()
    checkout.resume()
    source = source or _remote()
    with terminal.console().status(f"fetching from {source}"):
        try:
            git.run("fetch", "-q", "--no-tags", source, branch or "HEAD")
        except CourseError as error:
            raise CourseError(f"Nothing came from {source}: {error}") from None
    old, new = git.line("rev-parse", "HEAD"), git.line("rev-parse", "FETCH_HEAD")
    base = git.try_line("rev-parse", "-q", "--verify", UNDONE) or _base(old, new)
    if base == new:
        return print_text(
            f"The course is up to date ({_dated(new)}), as {source} has it."
        )
    head, was, now = tree.of(old), tree.of(base), tree.of(new)
    disk = tree.on_disk(head)
    before, after = _course(base), _course(new)

    def alike(number, other):
        return _alike(_solution(base, before, number), _solution(new, after, other))

    days = ownership.renamed(before, after, alike)
    places = ownership.destinations(before, after, days)
    places = {p: q for p, q in places.items() if p in disk and disk[p] != was.get(p)}
    owned = ownership.judge(before, after)
    crowded = {q for q in places.values() if owned(q) and q not in places}
    crowded = {q for q in crowded if q in disk and disk[q] != was.get(q)}
    vacated = {*places, *crowded}
    result, both = tree.updated(head, was, now, disk, owned, vacated)
    commit = new
    if result != now or base != old:
        commit = tree.commit(result, [old, new], f"Course update to {new[:7]}")
    entry = {"stage": "begun", "old": old, "new": new, "base": base, "commit": commit}
    entry |= {"moved": [*places.items()], "days": [*days.items()]}
    entry["vacated"] = [*vacated]
    entry["kept"] = checkout.copies(head, result, disk, {*vacated, *both})
    checkout.note(entry)
    checkout.carry_out(entry)
    git.try_line("update-ref", "-d", UNDONE)
    print_text(f"The course went from {_dated(base)} to {_dated(new)}.", "bold")
    return print_pairs(summary.lines(was, now, disk, owned, entry))


def undo():
    """Go back to the course before the last update; commits made since stay."""
    _refuse_trouble()
    last, here = checkout.journal(), git.line("rev-parse", "HEAD")
    if not last or last["stage"]:
        raise CourseError("First: kata update" if last else "No update to undo.")
    if git.try_line("merge-base", "--is-ancestor", last["commit"], here) is None:
        raise CourseError("This branch does not hold the last update.")
    head, made, was = (tree.of(c) for c in (here, last["commit"], last["old"]))
    disk, owned = (
        tree.on_disk(head),
        ownership.judge(_course(last["old"]), _course(here)),
    )
    back = {new: old for old, new in last["moved"] if (paths.root() / new).exists()}
    texts = {old: (paths.root() / new).read_bytes() for new, old in back.items()}
    since = {p for p in {*head, *made} if head.get(p) != made.get(p)}
    result = {p: e for p, e in was.items() if p not in since}
    result |= {p: head[p] for p in since if p in head}
    leave = {
        p
        for p in {*head, *result} - {*back}
        if owned(p) and head.get(p) != result.get(p)
        if p in disk and disk[p] not in (made.get(p), was.get(p))
    }
    left = {p for p in last["kept"] if disk.get(p) in (made.get(p), was.get(p))}
    left |= {p for p in last["kept"] if p in back}
    commit = last["old"]
    if here != last["commit"]:
        commit = tree.commit(result, [here], f"Undo the update to {last['new'][:7]}")
        git.run("update-ref", UNDONE, last["base"])
    rest = {p: e for p, e in disk.items() if p not in leave}
    kept = checkout.copies(head, result, rest, {*back})
    checkout.change(head, result, commit, leave)
    checkout.remove(path for path in back if path not in result)
    texts |= {
        p: (paths.root() / last["kept"][p]).read_bytes() for p in left if p not in texts
    }
    for path, text in texts.items():
        files.write_atomic(paths.root() / path, text)
    checkout.rename_days({new: old for old, new in last["days"]}, None)
    checkout.move_branch(commit, here, "undo")
    checkout.journal_file().unlink(missing_ok=True)
    print_text(f"The course is back at {_dated(last['base'])}.", "bold")
    return print_pairs([("kept", f"{path}: {copy}") for path, copy in kept.items()])


def _refuse_trouble():
    if why := git.problem():
        raise CourseError(f"An update needs the course as a git clone: {why}.")
    if what := git.busy():
        raise CourseError(f"A {what} is under way: end it first, then kata update")
    top = os.fsdecode(git.run("rev-parse", "--show-toplevel").rstrip(b"\r\n"))
    if not paths.root().samefile(top):
        raise CourseError(f"An update needs a clone of the course alone, not {top}")


def _remote():
    """The remote that holds the course: `upstream`, else `origin`."""
    remotes = git.line("remote").split()
    for name in ("upstream", "origin"):
        if name in remotes:
            return name
    raise CourseError("No remote to update from: kata update ADDRESS")


def _base(old, new):
    """The newest version of the course that this branch already holds."""
    if found := git.try_line("merge-base", old, new):
        return found
    root = git.line("rev-list", "--max-parents=0", "HEAD").split()[-1]
    tree = git.line("rev-parse", f"{root}^{{tree}}")
    for line in git.line("log", "--format=%T %H", new).splitlines():
        if line.startswith(tree):  # a copy without its history, as from a template
            return line.split()[1]
    raise CourseError("That is not the course this checkout was made from.")


def _course(commit):
    if index := tree.text(commit, INDEX):
        return ownership.Course(index)
    raise CourseError(f"Commit {commit[:7]} holds no course: it lacks {INDEX}")


def _solution(commit, version, number):
    path = f"solutions/day{number:02d}/{version.topics[number]}.py"
    return tree.text(commit, path)


def _alike(one, other):
    """True where two texts are more alike than not."""
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.5


def _dated(commit):
    return git.line("log", "-1", "--format=%cs (%h)", commit)
