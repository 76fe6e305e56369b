"""Moves that steer who gets what: borrowing somebody for a queue, pausing and resuming one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework.floor.keeping import check_queue, move_kept
from caseward.casework.models import FloorMove
from caseward.org.models import StaffMember
from caseward.routing import borrowing
from caseward.routing.models import Borrow, Queue, QueuePause


class NotPaused(Exception):
    """The queue hands out cases already; somebody else resumed it."""


@transaction.atomic
def borrow(
    *, staff: StaffMember, queue: Queue, until: datetime, why: str, by: StaffMember, now: datetime
) -> FloorMove:
    """Have somebody take cases from one queue only, until a moment.

    Raises:
        MayNotMove: see there.
        borrowing.CannotBorrow, borrowing.IsOver: see there.
    """
    check_queue(queue, by)
    earlier = Borrow.objects.filter(staff=staff, ended_at__isnull=True).first()
    made = borrowing.borrow(staff=staff, queue=queue, until=until, why=why, by=by, now=now)
    return move_kept(
        FloorMove.Kind.BORROW,
        by=by,
        now=now,
        about={"name": staff.name, "queue_id": queue.pk, "until": until.isoformat()},
        before={"staff_id": staff.pk, "borrow": _facts_of_borrow(earlier)},
        after={"borrow_id": made.pk},
    )


@transaction.atomic
def pause(
    *, queue: Queue, why: str, until: datetime | None, by: StaffMember, now: datetime
) -> FloorMove:
    """Hand out nothing from a queue, until a moment or until somebody resumes it.

    Raises:
        MayNotMove, borrowing.IsOver: see there.
    """
    check_queue(queue, by)
    earlier = QueuePause.objects.filter(queue=queue).first()
    borrowing.pause_queue(queue=queue, why=why, until=until, by=by, now=now)
    return move_kept(
        FloorMove.Kind.PAUSE,
        by=by,
        now=now,
        about={"queue_id": queue.pk, "why": why, "until": until.isoformat() if until else ""},
        before={"queue_id": queue.pk, "pause": facts_of_pause(earlier)},
        after={"since": now.isoformat()},
    )


@transaction.atomic
def resume(*, queue: Queue, by: StaffMember, now: datetime) -> FloorMove:
    """Hand cases out of a paused queue again.

    Raises:
        MayNotMove, NotPaused: see there.
    """
    check_queue(queue, by)
    earlier = QueuePause.objects.filter(queue=queue).first()
    if not borrowing.resume_queue(queue=queue, by=by, now=now):
        raise NotPaused(queue.pk)
    return move_kept(
        FloorMove.Kind.RESUME,
        by=by,
        now=now,
        about={"queue_id": queue.pk},
        before={"queue_id": queue.pk, "pause": facts_of_pause(earlier)},
        after={},
    )


def facts_of_pause(pause: QueuePause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {"why": pause.why, "until": pause.until.isoformat() if pause.until else None}


def _facts_of_borrow(borrow: Borrow | None) -> dict[str, Any] | None:
    if borrow is None:
        return None
    return {
        "queue_id": borrow.queue_id,
        "until": borrow.until.isoformat(),
        "why": borrow.why,
    }
