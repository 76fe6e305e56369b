"""A place in a list, as its address says it."""

import re
from dataclasses import dataclass
from typing import Self

NUMBER = re.compile(r"[0-9]{1,18}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\+00")


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows: what the list is ordered by, and the row's number."""

    key: str
    row_id: int

    def __str__(self) -> str:
        return f"{self.key}~{self.row_id}"

    @property
    def is_moment(self) -> bool:
        """Say whether the list is ordered by time."""
        return MOMENT.fullmatch(self.key) is not None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place, or None for a text that names none."""
        key, _, number = text.partition("~")
        if not NUMBER.fullmatch(number) or not (NUMBER.fullmatch(key) or MOMENT.fullmatch(key)):
            return None
        return cls(key, int(number))
