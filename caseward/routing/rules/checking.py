"""What is wrong with rules before anybody works by them, each with a case it would hurt."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from caseward.routing.rules.content import Overflow, Rules
from caseward.routing.rules.history import History, Need, Place, arrivals_of, hours_of_each
from caseward.routing.rules.holding import HeldBack, held_back
from caseward.routing.rules.people import People
from caseward.routing.standing import UNITS_IN_ALL

MOST = 50
TOO_LONG = timedelta(hours=24)
"""A queue that holds back for so long without a break keeps some cases for ever."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that cannot stand. `case_id` names a case it would have hurt, where there is one.

    `key` is a vendor, a reason, an overflow rule, a channel or the number of a queue, by `code`.
    """

    code: str
    line: str
    key: str = ""
    language: str = ""
    case_id: int | None = None
    load: float = 0.0


def problems_of(
    rules: Rules, *, people: People, history: History, usual: Mapping[int, timedelta]
) -> list[Problem]:
    """Return what is wrong, each with an example where last week has one.

    Shares that contradict, needs nobody meets, queues that would starve, cases that fit into
    nobody's hands, hold-back that never lets go.

    A queue starves when the work that came in takes longer than everybody who may do it was there.
    """
    found = [*_shares(rules), *_overflow(rules), *_nobody(rules, people, history)]
    found += [*_too_big(rules, history), *_never_let_go(rules, people, history)]
    excluded = {(one.line, one.key, one.language) for one in found}
    found += [
        one for one in _starving(rules, people, history, usual)
        if (one.line, one.key, one.language) not in excluded
    ]  # fmt: skip
    return found[:MOST]


def _shares(rules: Rules) -> Iterator[Problem]:
    sums: dict[str, float] = defaultdict(float)
    for (line, vendor), share in sorted(rules.shares.items()):
        sums[line] += share
        if not 0 < share <= 1:
            yield Problem("share_out_of_range", line, vendor, load=share)
    for line, total in sums.items():
        if total > 1.000001:
            yield Problem("shares_above_one", line, load=total)


def _overflow(rules: Rules) -> Iterator[Problem]:
    """Find rules without a condition, and pairs that would pass the same cases to and fro."""
    for key, rule in sorted(rules.overflow.items()):
        if not rule.has_a_condition:
            yield Problem("overflow_always", rule.from_line, key)
        if (rule.to_tier, rule.to_vendor) == (rule.from_tier, rule.from_vendor):
            yield Problem("overflow_nowhere", rule.from_line, key)
    for (key, rule), (other_key, other) in combinations(sorted(rules.overflow.items()), 2):
        if rule.meets(other) and _back_and_forth(rule, other):
            yield Problem("overflow_circle", rule.from_line, f"{key}, {other_key}")


def _back_and_forth(rule: Overflow, other: Overflow) -> bool:
    return _takes(other, rule.to_tier, rule.to_vendor) and _takes(
        rule, other.to_tier, other.to_vendor
    )


def _takes(rule: Overflow, tier: int, vendor: str) -> bool:
    return rule.from_tier == tier and rule.from_vendor in {"", vendor}


def _nobody(rules: Rules, people: People, history: History) -> Iterator[Problem]:
    """Find what came in lately and nobody at all could have taken."""
    seen: dict[Need, int] = {}
    for wait in history.waits:
        seen.setdefault(wait.need, wait.case_id)
    for need, case_id in seen.items():
        if not people.able(need, rules):
            yield _problem("nobody_may", need, people, case_id)


def _starving(
    rules: Rules, people: People, history: History, usual: Mapping[int, timedelta]
) -> Iterator[Problem]:
    hours = hours_of_each(history)
    work: dict[Need, timedelta] = defaultdict(timedelta)
    example: dict[Need, int] = {}
    for arrival, wait in zip(arrivals_of(history, usual=usual), history.waits, strict=True):
        work[wait.need] += arrival.takes
        example.setdefault(wait.need, wait.case_id)
    for need, time in work.items():
        there = sum((hours[who] for who in people.able(need, rules)), timedelta(0))
        if there and time > there:
            yield _problem("starves", need, people, example[need], load=time / there)


def _too_big(rules: Rules, history: History) -> Iterator[Problem]:
    """Find channels of which not even one case fits into empty hands."""
    in_all = rules.rooms[""].at_most if "" in rules.rooms else UNITS_IN_ALL
    example = {wait.channel: wait.case_id for wait in reversed(history.waits)}
    for channel in sorted((example.keys() | rules.rooms.keys()) - {""}):
        room = rules.rooms.get(channel)
        units, most = (room.units, min(room.at_most, in_all)) if room else (1.0, in_all)
        if units > most:
            case_id = example.get(channel)
            yield Problem("never_fits", "", channel, case_id=case_id, load=units)


def _never_let_go(rules: Rules, people: People, history: History) -> Iterator[Problem]:
    """Find queues where somebody's shift is always about to begin, so what can wait waits on."""
    holding = held_back(rules, history, people)
    if holding is None:
        return
    for queue_id, place in people.queues.items():
        if queue_id in rules.hold_back and _longest(holding, place) >= TOO_LONG:
            case_id = _held_for_long(holding, place, history)
            yield Problem("holds_for_ever", "", str(queue_id), case_id=case_id)


def _longest(holding: HeldBack, place: Place) -> timedelta:
    lengths = (ends_at - starts_at for starts_at, ends_at in holding.stretches(place))
    return max(lengths, default=timedelta(0))


def _held_for_long(holding: HeldBack, place: Place, history: History) -> int | None:
    """Return a case that came in while such a stretch lasted and would have been held."""
    long = [s for s in holding.stretches(place) if s[1] - s[0] >= TOO_LONG]
    for wait in history.waits:
        came_then = any(starts_at <= wait.since < ends_at for starts_at, ends_at in long)
        held = wait.need.place == place and holding.until(place, wait.since, wait.due_at)
        if came_then and held:
            return wait.case_id
    return None


def _problem(code: str, need: Need, people: People, case_id: int, load: float = 0.0) -> Problem:
    line, reason = people.reasons.get(need.reason_id, (people.lines.get(need.lob_id, ""), ""))
    return Problem(code, line, reason, need.language, case_id, load)
