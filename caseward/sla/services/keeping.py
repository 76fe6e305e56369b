"""What keeps the erasure of a case off, and when erasing it is due after all.

An open appeal or a legal hold suspends erasure; so does a duty to preserve, until it ends. When the
last of them is over, erasure is due at its own time or, where that has passed, at once.
"""

from datetime import datetime

from caseward.org.acting import acting
from caseward.sla.measuring import deadline_of
from caseward.sla.models import Clock, ClockKind, Hold
from caseward.sla.queries import current
from caseward.sla.services.starting import CLOCKS


def place_hold(
    *, case_id: int, kind: str, why: str, at: datetime, lapses_at: datetime | None = None
) -> Hold:
    """Keep everything of a case until the hold lapses or is lifted."""
    with acting(CLOCKS):
        hold = Hold.objects.create(
            case_id=case_id, kind=Hold.Kind(kind), why=why[:200], placed_at=at, lapses_at=lapses_at
        )
        settle_erasure(case_id)
    return hold


def lift_holds(*, case_id: int, kind: str, at: datetime) -> int:
    """Lift the holds of a kind on a case; return how many there were."""
    with acting(CLOCKS):
        lifted = Hold.objects.filter(case_id=case_id, kind=kind, lifted_at__isnull=True)
        number = lifted.update(lifted_at=at)
        settle_erasure(case_id, not_before=at)
    return number


def settle_erasure(case_id: int, *, not_before: datetime | None = None) -> None:
    """Work out anew when a case is to be erased, from everything that keeps it."""
    erasures = current(case_id).filter(kind=ClockKind.ERASURE, stopped_at__isnull=True)
    for clock in erasures.select_for_update():
        clock.deadline_at = erasure_due(clock, not_before=not_before)
        clock.save(update_fields=["deadline_at"])


def erasure_due(clock: Clock, *, not_before: datetime | None = None) -> datetime | None:
    """Return when to erase; None while something keeps the case without an end."""
    holds = Hold.objects.filter(case_id=clock.case_id, lifted_at__isnull=True)
    lapses = list(holds.values_list("lapses_at", flat=True))
    kept = current(clock.case_id).filter(kind=ClockKind.PRESERVATION, stopped_at__isnull=True)
    lapses += kept.values_list("deadline_at", flat=True)
    if None in lapses:
        return None
    moments = [deadline_of(clock), not_before, *lapses]
    return max(moment for moment in moments if moment)
