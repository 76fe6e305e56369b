"""Giving one case in spite of a cap: a named lead asks with a reason, the person may say no.

The lead's request and a *yes* are in-house events. A *no* is nobody's to know.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from caseward.casework import access
from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services.assigning.being_there import be_there
from caseward.casework.services.assigning.giving import (
    GIVEN_WITH_A_REASON,
    CannotTakeIt,
    give,
    refuse_what_is_barred,
)
from caseward.casework.services.recording import record_in_house
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing import queries as routing
from caseward.wellbeing import consents
from caseward.wellbeing.consents import MayNotAsk

AGREED_TO = GIVEN_WITH_A_REASON | {"exposure", "opted_out"}
"""What somebody's own consent to one case passes over, besides what a lead's reason does."""


class NoSuchIncident(Exception):
    """No such incident, or not one this person may see, or it has ended."""


def open_incidents(by: StaffMember) -> QuerySet[CapacityIncident]:
    """Return the running incidents somebody in-house may see, the tightest deadline first."""
    seen = CapacityIncident.objects.filter(queue__lob_id__in=access.lobs_of(by))
    return seen.filter(ended_at__isnull=True).select_related("case").order_by("due_at", "pk")


def who_could_be_asked(incident: CapacityIncident, *, by: StaffMember) -> list[StaffMember]:
    """Return who is at work in the incident's queue, by name; nobody learns who is kept by what."""
    able = routing.colleagues_for(routing.queues()[incident.queue_id])
    states = availability.states_of(able.values_list("pk", flat=True))
    there = {pk for pk, held in states.items() if held.state in availability.AT_WORK}
    return [one for one in able if one.pk in there and one.pk != by.pk]


@transaction.atomic
def ask(*, incident_id: int, staff_id: int, by: StaffMember, why: str, now: datetime) -> None:
    """Ask somebody to take the most urgent case of an incident.

    Raises:
        NoSuchIncident: see there.
        MayNotAsk: not this lead, not this person, or not without a reason.
    """
    incident = open_incidents(by).filter(pk=incident_id).first()
    if incident is None:
        raise NoSuchIncident(incident_id)
    staff = next((one for one in who_could_be_asked(incident, by=by) if one.pk == staff_id), None)
    if staff is None:
        raise MayNotAsk(staff_id)
    assert incident.case is not None  # one that runs names the most urgent case
    consents.ask(case_id=incident.case.pk, staff=staff, by=by, why=why, now=now)
    # Whom, nobody reads here: with no answer after it, it would tell of a no.
    record_in_house("exposure.override_asked", incident.case, at=now, by=by, why=why.strip())


@transaction.atomic
def agree(*, request_id: int, by: StaffMember, now: datetime) -> Case:
    """Take the case somebody was asked to take; that they agreed is an in-house event.

    Raises:
        consents.TooLateToAnswer: the request has run out or was answered.
        CannotTakeIt: somebody else has the case, or another rule than a cap speaks against it.
        MustRest: they are in training or decompressing.
    """
    be_there(by, now=now)
    request = consents.agree(request_id=request_id, by=by, now=now)
    case = Case.objects.select_for_update().filter(pk=request.case_id).first()
    if case is None or case.assignee_id is not None:
        raise CannotTakeIt(str(request.case_id))
    refuse_what_is_barred(case, to=by, now=now, lifted=AGREED_TO)
    give(case, to=by, by=by, now=now, how="assigned")
    with acting(Actor.system("wellbeing")):
        record_in_house(
            "exposure.override_agreed",
            case,
            at=now,
            by=by,
            asked_by_id=request.asked_by_id,
            why=request.why,
        )
    return case
