"""Which rules can set off which others, and where that would never end.

A rule listens for kinds of events, holds under conditions, and by acting causes further events and
changes facts. One rule can set off another when it causes an event the other listens for and the
other's conditions can hold of the case it leaves behind. Whatever has a circle in that graph is
refused before it runs: a condition that the action itself makes false opens the circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caseward.core.conditions import Conditions, Facts, both, example


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a rule waits for and what it leaves behind.

    `sets` names facts with the value they have afterwards; None stands for a value not known.
    """

    name: str
    listens: frozenset[str]
    conditions: Conditions
    causes: frozenset[str]
    sets: Mapping[str, str | None] = field(default_factory=dict)
    adds_tags: frozenset[str] = frozenset()
    removes_tags: frozenset[str] = frozenset()


def can_set_off(first: Behaviour, second: Behaviour) -> bool:
    """Say whether `first` acting on a case can make `second` act on it."""
    if not first.causes & second.listens:
        return False
    return both(_left_behind(first), second.conditions) is not None


def _left_behind(rule: Behaviour) -> Conditions:
    """Return what is known to hold of a case once the rule has acted on it."""
    allowed = dict(rule.conditions.allowed)
    for name, value in rule.sets.items():
        allowed.pop(name, None)
        if value is not None:
            allowed[name] = frozenset({value})
    return Conditions(
        allowed,
        (rule.conditions.tags - rule.removes_tags) | rule.adds_tags,
        (rule.conditions.without_tags - rule.adds_tags) | (rule.removes_tags - rule.adds_tags),
    )


def find_circle(rules: Iterable[Behaviour]) -> list[str]:
    """Return names of rules that set each other off for ever, the first one again at the end.

    Nothing is returned where every chain of rules ends.
    """
    known = list(rules)
    follows = {rule.name: [n.name for n in known if can_set_off(rule, n)] for rule in known}
    done: set[str] = set()
    for name in follows:
        if circle := _circle_from(name, follows, [], done):
            return circle
    return []


def _circle_from(
    name: str, follows: Mapping[str, Sequence[str]], path: list[str], done: set[str]
) -> list[str]:
    if name in path:
        return [*path[path.index(name) :], name]
    if name in done:
        return []
    for following in follows[name]:
        if circle := _circle_from(following, follows, [*path, name], done):
            return circle
    done.add(name)
    return []


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rules that want different things of one case, and such a case."""

    one: str
    other: str
    about: str  # the fact, or the tag
    wants: tuple[str, str]
    case: Facts


def contradiction(one: Behaviour, other: Behaviour) -> Contradiction | None:
    """Return what two rules would do to the same case against each other; None when nothing."""
    met = both(one.conditions, other.conditions) if one.listens & other.listens else None
    if met is None:
        return None
    for name in sorted(one.sets.keys() & other.sets.keys()):
        wanted = one.sets[name], other.sets[name]
        if wanted[0] != wanted[1] and wanted[0] is not None and wanted[1] is not None:
            return Contradiction(one.name, other.name, name, (wanted[0], wanted[1]), example(met))
    for tag in sorted((one.adds_tags & other.removes_tags) | (one.removes_tags & other.adds_tags)):
        wants = ("+", "-") if tag in one.adds_tags else ("-", "+")
        return Contradiction(one.name, other.name, tag, wants, example(met))
    return None
