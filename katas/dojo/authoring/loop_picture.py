"""Draw the README's picture of the loop from real runs of day 01:
`python -m katas.dojo.authoring.loop_picture`."""

import io
import re
import subprocess
import sys

from rich.console import Console
from rich.text import Text

from katas.dojo.store import paths
from katas.dojo.store.files import write_atomic

SCENES = [("a blank stub", "stubs"), ("one wrong line", "day01:7")]


def main():
    """Run day 01 against each scene's target; export what the terminal shows."""
    console = Console(record=True, width=82, file=io.StringIO())
    for title, target in SCENES:
        command = [sys.executable, "-m", "pytest", "katas/day01", "--color=yes"]
        run = [*command, "--against", target]
        shown = subprocess.run(
            run, cwd=paths.root(), capture_output=True, text=True
        ).stdout
        console.print(f"[dim]# save: {title}[/dim]\n")
        console.print(Text.from_ansi(shown), "\n")
    svg = console.export_svg(title="ptw")
    file = paths.root() / ".github" / "loop.svg"
    write_atomic(file, re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S))
    print(file)


if __name__ == "__main__":
    main()
