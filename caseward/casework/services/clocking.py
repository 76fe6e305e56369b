"""Telling the clocks of a case what happened, and the ledger what the clocks did."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from caseward.casework.models import Case
from caseward.casework.services.recording import record, record_in_house, refresh_urgency
from caseward.org.models import StaffMember
from caseward.policy.legal import queries as legal
from caseward.sla import services as sla
from caseward.sla.models import IN_HOUSE_ONLY, Clock, ClockKind

# How these began and ended is told by the events of the case itself.
ACKNOWLEDGED = "case.acknowledged"
TOLD_BY_THE_CASE = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION, ClockKind.ACKNOWLEDGE)


def hear(case: Case, event: str, *, at: datetime, by: StaffMember | None = None) -> sla.Moved:
    """Move the clocks of a case, whose row is locked, by what just happened on it."""
    moved = sla.happened(case, event, at=at)
    tell(case, "clock.stopped", moved.stopped, at=at, by=by)
    tell(case, "clock.started", moved.started, at=at, by=by)
    return moved


def acknowledged(case_id: int, *, at: datetime) -> None:
    """Stop the clocks that a confirmation of receipt keeps; the case is locked where one runs."""
    if sla.is_awaited(case_id, ACKNOWLEDGED):
        case = Case.objects.select_for_update().get(pk=case_id)
        if hear(case, ACKNOWLEDGED, at=at).stopped:
            refresh_urgency(case)
            case.save(update_fields=["urgency"])


def look_at_law(case: Case, *, at: datetime, by: StaffMember | None = None) -> list[Clock]:
    """Start the clocks of the laws a case falls under, now that more is known of it."""
    started = sla.matched(case, at=at)
    tell(case, "clock.started", started, at=at, by=by)
    return started


def tell(
    case: Case,
    kind: str,
    clocks: Iterable[Clock],
    *,
    at: datetime,
    by: StaffMember | None = None,
) -> None:
    for clock in clocks:
        if clock.stage or clock.kind not in TOLD_BY_THE_CASE:
            write = record_in_house if clock.kind in IN_HOUSE_ONLY else record
            write(kind, case, at=at, by=by, **_facts(clock))


def _facts(clock: Clock) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "clock": clock.kind,
        "stage": clock.stage,
        "deadline": _time(clock.deadline_at),
    }
    if clock.stopped_at:
        facts["met"] = clock.was_met
    if clock.preset_id:
        preset = legal.version(clock.preset_id)
        facts |= {"preset": preset.key, "version": preset.number, "because": clock.because}
    return facts


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
