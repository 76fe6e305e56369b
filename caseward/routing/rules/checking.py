"""What is wrong with rules before anybody works by them, each with a case it would hurt."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from caseward.routing.rules.content import Overflow, Rules
from caseward.routing.rules.history import History, Need, arrivals_of
from caseward.routing.rules.people import People

MOST = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that cannot stand. `case_id` names a case it would have hurt, where there is one."""

    code: str
    line: str
    key: str = ""
    language: str = ""
    case_id: int | None = None
    load: float = 0.0


def problems_of(
    rules: Rules, *, people: People, history: History, usual: Mapping[int, timedelta]
) -> list[Problem]:
    """Return what is wrong: shares that contradict, needs nobody meets, queues that would starve.

    A queue starves when the work that came in takes longer than everybody who may do it was there.
    """
    found = [*_shares(rules), *_overflow(rules), *_nobody(rules, people, history)]
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
    hours = _hours_of_each(history)
    work: dict[Need, timedelta] = defaultdict(timedelta)
    example: dict[Need, int] = {}
    for arrival, wait in zip(arrivals_of(history, usual=usual), history.waits, strict=True):
        work[wait.need] += arrival.takes
        example.setdefault(wait.need, wait.case_id)
    for need, time in work.items():
        there = sum((hours[who] for who in people.able(need, rules)), timedelta(0))
        if there and time > there:
            yield _problem("starves", need, people, example[need], load=time / there)


def _hours_of_each(history: History) -> dict[int, timedelta]:
    hours: dict[int, timedelta] = defaultdict(timedelta)
    for stint in history.stints:
        hours[stint.worker] += stint.ends_at - stint.starts_at
    return hours


def _problem(code: str, need: Need, people: People, case_id: int, load: float = 0.0) -> Problem:
    line, reason = people.reasons.get(need.reason_id, (people.lines.get(need.lob_id, ""), ""))
    return Problem(code, line, reason, need.language, case_id, load)
