"""Why a case went where it went, and what it waits for: read from the ledger and asked of now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from caseward.casework.models import Case
from caseward.casework.services.assigning.matching import PRIVATE, case_as_work
from caseward.core.matching import refusals
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.routing import holding_back
from caseward.routing import queries as routing
from caseward.routing.standing import workers_now

TURNS = frozenset(
    {
        "case.opened", "case.assigned", "case.released", "case.moved", "case.transferred",
        "case.escalated", "escalation.accepted", "escalation.rerouted", "escalation.returned",
        "case.reopened", "case.resumed", "case.unmerged", "case.snoozed", "case.woken",
        "emergency.acknowledged", "emergency.taken_back", "offer.made", "offer.accepted",
        "offer.declined", "offer.timed_out", "offer.withdrawn",
    }
)  # fmt: skip
"""Events that decide who has a case next."""

MOST_TURNS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """Where a waiting case stands in its queue: `place` counts from 1, of `waiting`."""

    place: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Chances:
    """Who could have a case now, and whom of the others which rule speaks against first."""

    eligible: list[StaffMember]
    refused: dict[str, list[StaffMember]]


def turns_of(case: Case) -> list[Event]:
    """Return what decided who has a case, oldest first, as far as the reader may know."""
    events = Event.objects.filter(case_id=case.pk, kind__in=TURNS).order_by("seq")
    return list(events[:MOST_TURNS])


def is_waiting(case: Case) -> bool:
    return case.assignee_id is None and case.status in Case.WAITING


def line_of(case: Case) -> Line:
    """Return where a waiting case stands among those of its queue."""
    waiting = Case.objects.filter(
        queue_id=case.queue_id,
        assignee=None,
        snoozed_until=None,
        status__in=Case.WAITING,
    )
    before = Q(urgency__lt=case.urgency) | Q(urgency=case.urgency, pk__lt=case.pk)
    return Line(waiting.filter(before).count() + 1, waiting.count())


def held_back_until(case: Case, *, now: datetime) -> datetime | None:
    """Return when the shift begins that a case is left to; None where it is not held back."""
    queue = routing.queues()[case.queue_id]
    return holding_back.held_until(queue, case.urgency, now=now)


def chances_of(case: Case, *, now: datetime) -> Chances:
    """Return who could have a waiting case at this moment, and what speaks against the others."""
    queue = routing.queues()[case.queue_id]
    people = {staff.pk: staff for staff in routing.colleagues_for(queue)}
    work = case_as_work(case, for_whom=list(people), now=now)
    refused: dict[str, list[StaffMember]] = defaultdict(list)
    eligible = []
    for staff_id, worker in workers_now(list(people), now=now).items():
        codes = refusals(worker, work)
        if codes:
            refused["capacity" if codes[0] in PRIVATE else codes[0]].append(people[staff_id])
        else:
            eligible.append(people[staff_id])
    return Chances(eligible, dict(refused))
