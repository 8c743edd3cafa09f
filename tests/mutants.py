"""Mutants of a solution, each changed in one place: which of them do the tests catch?

    python -m tests.mutants 7            the mutants of day 07, and those that survive
    python -m tests.mutants              of all days that changed since the last evaluation

The figures are kept in tests/mutants.json: `named` counts the mutants with the signature
of a misconception, `called` lists those of them whose code is not that misconception's.

Kinds: constant, sign, operator, comparison, flag, dropped term, dropped statement,
dropped keyword, swapped arguments. A survivor means either that a test is missing or
that the mutant is equivalent; `katas/misconceptions/dayNN.toml` lists the latter as
`[[equivalent]]` with `mutant` (the changed line, as printed) and `reason`. Likewise a
mutant with a misconception's signature is either misnamed or listed as `[[alike]]`, with
`mutant`, `misconception` (its claim) and `reason`: why the misconception describes it.
"""

import ast
import hashlib
import json
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from katas.dojo.course import index, misconceptions, stubs
from katas.dojo.course.index import Day
from katas.dojo.course.misconceptions import Misconception
from katas.dojo.runner import limits, signatures
from katas.dojo.store import paths
from katas.dojo.store.files import write_atomic
from tests.every_core import on_every_core
from tests.inner import Results, run

FILE = paths.root() / "tests" / "mutants.json"
OPERATORS = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.Pow: "*",
    ast.MatMult: "*",
}
COMPARISONS = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
}


def mutations(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, new source) for each change inside the bodies of the blanks."""
    for function in stubs.blanks(source).values():
        for statement in function.body[1:]:
            if not isinstance(statement, ast.Return):
                yield statement.lineno, _swap(source, statement, "pass")
            for node in ast.walk(statement):
                for new in _replacements(source, node):
                    yield node.lineno, _swap(source, node, new)


def _replacements(source: str, node: ast.AST) -> Iterator[str]:
    def text(part: ast.AST) -> str:
        return ast.get_source_segment(source, part) or ""

    match node:
        case ast.Constant(value=bool(value)):
            yield repr(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield repr(value + 1)
            if value != 1:
                yield repr(value - 1)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield f"({text(node.operand)})"
        case ast.BinOp():
            left, right = text(node.left), text(node.right)
            yield f"({left} {OPERATORS.get(type(node.op), '+')} {right})"
            yield f"({left})"
            yield f"({right})"
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            sides = text(node.left), text(node.comparators[0])
            yield f"({sides[0]} {COMPARISONS[type(op)]} {sides[1]})"
        case ast.IfExp():
            yield f"({text(node.body)})"
            yield f"({text(node.orelse)})"
        case ast.Call():
            yield from _calls(node, text)


def _calls(node: ast.Call, text: Callable[[ast.AST], str]) -> Iterator[str]:
    name = text(node.func)
    arguments = [text(a) for a in node.args]
    keywords = [
        f"{k.arg}={text(k.value)}" if k.arg else f"**{text(k.value)}"
        for k in node.keywords
    ]
    if len(arguments) > 1:
        swapped = [arguments[1], arguments[0], *arguments[2:]]
        yield f"{name}({', '.join(swapped + keywords)})"
    for k in range(len(keywords)):
        rest = keywords[:k] + keywords[k + 1 :]
        yield f"{name}({', '.join(arguments + rest)})"


def _swap(source: str, node: Any, new: str) -> str:
    lines = source.splitlines(keepends=True)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line.encode()))
    raw = source.encode()
    start = offsets[node.lineno - 1] + node.col_offset
    end = offsets[node.end_lineno - 1] + node.end_col_offset
    return (raw[:start] + new.encode() + raw[end:]).decode()


def changed_line(source: str, mutant: str, number: int) -> str:
    """The line as the misconceptions files quote it; a dropped statement is a comment."""
    before, after = (text.splitlines()[number - 1].strip() for text in (source, mutant))
    return f"pass  # {before}" if after.split("#")[0].strip() == "pass" else after


def all_mutants(source: str) -> dict[str, str]:
    """{source of a mutant: its changed line}: none twice, none that does not compile."""
    original = ast.dump(ast.parse(source))
    mutants = {}
    for number, mutant in mutations(source):
        try:
            tree = ast.parse(mutant)
        except SyntaxError:
            continue
        if ast.dump(tree) != original:
            line = changed_line(source, mutant, number)
            mutants.setdefault(mutant, f"{number}: {line}")
    return mutants


def equivalents(day: Day) -> dict[str, str]:
    """{changed line: why it is equivalent} as the day's misconceptions file lists them."""
    return {entry["mutant"]: entry["reason"] for entry in _listed(day, "equivalent")}


def misnamed(day: Day, called: dict[str, str]) -> dict[str, str]:
    """Those of {mutant: misconception with its signature} that it does not describe."""
    alike = {
        (entry["mutant"], entry["misconception"]) for entry in _listed(day, "alike")
    }
    return {
        line: claim
        for line, claim in called.items()
        if (line.split(": ", 1)[1], claim) not in alike
    }


def listed_in_vain(day: Day) -> list[str]:
    """The listed mutants that do not exist, and the equivalent ones in several places."""
    lines = all_mutants(day.solution.read_text("utf-8")).values()
    has = Counter(line.split(": ", 1)[1] for line in lines)
    alike = {entry["mutant"] for entry in _listed(day, "alike")}
    ambiguous = [line for line in equivalents(day) if has[line] != 1]
    return ambiguous + sorted(alike - set(has))


def _listed(day: Day, key: str) -> list[dict[str, str]]:
    file = misconceptions.file_of(day)
    return tomllib.loads(file.read_text("utf-8")).get(key, []) if file.exists() else []


def evaluate(day: Day) -> dict[str, Any]:
    """Run the day against each mutant; return the counts, the survivors, and the mutants
    with a misconception's signature: how many, and which have other code than it."""
    source = day.solution.read_text("utf-8")
    if failed := run(day, "solutions", slow="").failed:
        raise SystemExit(f"{day.name} fails without any change: {failed}")
    harmless = equivalents(day)
    caught, equivalent, survived, named, called = 0, 0, [], 0, {}
    for mutant, line in all_mutants(source).items():
        results = _run(day, mutant)
        if results.failed:
            caught += 1
        elif line.split(": ", 1)[1] in harmless:
            equivalent += 1
        else:
            survived.append(line)
        if results.misconception:
            named += 1
            if not _same_code(results.misconception, source, mutant):
                called[line] = results.misconception.claim
    return {
        "caught": caught,
        "equivalent": equivalent,
        "survived": survived,
        "named": named,
        "called": called,
    }


def _same_code(misconception: Misconception, source: str, mutant: str) -> bool:
    return _tree(misconception.edit(source)) == _tree(mutant)


def _tree(source: str) -> str:
    """The code's structure, where `pass` beside other statements is nothing."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [part for part in body if not isinstance(part, ast.Pass)]
            node.body = kept or body
    return ast.dump(tree)


def _run(day: Day, mutant: str) -> Results:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mutant.py"
        file.write_text(mutant, "utf-8")
        return run(day, f"{day.name}={file}", slow="", signature_only=True)


def figures(number: int) -> dict[str, Any]:
    """The results of evaluate() for a day, with the seconds that it took."""
    limits.SECONDS = 10.0
    start = time.perf_counter()
    results = evaluate(index.day(number))
    seconds = round(time.perf_counter() - start)
    return {"of": of(index.day(number)), **results, "seconds": seconds}


def of(day: Day) -> str:
    """A hash of what decides the figures of a day."""
    listed = repr(
        (sorted(equivalents(day).items()), sorted(signatures.recorded(day).items()))
    )
    return f"{signatures.source(day)}-{hashlib.sha256(listed.encode()).hexdigest()[:8]}"


def records() -> dict[str, dict[str, Any]]:
    """{day: its figures from the last evaluation}"""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def main(arguments: list[str]) -> None:
    """Evaluate the chosen days, or all that changed since; keep the figures."""
    chosen = [index.day(a) for a in arguments]
    last = records()
    stale = [
        day for day in index.built_days() if last.get(day.name, {}).get("of") != of(day)
    ]
    numbers = [day.number for day in chosen or stale]
    for number, results in on_every_core(figures, numbers):
        resolved = results["caught"] + results["equivalent"]
        tried = resolved + len(results["survived"])
        counts = f"{resolved} of {tried} mutants caught or equivalent"
        print(f"day{number:02d}  {counts}  {results['seconds']} s")
        for line in results["survived"]:
            print(f"    survives  {line}")
        for line, claim in misnamed(index.day(number), results["called"]).items():
            print(f"    misnamed  {line}  was called: {claim}")
        sys.stdout.flush()
        updated = {**records(), f"day{number:02d}": results}
        text = json.dumps(updated, indent=1, sort_keys=True) + "\n"
        write_atomic(FILE, text)


if __name__ == "__main__":
    main(sys.argv[1:])
