"""Which rules can set off which others, and where that would never end.

A rule listens for kinds of events, holds under conditions, and by acting causes further events and
changes facts. One rule can set off another when it causes an event the other listens for and the
other's conditions can hold of the case it leaves behind. Chains of rules are followed with what is
known of the case on the way; a chain that comes back to a rule knowing no more than before never
ends and is refused before it runs. A condition that an action makes false opens the circle, unless
another rule makes it true again: what another rule could undo counts as not known.
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


type _Node = tuple[str, str]  # a rule, and what is known of the case once it has acted


def _left_behind(rule: Behaviour, met: Conditions) -> Conditions:
    """Return what is known of a case of which `met` was known, once the rule has acted on it."""
    allowed = dict(met.allowed)
    for name, value in rule.sets.items():
        allowed.pop(name, None)
        if value is not None:
            allowed[name] = frozenset({value})
    return Conditions(
        allowed,
        (met.tags - rule.removes_tags) | rule.adds_tags,
        (met.without_tags - rule.adds_tags) | (rule.removes_tags - rule.adds_tags),
    )


def _lasting(known: Conditions, rules: Iterable[Behaviour]) -> Conditions:
    """Return what stays known whichever of the rules act in between."""
    allowed, tags, without = dict(known.allowed), known.tags, known.without_tags
    for rule in rules:
        for name, value in rule.sets.items():
            if name in allowed and value not in allowed[name]:
                del allowed[name]
        tags, without = tags - rule.removes_tags, without - rule.adds_tags
    return Conditions(allowed, tags, without)


def find_circle(rules: Iterable[Behaviour]) -> list[str]:
    """Return names of rules that set each other off for ever, the first one again at the end.

    Nothing is returned where every chain of rules ends.
    """
    known = list(rules)
    done: set[_Node] = set()
    for rule in known:
        if circle := _circle_from(rule, rule.conditions, known, [], done):
            return circle
    return []


def _circle_from(
    rule: Behaviour,
    met: Conditions,
    rules: Sequence[Behaviour],
    path: list[_Node],
    done: set[_Node],
) -> list[str]:
    left = _lasting(_left_behind(rule, met), rules)
    node = (rule.name, repr(left.stored()))
    if node in path:
        return [*(name for name, _ in path[path.index(node) :]), rule.name]
    if node in done:
        return []
    for following in rules:
        then = both(left, following.conditions) if rule.causes & following.listens else None
        if then is not None:
            circle = _circle_from(following, then, rules, [*path, node], done)
            if circle:
                return circle
    done.add(node)
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
