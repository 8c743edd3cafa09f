"""Draw the packages and their imports into .github/ARCHITECTURE.md, as Mermaid."""

import ast
from collections.abc import Iterator
from pathlib import Path

from katas.dojo.store import markers, paths

START = "<!-- packages: python -m katas.dojo.authoring architecture -->"
END = "<!-- end of packages -->"
ROOMS = ("katas/detector", "katas/dojo")


def file() -> Path:
    return paths.root() / ".github" / "ARCHITECTURE.md"


def modules() -> dict[str, Path]:
    """{dotted name: file} of the tooling and the detector; a package's `__init__` too."""
    root = paths.root()
    found = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that a file imports; late imports and import_module("...") count."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.dump(node.func):
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def package(name: str) -> str:
    """`store` for `katas.dojo.store.files`, `detector` for all of katas.detector; ""
    for anything else."""
    parts = name.split(".")
    if parts[:2] == ["katas", "detector"]:
        return "detector"
    return parts[2] if parts[:2] == ["katas", "dojo"] and len(parts) > 2 else ""


def arrows() -> set[tuple[str, str]]:
    """(package, package that it imports), without those that a chain of others gives."""
    known = modules()
    direct: dict[str, set[str]] = {}
    for name, path in known.items():
        if mine := package(name):
            others = {package(other) for other in imports(path, known)}
            direct.setdefault(mine, set()).update(others - {"", mine})

    def reached(start: str) -> set[str]:
        return direct[start] | {far for near in direct[start] for far in reached(near)}

    return {
        (mine, other)
        for mine, others in direct.items()
        for other in others
        if not any(other in reached(via) for via in others - {other})
    }


def text() -> str:
    """The diagram and, package by package, the first sentence on what is inside."""
    known = modules()
    lines = ["```mermaid", "flowchart BT"]
    lines += [f"    {a} --> {b}" for a, b in sorted(arrows())]
    lines += ["```", "", "| package | what is inside |", "|---|---|"]
    for name, path in known.items():
        if path.name == "__init__.py" and (mine := package(name)):
            doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            first = " ".join(doc.split("\n\n")[0].split())
            where = name.replace(".", "/")
            lines.append(f"| [`{where}`](../{where}) | {first} |") if mine else None
    return "\n".join(["", *lines, ""])


def write() -> str:
    """Bring the page up to date; return what was done."""
    return markers.fill(file(), START, END, text())
