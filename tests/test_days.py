"""The proof, day by day: stubs are blank, solutions and variants pass, misconceptions fail.

One day alone: pytest tests/test_days.py -k day07. One misconception by hand:
pytest katas/day07 --against day07:3
"""

import ast
import re

import pytest

from katas.dojo.course import index, listed_tests, misconceptions, stubs
from katas.dojo.runner import explain, hints, signatures
from katas.dojo.store import paths
from tests import mutants
from tests.inner import run

DAYS = index.built_days()
MISCONCEPTIONS = [
    pytest.param(day, k, misconception, id=f"{day.name}-{k}-{misconception.claim}")
    for day in DAYS
    for k, misconception in enumerate(misconceptions.load(day), 1)
]
VARIANTS = [
    pytest.param(day, file, id=f"{day.name}-{file.stem}")
    for day in DAYS
    for file in sorted((paths.root() / "tests" / "variants" / day.name).glob("*.py"))
]
each_day = pytest.mark.parametrize("day", DAYS, ids=[day.name for day in DAYS])


@each_day
def test_every_solution_passes(day):
    results = run(day, "solutions")
    assert not results.failed, results.failed
    assert results.passed


@each_day
def test_the_list_of_tests_is_of_the_day_as_it_is(day):
    listed = listed_tests.of(day)
    assert listed == listed_tests.present(day), "python -m katas.dojo.authoring tests"
    assert [
        file
        for file in day.folder.glob("test_*.py")
        if listed_tests.defined_twice(file)
    ] == []


@pytest.mark.deep
@pytest.mark.parametrize("order", range(3))
@each_day
def test_a_solution_passes_on_other_examples_and_in_any_order(day, order):
    results = run(day, "solutions", "--deep", order=order)
    assert not results.failed, results.failed


@each_day
def test_every_blank_fails_for_the_right_reason(day):
    results = run(day, "stubs")
    if day.kind != "repair":
        assert not results.passed, f"passed on a blank stub: {results.passed}"
        wrong = {
            n: t for n, t in results.failed.items() if not t.startswith(explain.BLANK)
        }
        assert not wrong
    else:
        assert results.failed


@pytest.mark.parametrize(("day", "k", "misconception"), MISCONCEPTIONS)
def test_a_misconception_is_caught_by_its_test(day, k, misconception):
    results = run(day, f"{day.name}:{k}", "-k", misconception.caught_by, shrink=False)
    assert misconception.caught_by in results.failed, (
        f"failed instead: {sorted(results.failed)}"
    )
    by_assertion = results.errors[misconception.caught_by] is AssertionError
    assert by_assertion != misconception.crashes, results.failed[
        misconception.caught_by
    ]


@each_day
def test_the_signatures_are_of_the_day_as_it_is(day):
    recorded = signatures.records().get(day.name, {}).get("of")
    assert recorded in (None, signatures.source(day)), (
        f"stale: python -m tests.record {day.number}"
    )


@pytest.mark.deep
@pytest.mark.parametrize(("day", "k", "misconception"), MISCONCEPTIONS)
def test_a_misconception_is_named_by_its_signature_and_by_no_other(
    day, k, misconception
):
    results = run(day, f"{day.name}:{k}", slow="", signature_only=True)
    own = {number: sign for sign, number in signatures.recorded(day).items()}.get(k)
    assert own in (None, results.signature), (
        f"stale: python -m tests.record {day.number}"
    )
    other = results.misconception
    assert other in (None, misconception), f"named {other}"


@each_day
def test_the_mutants_are_caught_and_none_is_misnamed(day):
    figures = mutants.records().get(day.name, {})
    assert figures.get("of") == mutants.of(day), (
        f"stale: python -m tests.mutants {day.number}"
    )
    assert figures["caught"] >= 0.95 * (figures["caught"] + len(figures["survived"]))
    assert not mutants.misnamed(day, figures["called"])
    assert not mutants.listed_in_vain(day)


@pytest.mark.parametrize(("day", "file"), VARIANTS)
def test_a_correct_variant_in_another_style_passes(day, file):
    results = run(day, f"{day.name}={file}")
    assert not results.failed, results.failed


@each_day
def test_a_day_has_enough_misconceptions_and_variants(day):
    assert len(misconceptions.load(day)) >= 8
    assert len([v for v in VARIANTS if v.values[0] == day]) >= 2 or day.kind == "repair"


@each_day
def test_every_test_catches_a_misconception_or_documents_why_it_stays(day):
    tests = {
        node.name: ast.get_docstring(node) or ""
        for node in ast.parse(topic_tests(day).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    named = {misconception.caught_by for misconception in misconceptions.load(day)}
    assert named <= set(tests), named - set(tests)
    idle = [n for n, doc in tests.items() if n not in named and "Stays:" not in doc]
    assert not idle, "name a misconception that each catches, or write `Stays: why`"


@each_day
def test_every_blank_has_three_hints(day):
    blanks = (
        stubs.blanks(day.solution.read_text("utf-8")) if day.kind != "repair" else []
    )
    of_day = hints.load(day)
    for blank in blanks:
        assert len(of_day.get(blank, ())) == hints.STEPS, blank


@each_day
def test_the_lesson_is_whole_and_its_links_resolve(day):
    text = day.lesson.read_text("utf-8")
    wanted = ["Why", "Picture", "Formula", "Shapes", "Foundation", "Your turn", "Hints"]
    wanted += ["In production code", "Source"]
    headings = re.findall(r"^## (.+)$", text, re.M)
    missing = [w for w in wanted if not any(h.startswith(w) for h in headings)]
    assert missing == []
    minutes, shares = re.search(r"^(\d+) minutes: (.+)$", text, re.M).groups()
    assert int(minutes) == day.minutes == sum(map(int, re.findall(r"\d+", shares)))
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    for link in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (day.folder / link).exists(), link


def topic_tests(day):
    return day.folder / f"test_{day.topic}.py"
