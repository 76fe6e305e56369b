"""Environment variables: those the program reads, beside those the reference explains."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from caseward.jobs.docs import DOCS, ROOT, markdown

PAGE = DOCS / "reference" / "settings.md"
CODE = ROOT / "caseward"
READERS = frozenset({"text", "whole_number", "switch", "words"})
ENVIRONMENT = "os.environ"
COMPUTED = "computed"
OF_OTHERS = frozenset({"PATH", "DJANGO_SETTINGS_MODULE", "PYTHONPYCACHEPREFIX"})


class Variable(NamedTuple):
    """A variable and the default the code gives it, `computed` where it is no plain value."""

    name: str
    default: str


def read_by_the_program() -> set[Variable]:
    """Return every variable the code reads, found in its syntax."""
    files = [file for file in CODE.rglob("*.py") if "migrations" not in file.parts]
    return {found for file in files for found in _in(ast.parse(file.read_text(encoding="utf-8")))}


def problems() -> Iterator[str]:
    """Say what the reference leaves out, invents or gets wrong."""
    read = {variable.name: variable for variable in sorted(read_by_the_program(), reverse=True)}
    told = documented()
    for name in sorted(read.keys() - told.keys()):
        yield f"docs/reference/settings.md does not explain {name}."
    for name in sorted(told.keys() - read.keys()):
        yield f"docs/reference/settings.md explains {name}, which nothing reads."
    for name in sorted(read.keys() & told.keys()):
        if not _agree(read[name].default, told[name]):
            yield (
                f"docs/reference/settings.md says {name} defaults to {told[name] or 'nothing'}; "
                f"the code says {read[name].default or 'nothing'}."
            )


def _agree(default: str, told: str) -> bool:
    """A plain default stands in backquotes; words may tell what happens without one."""
    if default in {COMPUTED, ""}:
        return not (told.startswith("`") and told.endswith("`")) or default == COMPUTED
    return told == f"`{default}`"


def documented() -> dict[str, str]:
    """Return the variables of the reference with their defaults."""
    cells = markdown.rows(PAGE.read_text(encoding="utf-8"))
    return {name.strip("`"): default for name, default, *_meaning in cells}


def _in(tree: ast.Module) -> Iterator[Variable]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _is_reader(node.func):
            yield from _variable(node.args[0], node.args[1:2])
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == ENVIRONMENT:
            yield from _variable(node.slice, [ast.Name(COMPUTED)])


def _is_reader(function: ast.expr) -> bool:
    name = ast.unparse(function)
    return name.removeprefix("settings.") in READERS or name == f"{ENVIRONMENT}.get"


def _variable(name: ast.expr, default: list[ast.expr]) -> Iterator[Variable]:
    known = name.value if isinstance(name, ast.Constant) else None
    if isinstance(known, str) and known.isupper() and known not in OF_OTHERS:
        yield Variable(known, _plain(default[0]) if default else "")


def _plain(default: ast.expr) -> str:
    """Return a default as it would be written in the environment."""
    if not isinstance(default, ast.Constant):
        return COMPUTED
    return str(int(default.value) if isinstance(default.value, bool) else default.value)
