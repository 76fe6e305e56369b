"""A file of an operation that may be left out, told whole in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part, Translations
from caseward.jobs.operation.problems import Place, Problems
from caseward.jobs.operation.relations import refer

HERE = Place("the database", 0)
ENGLISH = "en"


def nothing_to_check(part: Any, operation: Operation, problems: Problems) -> None:
    """Whatever could be read is sound."""


def in_english_at_least(fields: Fields, name: str, *, required: bool = True) -> Translations:
    """Return texts by language, as leads write them on screen: all but English may be left out."""
    said = fields.per_language(name, _text, required=required)
    return {code: text for code, text in said.items() if text}


def _text(texts: Fields, code: str) -> str | None:
    return texts.text(code) if code == ENGLISH else texts.optional(code, values.text)


def check_line(
    part: Part, line: str, operation: Operation, problems: Problems, *, also: str = ""
) -> None:
    """Report a `line_of_business` that does not exist; `also` names one more that may stand."""
    known = {one.key for one in operation.lines_of_business} | ({also} if also else set())
    refer(part, "line_of_business", line, known, "a line of business", problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section[P: Part]:
    """A kind of entry with a file of its own, `name`.yaml.

    `build` reads an entry, `present` returns what the database has in the same form, `write` and
    `remove` put one there and take it away, `check` says what does not fit the rest.
    """

    name: str
    noun: str
    key: Callable[[P], str]
    build: Callable[[Fields], P]
    present: Callable[[], tuple[P, ...]]
    write: Callable[[P], None]
    remove: Callable[[P], object]
    check: Callable[[P, Operation, Problems], None] = nothing_to_check
