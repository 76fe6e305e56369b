"""Every kind of event is told in the reference, and the reference tells of no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import caseward
from caseward.casework.services.obeying import LEGAL_ACTS

CODE = Path(caseward.__file__).parent
REFERENCE = CODE.parent / "docs" / "reference" / "ledger-events.md"
KIND = re.compile(r"[a-z]+\.[a-z_]+")
FILES = {"postgresql.conf"}
RECORDERS = {
    "record", "record_in_house", "leave_trace", "_leave_trace", "record_many", "tell", "_tell",
    "_record", "_record_of_person", "_record_of_queue", "write",
}  # fmt: skip
GETTERS = {"attrgetter", "itemgetter"}
IN_SQL = re.compile(r"ledger_event.*?'([a-z]+\.[a-z_]+)'", re.DOTALL)


def recorded_kinds() -> set[str]:
    paths = [path for path in CODE.rglob("*.py") if {"demo", "migrations"}.isdisjoint(path.parts)]
    found = {kind for path in paths for kind in _kinds_in(ast.parse(path.read_text()))}
    return (found - FILES) | {f"legal.{act}" for act in LEGAL_ACTS}


def _kinds_in(tree: ast.Module) -> Iterator[str]:
    """Yield what is recorded by functions that call a recorder, and by statements in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(map(_records, ast.walk(node))):
            got = {text for each in ast.walk(node) if _gets(each) for text in _texts(each)}
            yield from (text for text in filter(KIND.fullmatch, _texts(node)) if text not in got)
        if isinstance(node, ast.JoinedStr | ast.Constant):
            text = "".join(_texts(node))
            yield from IN_SQL.findall(text) if "INSERT" in text else ()


def _records(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in RECORDERS


def _gets(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in GETTERS


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def documented_kinds() -> set[str]:
    rows = [line for line in REFERENCE.read_text().splitlines() if line.startswith("| `")]
    return {row.split("`")[1] for row in rows}


def test_every_recorded_kind_is_documented():
    assert recorded_kinds() - documented_kinds() == set()


def test_every_documented_kind_is_recorded():
    assert documented_kinds() - recorded_kinds() == set()


def test_kinds_are_found_at_all():
    assert {"case.opened", "case.resolved", "note.added"} <= recorded_kinds()
