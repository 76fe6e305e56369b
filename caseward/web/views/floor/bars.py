"""Bars that are better to look at than to read: pieces of a line from 0 to 100."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar; `tone` names its colour, `count` is said in words beside it."""

    tone: str
    count: int
    start: float
    width: float


def pieces(counts: Sequence[tuple[str, int]]) -> list[Piece]:
    """Return the pieces of a bar whose whole is all of the counts; nothing at all is no piece."""
    whole = sum(count for _, count in counts)
    found, start = [], 0.0
    for tone, count in counts:
        if count:
            width = 100 * count / whole
            found.append(Piece(tone, count, round(start, 2), round(width, 2)))
            start += width
    return found
