"""Generated pages are up to date, and links resolve."""

import os
import re

import pytest

from katas.dojo.authoring import readme_map
from katas.dojo.course import index, stubs
from katas.dojo.runner import symptoms
from katas.dojo.store import paths
from tests import table

SYMPTOMS = paths.root() / "katas" / "SYMPTOMS.md"
PAGES = [paths.root() / "README.md", SYMPTOMS]
PAGES += sorted((paths.root() / ".github").glob("*.md"))


def test_the_map_in_the_readme_is_the_course_index():
    page = readme_map.file().read_text("utf-8")
    between = page.split(readme_map.START)[1].split(readme_map.END)[0]
    assert between.strip() == readme_map.text().strip(), (
        "python -m katas.dojo.authoring map"
    )


def test_the_table_of_the_proof_is_up_to_date():
    page = table.FILE.read_text("utf-8")
    between = page.split(table.START)[1].split(table.END)[0]
    assert between.strip() == table.text().strip(), "python -m tests.table"


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_every_link_resolves(page):
    unbuilt = {day.name for day in index.days() if not day.built}
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        if not any(link.startswith((name, f"katas/{name}")) for name in unbuilt):
            assert (page.parent / link).exists(), link


def test_every_pattern_of_a_failure_has_its_row_in_the_symptoms():
    text = SYMPTOMS.read_text("utf-8")
    for row in symptoms.ROWS.values():
        assert text.count(f"\n| {row}") == 1, row


def test_the_committed_stubs_are_the_derived_ones():
    if os.environ.get("CI") != "true":
        pytest.skip("a learner's files differ from the stubs: only with CI=true")
    for day in index.built_days():
        for path, text in stubs.derived(day).items():
            assert path.read_text("utf-8") == text, path


def test_no_two_days_share_a_topic_and_none_needs_a_later_one():
    days = index.days()
    assert len({day.topic for day in days}) == len(days)
    for day in days:
        assert all(needed < day.number for needed in day.needs)
