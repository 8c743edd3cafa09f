"""What an update tells the learner: what is new, what changed, what stayed."""

import re


def lines(was, now, disk, owned, entry):
    """(label, text) pairs.

    Args
        was, now  trees of the course before and after
        disk      the files as they lay there
        owned     function path -> True for the learner's
        entry     the journal entry of the update
    """
    changed = {p for p in {*was, *now} if was.get(p) != now.get(p)}
    moved = dict(entry["moved"])
    pairs = []
    fresh = _days(p for p in changed if p.endswith("/README.md") and p not in was)
    tests = _days(p for p in changed if "/test_" in p and p in was and p in now)
    if fresh:
        pairs.append(("new", f"day {_listed(fresh)}"))
    if tests:
        pairs.append(("tests", f"changed in day {_listed(tests)}: kata verify"))
    for path in sorted(changed):
        stays = path.startswith("katas/") and owned(path) and path not in moved
        if stays and path in now and path in disk:
            if path in moved.values() or disk[path] in (was.get(path), now[path]):
                continue
            answer = path.replace("katas/", "solutions/", 1)
            text = f"{path} stays; its stub changed: diff {path} {answer}"
            pairs.append(("yours", text))
        elif stays and path not in now and disk.get(path) not in (None, was[path]):
            pairs.append(("yours", f"{path} stays; the course has no such day now"))
    pairs += [("moved", f"{old} -> {new}") for old, new in moved.items()]
    for path, copy in entry["kept"].items():
        if path not in moved:
            pairs.append(("kept", f"your {path}: {copy}"))
    if "pyproject.toml" in changed:
        pairs.append(("next", "pip install -e .   (what the course needs has changed)"))
    return [*pairs, ("undo", "kata update --undo")]


def _days(paths):
    found = (re.match(r"katas/day(\d+)/", path) for path in paths)
    return sorted({int(match[1]) for match in found if match})


def _listed(numbers):
    return ", ".join(map(str, numbers))
