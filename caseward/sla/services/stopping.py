"""Stopping a clock: the promise was kept, or the work came too late."""

from datetime import datetime

from caseward.core import deadlines
from caseward.sla.measuring import facts_of
from caseward.sla.models import Clock
from caseward.sla.queries import running


def stop_clock(*, case_id: int, kind: str, at: datetime) -> bool | None:
    """Stop one clock of our own; return whether its promise was kept, None where no such ran."""
    clock = running(case_id).filter(kind=kind, stage="").first()
    return None if clock is None else stop(clock, at=at)


def stop(clock: Clock, *, at: datetime) -> bool:
    """Stop a clock whose row is locked already."""
    clock.stopped_at = max(at, clock.started_at)
    clock.was_met = not deadlines.is_missed(facts_of(clock), at=clock.stopped_at)
    clock.save(update_fields=["stopped_at", "was_met"])
    return clock.was_met
