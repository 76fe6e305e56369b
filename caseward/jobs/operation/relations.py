"""Two relations between parts: what only one may have, and what must exist to be named."""

from collections.abc import Callable, Collection, Hashable, Iterable

from caseward.jobs.operation.parts import Part
from caseward.jobs.operation.problems import Problems, did_you_mean


def each_once[P: Part](
    parts: Iterable[P], name: str, of: Callable[[P], Hashable], problems: Problems
) -> None:
    """Report a value that two parts share and only one may have; report it at `name`."""
    first: dict[Hashable, P] = {}
    for part in parts:
        value = of(part)
        if value in first:
            at = first[value].place
            text = f"{name} is already used at {at.file}:{at.line_of(name)}; give another"
            problems.at(part.place, name, text)
        elif value:
            first[value] = part


def refer(
    part: Part, name: str, to: str | None, known: Collection[str], what: str, problems: Problems
) -> None:
    """Report a value naming something that does not exist.

    Args:
        name: The value's name; an item of a list is `name.0`, `name.1`, ...
        what: What it should name, such as "a site".
    """
    if to and to not in known:
        said = name.partition(".")[0]
        problems.at(part.place, name, f'{said}: "{to}" is not {what}{did_you_mean(to, known)}')


def refer_each(
    part: Part,
    name: str,
    to: Iterable[str],
    known: Collection[str],
    what: str,
    problems: Problems,
) -> None:
    for index, one in enumerate(to):
        refer(part, f"{name}.{index}", one, known, what, problems)
