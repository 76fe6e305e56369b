"""A file of an operation that may be left out, told whole in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part
from caseward.jobs.operation.problems import Place, Problems
from caseward.jobs.operation.relations import refer

HERE = Place("the database", 0)


def nothing_to_check(part: Any, operation: Operation, problems: Problems) -> None:
    """Whatever could be read is sound."""


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
