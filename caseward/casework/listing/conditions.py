"""Conditions of a query, each beside its values."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Conditions:
    """SQL conditions that all hold, and the values of their placeholders in order."""

    said: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        self.said.append(condition)
        self.values.extend(values)

    def joined(self, others: "Conditions") -> "Conditions":
        return Conditions([*self.said, *others.said], [*self.values, *others.values])

    @property
    def sql(self) -> str:
        return " AND ".join(self.said) or "true"
