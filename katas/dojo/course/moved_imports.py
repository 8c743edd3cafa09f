"""Where a module of the tooling is now that a learner's file imports by an old path."""

import ast

MODULES = {
    "katas.dojo.ablating": "katas.detector.ablation",
    "katas.dojo.check": "katas.dojo.judge.check",
    "katas.dojo.keep": "katas.dojo.store.files",
    "katas.dojo.quiet": "katas.dojo.store.streams",
    "katas.dojo.sampling": "katas.detector.sampling",
    "katas.dojo.shipping": "katas.detector.shipping",
    "katas.dojo.strategies": "katas.dojo.judge.strategies",
    "katas.dojo.training_cli": "katas.detector.cli",
    "katas.dojo.data.digits": "katas.dojo.course.digits",
    "katas.dojo.data.simulator": "katas.detector.simulator",
    "katas.dojo.data.watch": "katas.detector.recordings.watch",
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
    imports: dict[str, list[str]] = {}  # {module: what to import from it}
    for statement in statements:
        for alias in statement.names:
            new = _moved(statement.module or "", alias.name)
            if new is None:
                return []
            module, _, name = new.rpartition(".")
            used_as = alias.asname or alias.name  # as the rest of the file has it
            text = name if name == used_as else f"{name} as {used_as}"
            imports.setdefault(module, []).append(text)
    return [
        f"from {module} import {', '.join(names)}" for module, names in imports.items()
    ]


def _moved(module: str, name: str) -> str | None:
    """The new path of `from module import name`, None where it has not moved."""
    old = f"{module}.{name}"
    if module in MODULES:
        return f"{MODULES[module]}.{name}"
    return MODULES.get(old) or NAMES.get(old)
