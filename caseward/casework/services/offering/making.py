"""Choosing whom to offer what, for everybody who is free at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from caseward.casework.campaigns.working import waiting_for_helpers
from caseward.casework.models import Case
from caseward.casework.services.assigning.matching import (
    Waiting,
    as_works,
    reasons_kept,
)
from caseward.casework.services.offering.telling import tell_person
from caseward.casework.services.recording import record
from caseward.core.matching import Assignment, Batch, Work, Worker, assign_batch
from caseward.org.models import StaffMember
from caseward.routing import availability, holding_back
from caseward.routing import queries as routing
from caseward.routing.models import Availability, Offer, Queue
from caseward.routing.standing import capacities, worker_minutes, workers_now
from caseward.routing.weighing import weights

LOOK_AT = 200  # of each queue: more than people could answer before the next round
OFFERED_UP_TO = 5.0  # cases in hand
NOT_AGAIN_FOR = timedelta(minutes=30)
NOBODY: Mapping[int, frozenset[int]] = {}

WAITING = """
    SELECT head.* FROM unnest(%(queues)s::bigint[], %(until)s::bigint[]) AS q (id, until), LATERAL (
        SELECT c.id, c.queue_id, c.reason_id, c.urgency, c.priority, c.channel, c.opened_at
        FROM casework_case c
        WHERE c.queue_id = q.id AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
            AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED') AND c.urgency < q.until
            AND NOT EXISTS (SELECT FROM routing_offer o WHERE o.case_id = c.id AND o.outcome = '')
        ORDER BY c.urgency, c.id LIMIT %(most)s
    ) head
"""


def offer_waiting_cases(*, now: datetime) -> int:
    """Offer what waits in push queues to people who are free; return how many offers were made.

    Each person is asked about one case at a time, and not again within half an hour about one they
    passed on or did not answer for.
    """
    queues = [q for q in routing.queues().values() if q.mode == Queue.Mode.PUSH and not q.is_paused]
    people = _free(queues, now) if queues else []
    asked = _offer_campaigns(queues, people, now) if people else set()
    left = [staff_id for staff_id in people if staff_id not in asked]
    waiting = _waiting(queues, now) if left else []
    return len(asked | _offer_each(_matched(waiting, left, now), now)) if waiting else len(asked)


def _offer_campaigns(queues: Sequence[Queue], people: Sequence[int], now: datetime) -> set[int]:
    """Offer the cases of campaigns to those who help with them, before anything else."""
    queue_ids = [queue.pk for queue in queues]
    found = waiting_for_helpers(people, queue_ids=queue_ids, at_most=LOOK_AT)
    if not found:
        return set()
    helpers = {row[0]: helping for row, helping in found}
    everybody = frozenset().union(*helpers.values())
    others = {case_id: everybody - helping for case_id, helping in helpers.items()}
    waiting = [Waiting(*row) for row, _helping in found]
    return _offer_each(_matched(waiting, sorted(everybody), now, not_for=others), now)


def _offer_each(batch: Batch, now: datetime) -> set[int]:
    """Offer each person the first that was chosen for them; return who was asked."""
    chosen = _first_of_each(batch.assignments)
    return {one.worker_id for one in chosen if _offer(one, batch, now)}


def open_offer_of(staff_id: int, *, now: datetime) -> Offer | None:
    """Return what somebody is asked about at this moment."""
    offers = Offer.objects.filter(staff_id=staff_id, outcome="", expires_at__gt=now)
    return offers.select_related("case").first()


def _free(queues: Sequence[Queue], now: datetime) -> list[int]:
    """Return who is available, whose page is open, and who is not being asked already."""
    there = Availability.objects.filter(
        state=Availability.State.AVAILABLE, seen_at__gt=now - availability.THERE_FOR_AN_OFFER
    ).exclude(staff__offers__outcome="")
    wanted = {queue.pk for queue in queues}
    ids = there.order_by("pk").values_list("pk", flat=True)
    return [pk for pk in ids if not wanted.isdisjoint(routing.queues_for(pk))]


def _waiting(queues: Sequence[Queue], now: datetime) -> list[Waiting]:
    values: dict[str, Any] = {
        "queues": [queue.pk for queue in queues],
        "until": [holding_back.urgency_held_from(queue, now=now) for queue in queues],
        "most": LOOK_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(WAITING, values)
        return [Waiting(*row) for row in cursor.fetchall()]


def _matched(
    waiting: Sequence[Waiting],
    people: Collection[int],
    now: datetime,
    not_for: Mapping[int, frozenset[int]] = NOBODY,
) -> Batch:
    refused = _refused_lately([case.id for case in waiting], now)
    works = [
        _without(work, refused.get(work.id, frozenset()) | not_for.get(work.id, frozenset()))
        for work in as_works(waiting, for_whom=list(people), now=now)
    ]
    free = [_for_offers(one) for one in workers_now(people, now=now).values()]
    return assign_batch(works, free, weights())


def _for_offers(worker: Worker) -> Worker:
    """Offer somebody less than they may take themselves, where the operation does not say."""
    if "" in capacities():
        return worker
    in_hand = worker.busy_minutes / worker_minutes()
    return replace(worker, room_in_all=min(worker.room_in_all, OFFERED_UP_TO - in_hand))


def _refused_lately(case_ids: Sequence[int], now: datetime) -> dict[int, frozenset[int]]:
    rows = Offer.objects.filter(
        case_id__in=case_ids,
        outcome__in=[Offer.Outcome.DECLINED, Offer.Outcome.TIMED_OUT],
        answered_at__gt=now - NOT_AGAIN_FOR,
    ).values_list("case_id", "staff_id")
    found: dict[int, set[int]] = {}
    for case_id, staff_id in rows:
        found.setdefault(case_id, set()).add(staff_id)
    return {case_id: frozenset(people) for case_id, people in found.items()}


def _without(work: Work, people: frozenset[int]) -> Work:
    return work.not_for(people) if people else work


def _first_of_each(assignments: Iterable[Assignment]) -> list[Assignment]:
    first: dict[int, Assignment] = {}
    for assignment in assignments:
        first.setdefault(assignment.worker_id, assignment)
    return list(first.values())


@transaction.atomic
def _offer(chosen: Assignment, batch: Batch, now: datetime) -> bool:
    """Make one offer, unless the case was taken or the person went away since it was chosen."""
    case = _still_waiting(chosen.work_id)
    staff = _still_free(chosen.worker_id)
    if case is None or staff is None:
        return False
    why = reasons_kept(chosen.terms, weights(), of=chosen.candidates, refused=chosen.refused)
    expires_at = now + timedelta(seconds=settings.OFFER_SECONDS)
    offer = Offer.objects.create(
        case=case, staff=staff, offered_at=now, expires_at=expires_at, why=why
    )
    about: dict[str, Any] = {"to_id": staff.pk, "to_name": staff.name, "offer_id": offer.pk}
    record("offer.made", case, at=now, expires_at=expires_at.isoformat(), why=why, **about)
    tell_person("staff.offered", offer, now=now)
    return True


def _still_waiting(case_id: int) -> Case | None:
    waiting = Case.objects.filter(
        pk=case_id, assignee=None, snoozed_until=None, status__in=Case.WAITING
    ).exclude(offers__outcome="")
    return waiting.select_for_update(skip_locked=True, of=("self",)).first()


def _still_free(staff_id: int) -> StaffMember | None:
    held = Availability.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=staff_id, state=Availability.State.AVAILABLE
    )
    found = held.exclude(staff__offers__outcome="").select_related("staff").first()
    return found.staff if found else None
