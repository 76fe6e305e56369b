"""Leaving the trace of a verb: what the ledger needs to know of every change to a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from caseward.casework.models import Case
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting, current_actor
from caseward.org.models import StaffMember
from caseward.sla import services as sla

_marks: ContextVar[dict[str, Any] | None] = ContextVar("marks", default=None)


@contextmanager
def marked(**marks: Any) -> Iterator[None]:
    """Add the same data to every event recorded in the block, such as which rule acts."""
    before = _marks.set({**(_marks.get() or {}), **marks})
    try:
        yield
    finally:
        _marks.reset(before)


def record(
    kind: str, case: Case, *, at: datetime, by: StaffMember | None = None, **data: Any
) -> int:
    """Record an event of a case by `by`, or by whoever acts now, for everyone who may see it."""
    return _record(kind, case, at, by, Event.Audience.EVERYONE, data)


def record_in_house(
    kind: str, case: Case, *, at: datetime, by: StaffMember | None = None, **data: Any
) -> int:
    """Record an event of a case that a vendor's staff do not see."""
    return _record(kind, case, at, by, Event.Audience.IN_HOUSE, data)


def _record(
    kind: str, case: Case, at: datetime, by: StaffMember | None, audience: str, data: dict[str, Any]
) -> int:
    actor = current_actor()
    return ledger.record(
        kind,
        case_id=case.pk,
        at=at,
        actor_id=by.pk if by else actor.staff_id,
        actor_name=by.name if by else actor.name,
        audience=audience,
        data={
            "vendor_id": case.vendor_id,
            "lob_id": case.lob_id,
            **(_marks.get() or {}),
            **data,
        },
    )


def work_place(by: StaffMember) -> dict[str, int | None]:
    """Return where somebody works: figures are counted where the work was done."""
    return {"team_id": by.team_id, "site_id": by.site_id}


def urgency_of(due_at: datetime | None, priority: int) -> int:
    """Return the number cases are worked by: deadline first, then priority."""
    if due_at is None:
        return Case.NOTHING_RUNNING * 10 + priority
    return int(due_at.timestamp()) * 10 + priority


def refresh_urgency(case: Case) -> None:
    """Read the tightest deadline again; the caller saves `urgency`.

    In tier 1 a report to an authority hurries nobody: the order of a list would tell of it.
    """
    case.urgency = urgency_of(_tightest(case), case.priority)


def _tightest(case: Case) -> datetime | None:
    if case.tier == 1:
        return sla.tightest_deadline(case.pk)
    if current_actor().role != "cw_vendor":
        return sla.tightest_deadline(case.pk, in_house=True)
    with acting(Actor.system("clocks")):  # who escalates does not see every clock
        return sla.tightest_deadline(case.pk, in_house=True)
