"""Undoing a move: exactly what was before, as long as nothing happened since."""

from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.access import QUIET
from caseward.casework.floor import saying
from caseward.casework.floor.keeping import check_mover
from caseward.casework.models import Case, FloorMove
from caseward.casework.services.assigning.landing import hand_back
from caseward.casework.services.assigning.moving import put_into_queue
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.routing import borrowing
from caseward.routing import queries as routing
from caseward.routing.models import Borrow, QueuePause


class AlreadyUndone(Exception):
    """Somebody undid the move first."""


class ChangedSince(Exception):
    """Something happened to it after the move, so undoing would undo that too; nothing was done.

    `cases` are the references of cases that changed.
    """

    def __init__(self, cases: list[str]) -> None:
        super().__init__(f"{len(cases)} cases changed")
        self.cases = cases


@transaction.atomic
def undo_move(*, move_id: int, by: StaffMember, now: datetime) -> FloorMove:
    """Put back what a move changed; of several cases those to which nothing happened since.

    The references of the others are in `after["kept"]` of the move.

    Raises:
        FloorMove.DoesNotExist, MayNotMove, AlreadyUndone: see there.
        ChangedSince: something happened since to all of it; nothing was put back.
    """
    check_mover(by)
    move = FloorMove.objects.select_for_update().get(pk=move_id)
    if move.undone_at is not None:
        raise AlreadyUndone(move_id)
    UNDO[FloorMove.Kind(move.kind)](move, by, now)
    move.undone_at, move.undone_by = now, by
    move.save(update_fields=["undone_at", "undone_by", "after"])
    return move


def _undo_cases(move: FloorMove, by: StaffMember, now: datetime) -> None:
    facts = {fact["reference"]: fact for fact in move.before["cases"]}
    cases = [access.case_to_change(reference=each, by=by) for each in sorted(facts)]
    changed = [case.reference for case in cases if _has_changed(case, move)]
    if len(changed) == len(cases):
        raise ChangedSince(changed)
    for case in cases:
        if case.reference not in changed:
            _restore(case, facts[case.reference], by, now)
    move.after["kept"] = changed


def _has_changed(case: Case, move: FloorMove) -> bool:
    newer = Event.objects.filter(case_id=case.pk, seq__gt=move.after["versions"][case.reference])
    return newer.exclude(kind__in=QUIET).exists()


def _restore(case: Case, before: dict[str, Any], by: StaffMember, now: datetime) -> None:
    queue = routing.queues()[before["queue_id"]]
    if case.queue_id != queue.pk:
        put_into_queue(case, queue, by=by, why="", now=now)
    if case.assignee_id != before["assignee_id"]:
        hand_back(reference=case.reference, staff_id=before["assignee_id"], by=by, now=now)
    Case.objects.filter(pk=case.pk).update(status=before["status"])


def _undo_borrow(move: FloorMove, by: StaffMember, now: datetime) -> None:
    staff = StaffMember.objects.get(pk=move.before["staff_id"])
    running = Borrow.objects.filter(staff=staff, ended_at__isnull=True).first()
    if running is None or running.pk != move.after["borrow_id"]:
        raise ChangedSince([])
    borrowing.give_back(staff_id=staff.pk, by=by, now=now)
    earlier = move.before["borrow"]
    if earlier and datetime.fromisoformat(earlier["until"]) > now:
        borrowing.borrow(
            staff=staff,
            queue=routing.queues()[earlier["queue_id"]],
            until=datetime.fromisoformat(earlier["until"]),
            why=earlier["why"],
            by=by,
            now=now,
        )


def _undo_pause(move: FloorMove, by: StaffMember, now: datetime) -> None:
    queue = routing.queues()[move.before["queue_id"]]
    running = QueuePause.objects.filter(queue=queue).first()
    if running is None or running.since.isoformat() != move.after["since"]:
        raise ChangedSince([])
    if move.before["pause"] is None:
        borrowing.resume_queue(queue=queue, by=by, now=now)
    else:
        _pause_again(move, by, now)


def _undo_resume(move: FloorMove, by: StaffMember, now: datetime) -> None:
    if QueuePause.objects.filter(queue_id=move.before["queue_id"]).exists():
        raise ChangedSince([])
    _pause_again(move, by, now)


def _pause_again(move: FloorMove, by: StaffMember, now: datetime) -> None:
    earlier = move.before["pause"] or {"why": "", "until": None}
    until = datetime.fromisoformat(earlier["until"]) if earlier["until"] else None
    if until is not None and until <= now:
        raise ChangedSince([])  # it would have ended by itself meanwhile
    queue = routing.queues()[move.before["queue_id"]]
    borrowing.pause_queue(queue=queue, why=earlier["why"], until=until, by=by, now=now)


def _undo_message(move: FloorMove, by: StaffMember, now: datetime) -> None:
    saying.take_back(message_id=move.after["message_id"], by=by, now=now)


UNDO = {
    FloorMove.Kind.MOVE: _undo_cases,
    FloorMove.Kind.BORROW: _undo_borrow,
    FloorMove.Kind.PAUSE: _undo_pause,
    FloorMove.Kind.RESUME: _undo_resume,
    FloorMove.Kind.MESSAGE: _undo_message,
}
