"""Every name that may stand in an operation's files is in the reference."""

import ast
from pathlib import Path

from caseward.jobs.docs import DOCS
from caseward.jobs.operation import macros, parts, reading, sections
from caseward.policy.macros import KNOWN

PAGE = (DOCS / "reference" / "operation-files.md").read_text()
ASKS = {
    "text", "value", "optional", "key", "one_of", "list_of", "entries", "entry", "translations",
    "per_language", "hours", "day", "says",
}  # fmt: skip


def asked_for() -> set[str]:
    """Return the names that `reading` asks the files for, found in its syntax."""
    told_in = (reading.__file__, macros.__file__)
    sources = [*map(Path, told_in), *Path(sections.__file__).parent.glob("*.py")]
    nodes = (node for source in sources for node in ast.walk(ast.parse(source.read_text())))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return {name for call in calls for name in _name(call)}


def _name(call: ast.Call) -> list[str]:
    asks = isinstance(call.func, ast.Attribute) and call.func.attr in ASKS
    on_fields = asks and isinstance(call.func.value, ast.Name) and call.func.value.id == "fields"
    first = call.args[0] if call.args else None
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return [first.value] if on_fields and is_text else []


def test_every_name_is_explained():
    assert {name for name in asked_for() if f"`{name}`" not in PAGE} == set()


def test_names_are_found_at_all():
    assert {"timezone", "holidays_not_observed", "first_response", "actions"} <= asked_for()


def test_every_file_has_a_heading():
    names = ("operation", *reading.LISTS)

    assert [name for name in names if f"## `{name}.yaml`" not in PAGE] == []


def test_every_kind_of_field_and_placeholder_is_named():
    wanted = [*parts.FIELD_KINDS, *(f"{{{name}}}" for name in KNOWN)]

    assert [name for name in wanted if f"`{name}`" not in PAGE] == []
