"""Derive each stub from its solution, so that the two differ only in bodies.

`python -m katas.dojo.authoring stubs 7` writes those of day 07.
"""

import ast
from pathlib import Path

from katas.dojo.course import misconceptions
from katas.dojo.course.index import Day
from katas.dojo.store.errors import CourseError

GIVEN = "# given"


def blank(source: str, number: int) -> str:
    """Replace every body that is not marked `# given` by a NotImplementedError.

    The error repeats the first sentence of the function's docstring, so each
    blank must have one; a solution without it is refused.
    """
    lines = source.splitlines()
    for node in reversed(blanks(source).values()):
        kept = node.body[0].end_lineno  # the docstring stays
        indent = " " * node.body[0].col_offset
        message = f'"{blank_message(node, number)}"'
        body = [f"{indent}raise NotImplementedError({message})"]
        if len(body[0]) > 88:
            body = [
                f"{indent}raise NotImplementedError(",
                f"{indent}    {message}",
                f"{indent})",
            ]
        lines[kept : node.end_lineno] = body
    return "\n".join(lines) + "\n"


def blank_message(node: ast.FunctionDef, number: int) -> str:
    """The message of a blank's error: `day 07: return ...`."""
    doc = ast.get_docstring(node)
    if not doc:
        raise CourseError(f"{node.name} needs a docstring that says what to return.")
    sentence = doc.split("\n\n")[0].replace("\n", " ").replace('"', "'").rstrip(".")
    return f"day {number:02d}: {sentence[0].lower()}{sentence[1:]}"


def blanks(source: str) -> dict[str, ast.FunctionDef]:
    """{qualified name: function node} that a learner fills, in the file's order."""
    lines = source.splitlines()

    def given(node: ast.FunctionDef | ast.ClassDef) -> bool:
        head = lines[node.lineno - 1 : max(node.body[0].lineno - 1, node.lineno)]
        return any(GIVEN in line for line in head)

    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not given(node):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef) and not given(node):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not given(method):
                    found[f"{node.name}.{method.name}"] = method
    return found


def stub_text(day: Day) -> str:
    """The stub of a day's topic file, derived from its solution."""
    source = day.solution.read_text("utf-8")
    if day.kind == "repair":
        for misconception in misconceptions.load(day):
            if misconception.planted:
                source = misconception.edit(source)
        return source
    return blank(source, day.number)


def quiz_text(day: Day) -> str:
    """The quiz with each prediction replaced by `...`."""
    source = day.solution_quiz.read_text("utf-8")
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            lines[node.lineno - 1 : node.end_lineno] = [f"{name} = ..."]
    return "\n".join(lines) + "\n"


def derived(day: Day) -> dict[Path, str]:
    """{path: text} of the files that a blank day starts with."""
    return {day.file: stub_text(day), day.quiz: quiz_text(day)}
