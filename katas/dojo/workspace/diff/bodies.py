"""The bodies of a file's functions, without signature and docstring."""

import ast
import textwrap
from collections.abc import Iterator


def bodies(source: str) -> dict[str, str]:
    """{qualified name: body as text} of the functions in a source."""
    lines, found = source.split("\n"), {}  # as ast counts: a form feed ends no line
    for name, node in functions(ast.parse(source)):
        first = node.body[0]
        start = first.lineno - 1
        if ast.get_docstring(node, clean=False) is not None:
            start = first.end_lineno
        text = "\n".join(lines[start : node.end_lineno])
        found[name] = textwrap.dedent(text).strip("\n")
    return found


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(qualified name, node) of the top-level functions and the methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def length(body: str) -> int:
    """Lines of code: neither empty nor comment."""
    lines = [line.strip() for line in body.splitlines()]
    return sum(bool(line) and not line.startswith("#") for line in lines)
