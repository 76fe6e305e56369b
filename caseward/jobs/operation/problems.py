"""What can be wrong with the files of an operation, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct; line 0 means the file or folder as a whole."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}" if self.line else self.file
        return f"{spot}: {self.text}"


class OperationInvalid(Exception):
    """The folder does not describe an operation; `problems` says everything to correct."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CannotApply(Exception):
    """The database holds something the files do not fit; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was written: its file, its first line, and the line of each value.

    `lines` is keyed by the value's name; items of a list also as `name.0`, `name.1`, ...
    """

    file: str
    line: int
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


class Problems:
    """Collects problems, so that one run reports all of them."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, file: str, line: int, text: str) -> None:
        self._found.append(Problem(file, line, text))

    def at(self, place: Place, name: str, text: str) -> None:
        """Report a problem with the value called `name` of the entry written at `place`."""
        self.add(place.file, place.line_of(name), text)

    def raise_any(self) -> None:
        if self._found:
            raise OperationInvalid(self._found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` for the closest known word, or nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""
