"""What somebody gave back when they had to stop: kept for minutes, for themselves alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from caseward.org.models import StaffMember
from caseward.wellbeing.models import Stop


def remember(
    *, staff: StaffMember, references: Sequence[str], now: datetime, keep: timedelta
) -> None:
    """Keep what can still be given back, together with what an earlier press gave back."""
    before = undoable(staff=staff, now=now, keep=keep)
    forget_all(staff=staff)
    everything = list(dict.fromkeys([*before, *references]))
    if everything:
        Stop.objects.create(staff=staff, at=now, references=everything)


def undoable(*, staff: StaffMember, now: datetime, keep: timedelta) -> list[str]:
    """Return the references that an undo would bring back; none once `keep` has passed."""
    row = Stop.objects.filter(staff=staff, at__gt=now - keep).first()
    return list(row.references) if row else []


def is_since(moment: datetime, *, staff: StaffMember) -> bool:
    """Say whether what can be undone was given back at a moment or later."""
    return Stop.objects.filter(staff=staff, at__gte=moment).exists()


def take(*, staff: StaffMember, now: datetime, keep: timedelta) -> list[str]:
    """Return what an undo brings back, and forget it."""
    references = undoable(staff=staff, now=now, keep=keep)
    forget_all(staff=staff)
    return references


def forget_all(*, staff: StaffMember) -> None:
    Stop.objects.filter(staff=staff).delete()


def forget_old(*, now: datetime, keep: timedelta) -> int:
    """Forget everybody's that can no longer be undone; only Caseward itself may."""
    return Stop.objects.filter(at__lte=now - keep).delete()[0]
