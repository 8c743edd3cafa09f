"""The detector's parts as one SVG: boxes in the order of the data, each with its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

YOURS, REFERENCE, BLANK, GIVEN = "yours", "reference", "blank", "given"
WIDTH, HEIGHT, STEP, TOP = 320, 34, 48, 64
COLUMNS = (20, 360)  # where the boxes of both columns begin
ALT = "The parts of the fall detector, and whose each is"
STYLE = """
  .page { fill: #ffffff } text { fill: #1c1f23; font: 14px system-ui, sans-serif }
  .part { font-weight: 600 } .head { font-size: 16px; font-weight: 600 }
  rect.yours { fill: #0072b2 } text.yours { fill: #ffffff }
  rect.reference { fill: none; stroke: #d55e00; stroke-width: 2 }
  rect.blank { fill: none; stroke: #6b7280; stroke-dasharray: 5 4 }
  rect.given { fill: none; stroke: #6b7280 } path { stroke: #6b7280; fill: none }
  @media (prefers-color-scheme: dark) {
    .page { fill: #14171a } text { fill: #e6e8ea }
    rect.reference { stroke: #e69f00 } rect.blank, rect.given, path { stroke: #a9b1ba }
  }
"""


@dataclass(frozen=True)
class Part:
    """A box: its name, whose it is, and the day that brings it."""

    name: str
    owner: str  # YOURS, REFERENCE, BLANK or GIVEN
    day: int | None = None

    @property
    def label(self) -> str:
        """Whose it is, with the day."""
        return f"{self.owner}, day {self.day:02d}" if self.day else self.owner


def svg(path: Sequence[Part], beside: Sequence[Part]) -> str:
    """The picture as text: the path of the data on the left, what measures it right."""
    height = TOP + STEP * max(len(path), len(beside)) + 8
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 {height}"'
        f' role="img" aria-label="{ALT}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="700" height="{height}"/>',
    ]
    for left, title, parts in (
        (COLUMNS[0], "From the sensor to the alarm", path),
        (COLUMNS[1], "What trains and measures it", beside),
    ):
        lines.append(f'<text class="head" x="{left}" y="36">{title}</text>')
        for row, part in enumerate(parts):
            lines += _box(part, left, TOP + STEP * row)
        if parts is path:
            middle = left + WIDTH // 2
            starts = [TOP + STEP * row + HEIGHT for row in range(len(parts) - 1)]
            lines += [f'<path d="M{middle} {y}v14m-4 -5l4 5l4 -5"/>' for y in starts]
    return "\n".join([*lines, "</svg>", ""])


def _box(part: Part, left: int, top: int) -> list[str]:
    size = f'width="{WIDTH}" height="{HEIGHT}" rx="5"'
    text = f'y="{top + 22}" class="{part.owner}'
    return [
        f'<rect class="{part.owner}" x="{left}" y="{top}" {size}/>',
        f'<text x="{left + 12}" {text} part">{escape(part.name)}</text>',
        f'<text x="{left + WIDTH - 12}" {text}" text-anchor="end">{part.label}</text>',
    ]
