"""The page of notes that the course ships: what a note is for, and nothing ticked."""

import os
import re

import pytest

from katas.dojo.course import index
from katas.dojo.notebook import notes, progress_list


@pytest.fixture
def page():
    if os.environ.get("CI") != "true":
        pytest.skip("a learner's notes rightly differ: only CI=true compares them")
    return progress_list.file().read_text("utf-8")


def test_the_shipped_list_holds_every_day_by_phase_and_none_is_ticked(page):
    listed = page.split(progress_list.START)[1].split(progress_list.END)[0]
    days = [f"- [ ] {day.number:02d} {day.title}" for day in index.days()]
    assert re.findall(r"^- .*$", listed, re.M) == days
    phases = list(dict.fromkeys(day.phase for day in index.days()))
    assert re.findall(r"^## (.*)$", listed, re.M) == phases


def test_the_shipped_page_shows_the_headings_of_the_template(page):
    for heading in re.findall(r"^## .*$", notes.TEMPLATE, re.M):
        assert f"\n{heading} " in page, heading
