"""The bodies of a file's functions, without signature and docstring."""

import ast
import textwrap


def bodies(source, names=None):
    """{qualified name: body as text} of the functions in a source.

    Args
        names  only these; all where None
    """
    lines, found = source.split("\n"), {}  # as ast counts: a form feed ends no line
    for name, node in functions(ast.parse(source)):
        if names is None or name in names:
            first = node.body[0]
            doc = ast.get_docstring(node, clean=False) is not None
            start = first.end_lineno if doc else first.lineno - 1
            text = "\n".join(lines[start : node.end_lineno])
            found[name] = textwrap.dedent(text).strip("\n")
    return found


def functions(tree):
    """(qualified name, node) of the top-level functions and the methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def length(body):
    """Lines of code: neither empty nor comment."""
    lines = [line.strip() for line in body.splitlines()]
    return sum(bool(line) and not line.startswith("#") for line in lines)
