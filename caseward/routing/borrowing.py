"""Lending somebody to one queue for a time, and pausing a queue: what a lead does to the routing.

Both end by themselves: the worker calls `end_what_is_over`. Both are events in the ledger, a
borrowing in the person's own chain (`case_id` is minus their number), a pause in chain 0.
"""

from datetime import datetime

from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import current_actor
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.routing import queries
from caseward.routing.models import Borrow, Queue, QueuePause


class CannotBorrow(Exception):
    """The queue is of another tier or vendor, or needs a skill the person has not."""


class IsOver(Exception):
    """The moment it should last until has passed."""


@transaction.atomic
def borrow(
    *, staff: StaffMember, queue: Queue, until: datetime, why: str, by: StaffMember, now: datetime
) -> Borrow:
    """Have somebody take cases from one of their queues only; ends what they were lent to before.

    Raises:
        CannotBorrow: not a queue of theirs.
        IsOver: `until` has passed.
    """
    if until <= now:
        raise IsOver(until)
    if not staff.is_active or queue.pk not in queries.own_queues(staff.pk):
        raise CannotBorrow(staff.key)
    give_back(staff_id=staff.pk, by=by, now=now)
    made = Borrow.objects.create(
        staff=staff, queue=queue, by=by, why=why, starts_at=now, until=until
    )
    _record_of_person("staff.borrowed", made, by, now, why=why, until=until.isoformat())
    return made


@transaction.atomic
def give_back(*, staff_id: int, by: StaffMember | None, now: datetime) -> Borrow | None:
    """Let somebody take from all their queues again; return what ended, None where nothing did."""
    running = Borrow.objects.select_for_update().filter(staff_id=staff_id, ended_at__isnull=True)
    ended = running.first()
    if ended is not None:
        ended.ended_at = now
        ended.save(update_fields=["ended_at"])
        _record_of_person("staff.given_back", ended, by, now)
    return ended


@transaction.atomic
def pause_queue(
    *, queue: Queue, why: str, until: datetime | None, by: StaffMember, now: datetime
) -> QueuePause:
    """Hand out nothing from a queue; pausing again changes the reason and the end.

    Raises:
        IsOver: `until` has passed.
    """
    if until is not None and until <= now:
        raise IsOver(until)
    _lock(queue)
    facts = {"by": by, "why": why, "since": now, "until": until}
    pause = QueuePause.objects.update_or_create(queue=queue, defaults=facts)[0]
    Queue.objects.filter(pk=queue.pk).update(is_paused=True)
    ends = until.isoformat() if until else None
    _record_of_queue("queue.paused", queue.pk, by, now, why=why, until=ends)
    return pause


@transaction.atomic
def resume_queue(*, queue: Queue, by: StaffMember | None, now: datetime) -> bool:
    """Hand cases out again; return False where the queue was not paused."""
    _lock(queue)
    was = Queue.objects.filter(pk=queue.pk, is_paused=True).update(is_paused=False)
    QueuePause.objects.filter(queue=queue).delete()
    if was:
        _record_of_queue("queue.resumed", queue.pk, by, now)
    return bool(was)


def end_what_is_over(*, now: datetime) -> int:
    """End borrowings and pauses whose time is up; return how many."""
    lent = Borrow.objects.filter(ended_at__isnull=True, until__lte=now).values_list("staff_id")
    paused = Queue.objects.filter(pause__until__lte=now)
    ended = [give_back(staff_id=staff_id, by=None, now=now) for (staff_id,) in lent.order_by("pk")]
    resumed = [resume_queue(queue=queue, by=None, now=now) for queue in paused.order_by("pk")]
    return len(ended) + len(resumed)


def _lock(queue: Queue) -> None:
    Queue.objects.select_for_update().filter(pk=queue.pk).first()


def _record_of_person(
    kind: str, lent: Borrow, by: StaffMember | None, now: datetime, **data: object
) -> None:
    facts = {"queue_id": lent.queue_id, "staff_id": lent.staff_id, **data}
    _record(kind, -lent.staff_id, by, now, facts)


def _record_of_queue(
    kind: str, queue_id: int, by: StaffMember | None, now: datetime, **data: object
) -> None:
    _record(kind, 0, by, now, {"queue_id": queue_id, **data})


def _record(
    kind: str, case_id: int, by: StaffMember | None, now: datetime, data: dict[str, object]
) -> None:
    actor = current_actor()
    ledger.record(
        kind,
        at=now,
        case_id=case_id,
        actor_id=by.pk if by else actor.staff_id,
        actor_name=by.name if by else actor.name,
        audience=Event.Audience.IN_HOUSE,
        data=data,
    )
    look_again()
