"""Overflow as a replay has it: the same conditions, looked at every few minutes."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime, timedelta

from caseward.core.replay import Arrival, Overflow, Waiting
from caseward.routing.rules import content
from caseward.routing.rules.content import Rules
from caseward.routing.rules.history import Need

SOON = timedelta(hours=1)

type IsClosed = Callable[[str, datetime], bool]


def overflow_of(
    rules: Rules, *, vendors: Mapping[str, int], lines: Mapping[int, str], is_closed: IsClosed
) -> Overflow | None:
    """Return what overflows under these rules, None where nothing ever does.

    Args:
        vendors: The id of each vendor by its key.
        lines: The key of each line of business by its id.
        is_closed: Whether a site, by its key, is closed at a moment.
    """
    if not rules.overflow:
        return None

    def moves(now: datetime, waiting: Waiting) -> Iterator[tuple[Arrival, Hashable]]:
        moved: set[int] = set()
        for _key, rule in sorted(rules.overflow.items()):
            for cases in _by_queue(rule, waiting, vendors, lines).values():
                left = [(need, case) for need, case in cases if case.id not in moved]
                if not _holds(rule, [case for _, case in left], now, is_closed):
                    continue
                for need, case in sorted(left, key=lambda one: one[1].at)[: rule.at_a_time]:
                    moved.add(case.id)
                    to_vendor = vendors.get(rule.to_vendor)
                    yield case, need._replace(tier=rule.to_tier, vendor_id=to_vendor)

    return moves


def _by_queue(
    rule: content.Overflow,
    waiting: Waiting,
    vendors: Mapping[str, int],
    lines: Mapping[int, str],
) -> dict[tuple[object, ...], list[tuple[Need, Arrival]]]:
    found: dict[tuple[object, ...], list[tuple[Need, Arrival]]] = defaultdict(list)
    for need, cases in waiting.items():
        assert isinstance(need, Need)
        if _concerns(rule, need, vendors, lines):
            found[need[:4]] += [(need, case) for case in cases]
    return found


def _concerns(
    rule: content.Overflow, need: Need, vendors: Mapping[str, int], lines: Mapping[int, str]
) -> bool:
    goes_to = (rule.to_tier, vendors.get(rule.to_vendor))
    return (
        need.tier == rule.from_tier
        and (need.tier, need.vendor_id) != goes_to
        and (not rule.from_vendor or need.vendor_id == vendors.get(rule.from_vendor))
        and (not rule.from_line or lines.get(need.lob_id) == rule.from_line)
        and rule.from_language in {"", need.language}
    )


def _holds(
    rule: content.Overflow, cases: list[Arrival], now: datetime, is_closed: IsClosed
) -> bool:
    if not cases or not rule.has_a_condition:
        return False
    waited = (now - min(case.at for case in cases)) / timedelta(minutes=1)
    due_soon = sum(case.due_at is not None and case.due_at <= now + SOON for case in cases)
    return (
        (rule.waiting_over is None or len(cases) > rule.waiting_over)
        and (rule.oldest_over_minutes is None or waited > rule.oldest_over_minutes)
        and (rule.at_risk_over is None or due_soon / len(cases) > rule.at_risk_over)
        and (not rule.while_closed or is_closed(rule.while_closed, now))
    )
