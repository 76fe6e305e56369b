"""Holding a case to other promises, with the old ones kept in the ledger."""

from datetime import datetime

from caseward.casework.models import Case
from caseward.casework.services.recording import record, refresh_urgency
from caseward.org.models import StaffMember
from caseward.sla import services as sla


def hold_to_promises(case: Case, *, at: datetime, by: StaffMember | None) -> None:
    """Hold the running clocks of a locked case to what its line and priority promise now.

    Nothing is saved of the case: its `urgency` is worked out anew.
    """
    moved = sla.restart_under(case_id=case.pk, lob_id=case.lob_id, priority=case.priority)
    refresh_urgency(case)
    clocks = [moved_clock(each.kind, each.before, each.after) for each in moved]
    if clocks:
        record("clock.recomputed", case, at=at, by=by, clocks=clocks)


def moved_clock(
    kind: str, before: datetime | None, after: datetime | None, stage: str = ""
) -> dict[str, str | None]:
    """Return how the ledger tells of a deadline that moved."""
    facts = {"clock": kind, "before": _time(before), "after": _time(after)}
    return {**facts, "stage": stage} if stage else facts


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
