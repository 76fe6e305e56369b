"""Conditions on what is known of a case: whether they hold, and whether two can hold at once.

Macros, steps of a playbook and rules are all offered or carried out under such conditions. A
condition names what a fact may be; where it says nothing, anything goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# What a condition can ask; each fact has one value, written as text.
NAMES = (
    "lob",
    "reason",
    "tier",
    "language",
    "channel",
    "country",
    "priority",
    "status",
    "locked",
)
TAGS, WITHOUT_TAGS = "tags", "without_tags"
ANYTHING = "anything"  # stands for a value that no condition asks for


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case: one value for each name, and its tags."""

    values: Mapping[str, str]
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What facts may be, which tags a case must have and which it must not."""

    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    without_tags: frozenset[str] = frozenset()

    @classmethod
    def read(cls, stored: Mapping[str, Iterable[str]]) -> "Conditions":
        """Return what `stored` lists under each name; an empty list asks for nothing."""
        allowed = {name: frozenset(map(str, stored[name])) for name in NAMES if stored.get(name)}
        return cls(
            allowed, frozenset(stored.get(TAGS) or ()), frozenset(stored.get(WITHOUT_TAGS) or ())
        )

    def stored(self) -> dict[str, list[str]]:
        """Return what `read` reads, in a fixed order."""
        found: dict[str, Any] = {name: sorted(values) for name, values in self.allowed.items()}
        found |= {TAGS: sorted(self.tags), WITHOUT_TAGS: sorted(self.without_tags)}
        return {name: values for name, values in found.items() if values}

    @property
    def can_hold(self) -> bool:
        return not self.tags & self.without_tags

    def hold(self, facts: Facts) -> bool:
        """Say whether the facts are as the conditions ask."""
        return (
            all(facts.values.get(name, "") in values for name, values in self.allowed.items())
            and self.tags <= facts.tags
            and not self.without_tags & facts.tags
        )


def both(one: Conditions, other: Conditions) -> Conditions | None:
    """Return conditions that hold exactly where both do; None where no case can fulfil both."""
    allowed = dict(one.allowed)
    for name, values in other.allowed.items():
        allowed[name] = allowed[name] & values if name in allowed else values
    met = Conditions(allowed, one.tags | other.tags, one.without_tags | other.without_tags)
    return met if met.can_hold and all(allowed.values()) else None


def example(conditions: Conditions) -> Facts:
    """Return facts under which the conditions hold, the first of each in alphabetical order."""
    values = {name: min(values) for name, values in conditions.allowed.items()}
    return Facts({name: values.get(name, ANYTHING) for name in NAMES}, conditions.tags)
