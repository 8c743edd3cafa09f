"""Draw the README's picture of the loop from real runs of day 01."""

import io
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from katas.dojo.store import paths
from katas.dojo.store.files import write_atomic

SCENES = [("a blank stub", "stubs"), ("one wrong line", "day01:7")]


def draw() -> Path:
    """Run day 01 against each scene's target; export the terminal's output as SVG."""
    console = Console(record=True, width=82, file=io.StringIO())
    for title, target in SCENES:
        console.print(f"[dim]# save: {title}[/dim]\n")
        console.print(Text.from_ansi(_output(target)), "\n")
    svg = console.export_svg(title="ptw")
    file = paths.root() / ".github" / "loop.svg"
    write_atomic(file, re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S))
    return file


def _output(target: str) -> str:
    """What pytest prints for day 01 against a target."""
    command = [sys.executable, "-m", "pytest", "katas/day01", "--color=yes"]
    command += ["--against", target]
    done = subprocess.run(
        command, cwd=paths.root(), capture_output=True, text=True, check=False
    )
    return done.stdout
