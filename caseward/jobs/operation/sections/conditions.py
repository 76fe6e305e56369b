"""On which cases something applies: what a step of a playbook and an automation may ask."""

from collections.abc import Iterable, Mapping

from yaml.nodes import Node, ScalarNode

from caseward.core.conditions import NAMES, TAGS, WITHOUT_TAGS
from caseward.core.conditions import Conditions as Asked
from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer

type Conditions = Mapping[str, tuple[str, ...]]

NOTHING: Conditions = {}
LINE = "line_of_business"  # in files; `lob` in the database


def built(fields: Fields) -> Conditions:
    """Return the conditions of an entry; without any it is for every case."""
    if not fields.has("conditions"):
        return NOTHING
    return fields.entry("conditions", _lists, NOTHING)


def _lists(fields: Fields) -> Conditions:
    asked = {name: fields.list_of(name, _word, required=False) for name in _names()}
    return kept({"lob" if name == LINE else name: words for name, words in asked.items()})


def _names() -> tuple[str, ...]:
    return (LINE, *(name for name in NAMES if name != "lob"), TAGS, WITHOUT_TAGS)


def _word(node: Node) -> str:
    """Return a single value as text: tiers and priorities are numbers to whoever writes them."""
    if isinstance(node, ScalarNode) and node.tag.endswith(":int"):
        return str(node.value)
    return values.text(node)


def kept(stored: Mapping[str, Iterable[str]]) -> Conditions:
    """Return conditions as the files name and order them."""
    found = Asked.read(stored).stored()
    return {LINE if name == "lob" else name: tuple(words) for name, words in found.items()}


def stored(conditions: Conditions) -> dict[str, list[str]]:
    """Return conditions as the database keeps them."""
    return {"lob" if name == LINE else name: list(words) for name, words in conditions.items()}


def check(part: Part, conditions: Conditions, operation: Operation, problems: Problems) -> None:
    """Report lines of business and reasons that do not exist."""
    lines = {line.key for line in operation.lines_of_business}
    reasons = {reason.key for reason in operation.reasons}
    for line in conditions.get(LINE, ()):
        refer(part, "conditions", line, lines, "a line of business", problems)
    for reason in conditions.get("reason", ()):
        refer(part, "conditions", reason, reasons, "a reason", problems)
