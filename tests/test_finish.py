"""`kata finish`: every day is verified, then a page is written that needs no other file."""

import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from tests import small_course as small
from tests.small_course import PROJECT, kata, solve, write

DOT = bytes.fromhex(  # a picture of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
NOTE = """# Day 01

## Key learnings

- the <axis> decides & so does
  the shape
-

## Questions asked

- not this one
"""
SPREAD = {"seeds": 0.004, "subjects": 0.057}


def figures_of(f1, alarms):
    """One model's figures as day 31 writes them; nobody's fall was detected."""
    found = {"f1": f1, "event_sensitivity": 0.97, "false_alarms_per_hour": alarms}
    none = {"seeds": None, "subjects": None}
    spread = {**dict.fromkeys(found, SPREAD), "delay_s": none}
    return {**found, "delay_s": None, "spread": spread}


FIGURES = {
    "network": figures_of(0.92149, 13.9),
    "forest": figures_of(0.89912, 10.3),
    "best_f1": {"network": figures_of(0.5, 0.5)},
    "run": {"data": "sim"},
}


class Page(HTMLParser):
    """The tags of a page, each with its attributes; void tags close themselves."""

    VOID = ("meta", "img", "link", "br")

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A course whose two days were filled, noted and drawn."""
    folder = tmp_path_factory.mktemp("finish") / "course"
    root = small.make(folder, days=(1, 2), git=False)
    for number, remark in ((1, "# mine\n"), (2, "")):  # day 02 is the reference's text
        solve(root, number, remark)
        picture = root / f"notes/pictures/day{number:02d}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(DOT)
    write(root / "notes/day01.md", NOTE)
    write(root / "notes/README.md", "# My course\n\nMy own words.\n")
    write(root / ".dojo/run/metrics.json", json.dumps(FIGURES))
    return root


@pytest.fixture(scope="module")
def page(workspace):
    kata(workspace, "finish")
    text = (workspace / "notes/course.html").read_text("utf-8")
    return Page(text), text


def test_an_open_day_is_named_and_nothing_is_written(workspace):
    file = workspace / "katas/day02/sums.py"
    solved = file.read_text("utf-8")
    write(file, solved.replace("axis=1", "axis=0"))
    output = kata(workspace, "finish", code=1)
    write(file, solved)
    assert "3 of 3 passed" in output
    assert " true" not in output
    assert "1 day not green: 2" in output
    assert "kata finish --anyway" in output
    assert not (workspace / "notes/course.html").exists()


def test_the_page_fetches_nothing(page):
    parsed, text = page
    addresses = [
        v for _, a in parsed.tags for k, v in a.items() if k in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert not re.search(r"https?:|url\(|@import|<script", text)


def test_the_page_can_be_read_aloud(page):
    parsed, _ = page
    assert parsed.open == []
    assert parsed.all("html")[0]["lang"] == "en"
    assert all(len(image["alt"]) > 10 for image in parsed.all("img"))
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = itertools.pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)
    assert all("scope" in cell for cell in parsed.all("th"))
    assert len(parsed.all("main")) == 1
    assert "title" in {tag for tag, _ in parsed.tags}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_text_colour_contrasts_7_to_1_in_light_and_in_dark():
    css = (PROJECT / "katas/dojo/notebook/page.html").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w{6});", b)) for b in css.split("@media")[:2]
    )
    assert {*light} == {*dark}
    for theme in (light, dark):
        paper = luminance(theme["paper"]) + 0.05
        for name in ("ink", "quiet", "accent"):
            ratio = paper / (luminance(theme[name]) + 0.05)
            assert max(ratio, 1 / ratio) >= 7, name


def test_the_page_holds_what_the_learner_made(page):
    parsed, text = page
    assert len(parsed.all("img")) == 2
    assert "the &lt;axis&gt; decides &amp; so does the shape" in text
    assert "not this one" not in text
    assert "2 of 2 days green" in text
    assert "0.899 (0.004; 0.057)" in text
    assert "13.9" in text
    assert "0.500" not in text


def test_the_page_claims_no_work_that_is_the_references(page):
    parsed, text = page
    mine, adopted = parsed.all("img")
    assert mine["alt"].endswith("drawn by my own functions")
    assert adopted["alt"].endswith("drawn by the reference's functions")
    assert text.count("the reference, adopted") == 1


def test_the_notes_keep_every_word_and_get_the_figures(workspace, page):
    text = (workspace / "notes/README.md").read_text("utf-8")
    assert text.startswith("# My course\n\nMy own words.\n")
    row = "| network | 0.921 (0.004; 0.057) | 0.970 (0.004; 0.057) | 13.9 (0.0; 0.1) |"
    assert row in text
    assert "](pictures/day02.png)" in text
