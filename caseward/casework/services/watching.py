"""Clocks that ran out, and clocks about to: seen once, left on the timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework.models import Case
from caseward.casework.services.noticing import notify, to_be_told
from caseward.casework.services.recording import record, record_in_house
from caseward.sla import services as sla
from caseward.sla.models import IN_HOUSE_ONLY, NOT_OUR_WORK, Clock, ClockKind


@transaction.atomic
def note_missed_clocks(*, now: datetime) -> int:
    """Record every clock whose deadline has passed since the last sweep; return how many."""
    over = sla.newly_missed(now=now)
    cases = Case.objects.in_bulk([clock.case_id for clock in over])
    # Chains in one order, so that two who write to several cannot wait for each other.
    for clock in sorted(over, key=_by_case):
        _tell_of_end(clock, cases[clock.case_id], now)
    return len(over)


def _by_case(clock: Clock) -> tuple[int, int]:
    return clock.case_id, clock.pk


def _tell_of_end(clock: Clock, case: Case, now: datetime) -> None:
    """A deadline of ours is missed; time that others had, or something was kept, is over."""
    if clock.kind == ClockKind.ERASURE:
        _tell(clock, "erasure.due", case, now)
    elif clock.kind in NOT_OUR_WORK:
        _tell(clock, "clock.lapsed", case, now)
    else:
        _tell(clock, "clock.missed", case, now)


@transaction.atomic
def warn_of_deadlines(*, now: datetime) -> int:
    """Warn those who can still act of clocks that reached a fraction of their promise."""
    reached = sla.to_be_warned(now=now)
    cases = Case.objects.in_bulk([clock.case_id for clock, _ in reached])
    for clock, share in sorted(reached, key=lambda each: _by_case(each[0])):
        case = cases[clock.case_id]
        told = to_be_told(case, now=now, in_house=clock.kind in IN_HOUSE_ONLY)
        _tell(clock, "clock.warned", case, now, share=share, to_ids=[who.pk for who in told])
        about = f"{clock.kind} {clock.stage}".strip()
        facts = {"clock": clock.kind, "share": share, "deadline": _time(clock)}
        notify(told, case=case, about=about, kind="clock.warned", data=facts, at=now)
    return len(reached)


def _tell(clock: Clock, kind: str, case: Case, now: datetime, **more: object) -> None:
    write = record_in_house if clock.kind in IN_HOUSE_ONLY or kind == "clock.warned" else record
    facts: dict[str, Any] = {"clock": clock.kind, "deadline": _time(clock), **more}
    if clock.stage:
        facts["stage"] = clock.stage
    write(kind, case, at=now, **facts)


def _time(clock: Clock) -> str:
    assert clock.deadline_at is not None  # only a running clock is swept
    return clock.deadline_at.isoformat()
