"""Reply to a pull request that holds a learner's homework.

    gh api .../files --jq '.[].filename' | python -m katas.dojo.classroom.pull_request_reply

reads the changed paths, one per line, and prints the reply; nothing where none is a
learner's. It needs no third-party package and reads no file of the pull request.
"""

import re
import shlex
import sys
from collections.abc import Sequence

from katas.dojo.course import index
from katas.dojo.update import ownership

SHOWN = 20
REPLY = """\
Hello, and thank you for the pull request. It holds files that each learner keeps:

{files}

They stay blank in the course, so that the next person finds a day to fill in; that is
why they can't be merged. Your work belongs in your own fork or copy: `kata done`
commits it there, and `kata update` brings a newer course without touching it.

{next}
"""
ALONE = """\
Nothing else is in this pull request, so it can be closed; nothing of yours gets lost
by that. If you meant to fix the course, write in a comment what was wrong, or see
`.github/CONTRIBUTING.md`: a stub is derived from `solutions/`, and changes there."""
MIXED = """\
The rest of it ({rest}) can be looked at once these are out:

    git fetch {address} {branch}
    git restore --source FETCH_HEAD --staged --worktree -- {paths}
    git commit -m "Leave my homework out" && git push"""


def homework(paths: Sequence[str]) -> list[str]:
    """The paths of a learner's files that the pull request had no reason to change.

    A change of a day's solution or misconceptions derives its stubs anew.
    """
    owned = ownership.owned_in(ownership.Course(index.file().read_text("utf-8")))
    source = r"(?:solutions/|katas/misconceptions/)(day\d\d)\b"
    derived = {match[1] for path in paths if (match := re.match(source, path))}
    derived |= {"every"} if "katas/dojo/course/stubs.py" in paths else set()
    mine = [path for path in paths if owned(path)]
    return [p for p in mine if not {p.split("/")[1], "every"} & derived]


def reply(paths: Sequence[str], address: str = "upstream", branch: str = "main") -> str:
    """The reply to a pull request that changes these paths; empty for none."""
    mine = homework(paths)
    if not mine:
        return ""
    others = len(paths) - len(mine)
    texts = {"rest": f"{others} file{'s' if others > 1 else ''}", "branch": branch}
    quoted = " ".join(shlex.quote(path) for path in mine if path.isprintable())
    end = MIXED.format(**texts, address=address, paths=quoted) if others else ALONE
    # A path may hold anything, and this is published as Markdown.
    shown = [re.sub(r"[^\w./ -]", "?", path) for path in mine[:SHOWN]]
    lines = [f"- `{path}`" for path in shown]
    lines += [f"- and {len(mine) - SHOWN} more"] if len(mine) > SHOWN else []
    return REPLY.format(files="\n".join(lines), next=end)


if __name__ == "__main__":
    sys.stdout.write(reply(sys.stdin.read().split("\n")[:-1], *sys.argv[1:]))
