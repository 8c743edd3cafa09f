"""The proof, day by day: stubs are blank, solutions pass, beliefs die, variants live.

One day alone: pytest tests/test_days.py -k day07. One belief by hand:
pytest katas/day07 --against day07:3
"""

import ast
import re

import pytest

from katas.dojo import beliefs, course, derive, hints, lookup, report
from tests import mutants
from tests.inner import run

DAYS = course.built_days()
BELIEFS = [
    pytest.param(day, k, belief, id=f"{day.name}-{k}-{belief.says}")
    for day in DAYS
    for k, belief in enumerate(beliefs.load(day), 1)
]
VARIANTS = [
    pytest.param(day, file, id=f"{day.name}-{file.stem}")
    for day in DAYS
    for file in sorted((course.ROOT / "tests" / "variants" / day.name).glob("*.py"))
]
each_day = pytest.mark.parametrize("day", DAYS, ids=[day.name for day in DAYS])


@each_day
def test_every_solution_passes(day):
    seen = run(day, "solutions")
    assert not seen.failed, seen.failed
    assert seen.passed


@pytest.mark.deep
@pytest.mark.parametrize("order", range(3))
@each_day
def test_a_solution_passes_on_other_examples_and_in_any_order(day, order):
    seen = run(day, "solutions", "--deep", order=order)
    assert not seen.failed, seen.failed


@each_day
def test_every_blank_is_red_for_the_right_reason(day):
    seen = run(day, "stubs")
    if day.kind != "repair":
        assert not seen.passed, f"green on a blank stub: {seen.passed}"
        wrong = {n: t for n, t in seen.failed.items() if not t.startswith(report.BLANK)}
        assert not wrong
    else:
        assert seen.failed


@pytest.mark.parametrize(("day", "k", "belief"), BELIEFS)
def test_a_belief_is_caught_by_its_test(day, k, belief):
    seen = run(day, f"{day.name}:{k}", "-k", belief.caught_by, first=True)
    assert belief.caught_by in seen.failed, f"failed instead: {sorted(seen.failed)}"
    by_assertion = seen.errors[belief.caught_by] is AssertionError
    assert by_assertion != belief.crashes, seen.failed[belief.caught_by]


@each_day
def test_the_signatures_are_of_the_day_as_it_is(day):
    known = lookup.records().get(day.name, {}).get("of")
    assert known in (None, lookup.source(day)), (
        f"stale: python -m tests.record {day.number}"
    )


@pytest.mark.deep
@pytest.mark.parametrize(("day", "k", "belief"), BELIEFS)
def test_a_belief_is_named_by_its_signature_and_by_no_other(day, k, belief):
    seen = run(day, f"{day.name}:{k}", slow="", named=True)
    own = {number: sign for sign, number in lookup.recorded(day).items()}.get(k)
    assert own in (None, seen.signature), f"stale: python -m tests.record {day.number}"
    assert seen.named in (None, belief), f"named {seen.named.says!r}"


@each_day
def test_the_automatic_edits_are_caught_and_none_is_misnamed(day):
    found = mutants.records().get(day.name, {})
    assert found.get("of") == mutants.of(day), (
        f"stale: python -m tests.mutants {day.number}"
    )
    assert found["caught"] >= 0.95 * (found["caught"] + len(found["survived"]))
    assert not mutants.misnamed(day, found["called"])
    assert not mutants.listed_in_vain(day)


@pytest.mark.parametrize(("day", "file"), VARIANTS)
def test_a_right_answer_in_another_style_is_accepted(day, file):
    seen = run(day, f"{day.name}={file}")
    assert not seen.failed, seen.failed


@each_day
def test_a_day_has_enough_beliefs_and_variants(day):
    assert len(beliefs.load(day)) >= 8
    assert len([v for v in VARIANTS if v.values[0] == day]) >= 2 or day.kind == "repair"


@each_day
def test_every_sentence_kills_a_belief_or_says_why_it_stays(day):
    tests = {
        node.name: ast.get_docstring(node) or ""
        for node in ast.parse(topic_tests(day).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    named = {belief.caught_by for belief in beliefs.load(day)}
    assert named <= set(tests), named - set(tests)
    idle = [n for n, doc in tests.items() if n not in named and "Stays:" not in doc]
    assert not idle, "name a belief that each catches, or write `Stays: why`"


@each_day
def test_every_blank_has_three_hints(day):
    blanks = (
        derive.blanks(day.solution.read_text("utf-8")) if day.kind != "repair" else []
    )
    known = hints.load(day)
    for blank in blanks:
        assert len(known.get(blank, ())) == hints.STEPS, blank


@each_day
def test_the_lesson_is_whole_and_its_links_resolve(day):
    text = day.lesson.read_text("utf-8")
    wanted = ["Why", "Picture", "Formula", "Shapes", "Foundation", "Your turn", "Hints"]
    wanted += ["In production code", "Source"]
    found = re.findall(r"^## (.+)$", text, re.M)
    assert [w for w in wanted if not any(f.startswith(w) for f in found)] == []
    minutes, shares = re.search(r"^(\d+) minutes: (.+)$", text, re.M).groups()
    assert int(minutes) == day.minutes == sum(map(int, re.findall(r"\d+", shares)))
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    for link in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (day.folder / link).exists(), link


def topic_tests(day):
    return day.folder / f"test_{day.topic}.py"
