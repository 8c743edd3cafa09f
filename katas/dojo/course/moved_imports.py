"""Where a module of the tooling is now that a learner's file imports by an old path."""

import ast

MODULES = {
    "katas.dojo.check": "katas.dojo.judge.check",
    "katas.dojo.keep": "katas.dojo.store.files",
    "katas.dojo.quiet": "katas.dojo.store.streams",
    "katas.dojo.sampling": "katas.detector.sampling",
    "katas.dojo.strategies": "katas.dojo.judge.strategies",
    "katas.dojo.data.digits": "katas.dojo.course.digits",
    "katas.dojo.data.simulator": "katas.detector.simulator",
    "katas.dojo.data.watch": "katas.detector.recordings.watch",
}
PROGRAMS = {  # command lines that one module holds now, and what starts each
    "katas.dojo.ablating": "ablate",
    "katas.dojo.shipping": "ship",
    "katas.dojo.training_cli": "train",
}
NAMES = {
    "katas.dojo.data.load": "katas.detector.sources.load",
    "katas.dojo.data.CHANNELS": "katas.detector.recordings.CHANNELS",
    "katas.dojo.data.Recording": "katas.detector.recordings.Recording",
}


def replacement(source: str, line: int) -> list[str]:
    """The import lines to write in place of the statement at a line of the source.

    Empty where that statement imports nothing that has moved.
    """
    statements = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    names: dict[str, list[str]] = {}  # {module: what to import from it}
    programs = []
    for statement in statements:
        for alias in statement.names:
            if program := PROGRAMS.get(f"{statement.module}.{alias.name}"):
                call = f"cli.{program}() in place of {alias.name}.main(...)"
                programs.append(f"from katas.detector import cli  # and {call}")
            elif new := _moved(statement.module or "", alias.name):
                module, _, name = new.rpartition(".")
                text = f"{name} as {alias.asname}" if alias.asname else name
                names.setdefault(module, []).append(text)
            else:
                return []
    lines = [f"from {module} import {', '.join(n)}" for module, n in names.items()]
    return [*lines, *programs]


def _moved(module: str, name: str) -> str | None:
    """The new path of `from module import name`, None where it has not moved."""
    old = f"{module}.{name}"
    if module in MODULES:
        return f"{MODULES[module]}.{name}"
    return MODULES.get(old) or NAMES.get(old)
