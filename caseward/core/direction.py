"""Marks that turn the direction of writing: in one line they make a name read as another."""

import re

_MARKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_direction_marks(line: str) -> str:
    """Return a line without bidirectional controls; joiners, which scripts need, stay."""
    return _MARKS.sub("", line)
