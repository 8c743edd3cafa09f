"""Automatic edits of a solution, one place each: which of them do the tests catch?

    python -m tests.mutants 7            the edits of day 07, and those that survive
    python -m tests.mutants              of all days that changed since they were judged

The figures are kept in tests/mutants.json: `named` counts the edits that look-up took
for a misconception, `called` lists those of them whose code is not that misconception's.

Kinds: constant, sign, operator, comparison, flag, dropped term, dropped statement,
dropped keyword, swapped arguments. A survivor means either that a test is missing or
that the edit means the same; `katas/misconceptions/dayNN.toml` lists the latter as
`[[equivalent]]` with `mutant` (the changed line, as printed) and `reason`. Likewise a
mutant under a misconception's name is either misnamed or listed as `[[alike]]`, with
`mutant`, `misconception` (its claim) and `reason`: why the misconception is true of it.
"""

import ast
import hashlib
import json
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path

from katas.dojo.course import index, misconceptions, stubs
from katas.dojo.runner import limits, signatures
from katas.dojo.store import paths
from katas.dojo.store.files import write_atomic
from tests.every_core import on_every_core
from tests.inner import run

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


def edits(source):
    """Yield (line number, new source) for each edit inside the bodies of the blanks."""
    for function in stubs.blanks(source).values():
        for statement in function.body[1:]:
            if not isinstance(statement, ast.Return):
                yield statement.lineno, _swap(source, statement, "pass")
            for node in ast.walk(statement):
                for new in _replacements(source, node):
                    yield node.lineno, _swap(source, node, new)


def _replacements(source, node):
    def text(part):
        return ast.get_source_segment(source, part)

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


def _calls(node, text):
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


def _swap(source, node, new):
    lines = source.splitlines(keepends=True)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line.encode()))
    raw = source.encode()
    start = offsets[node.lineno - 1] + node.col_offset
    end = offsets[node.end_lineno - 1] + node.end_col_offset
    return (raw[:start] + new.encode() + raw[end:]).decode()


def shown(source, changed, number):
    """The changed line, as the misconceptions files quote it; a dropped statement is named."""
    before, after = (
        text.splitlines()[number - 1].strip() for text in (source, changed)
    )
    return f"pass  # {before}" if after.split("#")[0].strip() == "pass" else after


def distinct(source):
    """{changed source: its changed line}: no edit twice, none that does not compile."""
    found = {}
    for number, changed in edits(source):
        try:
            ast.parse(changed)
        except SyntaxError:
            continue
        if changed != source and ast.dump(ast.parse(changed)) != ast.dump(
            ast.parse(source)
        ):
            found.setdefault(changed, f"{number}: {shown(source, changed, number)}")
    return found


def same(day):
    """{changed line: why it means the same} as the day's misconceptions file lists them."""
    return {entry["mutant"]: entry["reason"] for entry in _listed(day, "equivalent")}


def misnamed(day, called):
    """Those of {edit: misconception that look-up named} of which the misconception is untrue."""
    alike = {
        (entry["mutant"], entry["misconception"]) for entry in _listed(day, "alike")
    }
    return {
        line: claim
        for line, claim in called.items()
        if (line.split(": ", 1)[1], claim) not in alike
    }


def listed_in_vain(day):
    """The listed edits that the solution lacks, and those of `same` in several places."""
    lines = distinct(day.solution.read_text("utf-8")).values()
    has = Counter(line.split(": ", 1)[1] for line in lines)
    alike = {entry["mutant"] for entry in _listed(day, "alike")}
    return [edit for edit in same(day) if has[edit] != 1] + sorted(alike - set(has))


def _listed(day, key):
    file = misconceptions.file_of(day)
    return tomllib.loads(file.read_text("utf-8")).get(key, ()) if file.exists() else ()


def judge(day):
    """Run the day against each edit; return the counts, the survivors, and the edits
    that look-up took for a misconception: their number, and which have other code than it."""
    source = day.solution.read_text("utf-8")
    if red := run(day, "solutions", slow="").failed:
        raise SystemExit(f"{day.name} is red unedited, so nothing is shown: {red}")
    harmless = same(day)
    caught, told, survived, named, called = 0, 0, [], 0, {}
    for changed, line in distinct(source).items():
        seen = _run(day, changed)
        if seen.failed:
            caught += 1
        elif line.split(": ", 1)[1] in harmless:
            told += 1
        else:
            survived.append(line)
        if seen.named:
            named += 1
            if not _is(seen.named, source, changed):
                called[line] = seen.named.claim
    return {
        "caught": caught,
        "equivalent": told,
        "survived": survived,
        "named": named,
        "called": called,
    }


def _is(misconception, source, changed):
    return _tree(misconception.edit(source)) == _tree(changed)


def _tree(source):
    """The code's structure, where `pass` beside other statements is nothing."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [part for part in body if not isinstance(part, ast.Pass)]
            node.body = kept or body
    return ast.dump(tree)


def _run(day, changed):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "edit.py"
        file.write_text(changed, "utf-8")
        return run(day, f"{day.name}={file}", slow="", named=True)


def figures(number):
    """What judge() says of a day, with the seconds that it took."""
    limits.SECONDS = 10.0
    start = time.perf_counter()
    found = judge(index.day(number))
    seconds = round(time.perf_counter() - start)
    return {"of": of(index.day(number)), **found, "seconds": seconds}


def of(day):
    """A hash of what decides the figures of a day."""
    listed = repr((sorted(same(day).items()), sorted(signatures.recorded(day).items())))
    return f"{signatures.source(day)}-{hashlib.sha256(listed.encode()).hexdigest()[:8]}"


def records():
    """{day: what figures() said of it when it was judged last}"""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def main(arguments):
    """Judge the chosen days, or all that changed since; keep the figures."""
    chosen = [index.day(a) for a in arguments]
    known = records()
    stale = [
        day
        for day in index.built_days()
        if known.get(day.name, {}).get("of") != of(day)
    ]
    numbers = [day.number for day in chosen or stale]
    for number, found in on_every_core(figures, numbers):
        tried = found["caught"] + found["equivalent"] + len(found["survived"])
        print(
            f"day{number:02d}  {found['caught'] + found['same']} of {tried} edits caught"
            f"  {found['seconds']} s"
        )
        for line in found["survived"]:
            print(f"    survives  {line}")
        for line, claim in misnamed(index.day(number), found["called"]).items():
            print(f"    misnamed  {line}  was called: {claim}")
        sys.stdout.flush()
        known = {**records(), f"day{number:02d}": found}
        write_atomic(FILE, json.dumps(known, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
