"""Where caps leave nobody it is said once, ends by itself, and only consent passes a cap."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services import (
    NothingToTake,
    accept_escalation,
    escalate_case,
    overriding,
    take_case,
    take_next_case,
)
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.capacity import note_capacity
from caseward.casework.services.overriding import NoSuchIncident
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.routing import availability
from caseward.wellbeing import consents, services
from caseward.wellbeing.consents import MayNotAsk
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import a_promise, a_specialist, an_agent
from tests.wellbeing.conftest import a_line_lead, a_severe_case, at, meets

pytestmark = pytest.mark.django_db


@pytest.fixture
def short(people):
    """Both agents at work have met what they may, and a severe case waits for ten minutes more."""
    a_promise(duration=timedelta(minutes=20))
    for agent in (people.agent, people.colleague):
        availability.set_state(staff=agent, state="AVAILABLE", why="", now=at(0))
        meets(agent, begins=0, ends=10, severity=4, case_id=agent.pk)
    people.waiting = a_severe_case(opened_at=at(0))
    return people


def kinds_of(case):
    return list(
        Event.objects.filter(case_id=case.pk, kind__regex="capacity|exposure").values_list(
            "kind", "audience"
        )
    )


def test_routing_gives_such_a_case_to_nobody(short):
    for agent in (short.agent, short.colleague):
        with acting(Actor.staff(agent)), pytest.raises(NothingToTake):
            take_next_case(by=agent, now=at(11))
        with acting(Actor.staff(agent)), pytest.raises(CannotTakeIt) as refusal:
            take_case(reference=short.waiting.reference, by=agent, now=at(11))
        assert refusal.value.reasons == ("exposure",)


def test_it_is_said_once_which_cap_met_which_deadline(short):
    assert [note_capacity(now=at(11)) for _ in range(3)] == [1, 0, 0]

    incident = CapacityIncident.objects.get()
    assert (incident.case_id, incident.cases, incident.at_work) == (short.waiting.pk, 1, 2)
    assert (incident.caps, incident.severity) == (["cooldown"], 3)
    assert (incident.due_at, incident.free_at) == (at(20), at(10 + 15))
    assert kinds_of(short.waiting) == [("capacity.short", "IN_HOUSE")]


def test_it_ends_by_itself_when_somebody_is_free(short):
    note_capacity(now=at(11))
    assert note_capacity(now=at(25)) == 1

    assert CapacityIncident.objects.get().ended_at == at(25)
    assert note_capacity(now=at(26)) == 0
    assert [kind for kind, _ in kinds_of(short.waiting)] == ["capacity.short", "capacity.restored"]


def test_it_ends_by_itself_when_nothing_waits_any_more(short):
    note_capacity(now=at(11))
    Case.objects.filter(pk=short.waiting.pk).update(assignee=short.agent)

    assert note_capacity(now=at(12)) == 1
    assert CapacityIncident.objects.get().ended_at == at(12)


def test_only_who_works_the_queue_and_is_at_work_counts(short):
    availability.set_state(staff=short.stranger, state="AVAILABLE", why="", now=at(0))
    assert note_capacity(now=at(11)) == 1  # the other vendor's agent has met nothing

    fresh = an_agent()
    assert note_capacity(now=at(12)) == 0
    availability.set_state(staff=fresh, state="AVAILABLE", why="", now=at(13))
    assert note_capacity(now=at(13)) == 1
    assert CapacityIncident.objects.get().ended_at == at(13)


def test_an_empty_floor_is_no_matter_of_caps(short):
    for agent in (short.agent, short.colleague):
        availability.set_state(staff=agent, state="OFF", why="", now=at(5))

    assert note_capacity(now=at(11)) == 0


def test_an_opt_out_counts_and_is_never_named(short):
    for agent in (short.agent, short.colleague):
        with acting(Actor.staff(agent)):
            services.choose_opt_outs(by=agent, categories=["self-harm"], now=at(0))

    assert note_capacity(now=at(60)) == 1
    incident = CapacityIncident.objects.get()
    assert incident.caps == []
    told = Event.objects.filter(kind="capacity.short").get().data
    assert "opt" not in str(told) and str(short.agent.pk) not in str(told["caps"])


def asked(short, lead):
    note_capacity(now=at(11))
    incident = CapacityIncident.objects.get()
    with acting(Actor.staff(lead)):
        overriding.ask(
            incident_id=incident.pk, staff_id=short.agent.pk, by=lead,
            why="A life may depend on it", now=at(12),
        )  # fmt: skip
    with acting(Actor.staff(short.agent)):
        (request,) = consents.open_requests_of(short.agent, at(12))
    return request


def test_with_a_leads_reason_and_their_own_consent_somebody_takes_it(short):
    request = asked(short, short.regional_lead)
    with acting(Actor.staff(short.agent)):
        case = overriding.agree(request_id=request.pk, by=short.agent, now=at(13))

    assert case.assignee_id == short.agent.pk
    agreed = Event.objects.get(kind="exposure.override_agreed")
    assert (agreed.actor_id, agreed.audience) == (short.agent.pk, "IN_HOUSE")
    assert agreed.data["asked_by_id"] == short.regional_lead.pk
    with acting(Actor.staff(short.agent)):
        assert kinds_of(case) == []  # a vendor's staff do not see it


def test_a_no_changes_nothing_and_leaves_no_event(short):
    request = asked(short, short.regional_lead)
    before = Event.objects.count()
    with acting(Actor.staff(short.agent)):
        consents.decline(request_id=request.pk, by=short.agent, now=at(13))

    assert Event.objects.count() == before
    assert Case.objects.get(pk=short.waiting.pk).assignee_id is None
    asked_event = Event.objects.get(kind="exposure.override_asked")
    assert str(short.agent.pk) not in str({**asked_event.data, "vendor_id": 0, "lob_id": 0})


def test_consent_comes_too_late_for_a_case_somebody_has(short):
    request = asked(short, short.regional_lead)
    Case.objects.filter(pk=short.waiting.pk).update(assignee=short.colleague)

    with acting(Actor.staff(short.agent)):
        with pytest.raises(CannotTakeIt):
            overriding.agree(request_id=request.pk, by=short.agent, now=at(13))
        assert len(consents.open_requests_of(short.agent, at(13))) == 1  # the yes was undone


def test_nobody_below_a_lead_of_a_line_asks_and_nobody_who_is_not_there_is_asked(short):
    note_capacity(now=at(11))
    incident = CapacityIncident.objects.get()
    values = {"incident_id": incident.pk, "why": "x", "now": at(12)}
    with acting(Actor.staff(short.team_leader)), pytest.raises(MayNotAsk):
        overriding.ask(staff_id=short.agent.pk, by=short.team_leader, **values)
    with acting(Actor.staff(short.regional_lead)), pytest.raises(MayNotAsk):
        overriding.ask(staff_id=short.stranger.pk, by=short.regional_lead, **values)
    elsewhere = a_line_lead()  # has no line of business
    with acting(Actor.staff(elsewhere)), pytest.raises(NoSuchIncident):
        overriding.ask(staff_id=short.agent.pk, by=elsewhere, **values)


def test_only_caseward_itself_writes_incidents(short):
    note_capacity(now=at(11))
    for person in (short.regional_lead, short.agent):
        with (
            acting(Actor.staff(person)),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            CapacityIncident.objects.update(cases=0)
    with acting(Actor.staff(short.regional_lead)):
        assert CapacityIncident.objects.count() == 1


def test_a_cap_that_is_loosened_frees_people_at_once(short):
    note_capacity(now=at(11))
    set_caps(by=short.regional_lead, caps={"cooldown_minutes": 0}, why="drill", now=at(12))

    assert note_capacity(now=at(12)) == 1
    with acting(Actor.staff(short.agent)):
        assert take_next_case(by=short.agent, now=at(12)).pk == short.waiting.pk


def test_an_escalation_is_not_accepted_past_a_cap(people):
    specialist = a_specialist()
    case = a_severe_case(assignee=people.agent)
    escalate_case(
        reference=case.reference, by=people.agent, why="x", tried="y", now=at(1)
    )  # fmt: skip
    meets(specialist, begins=0, ends=10, severity=4)

    with pytest.raises(CannotTakeIt) as refusal:
        accept_escalation(reference=case.reference, by=specialist, now=at(11))
    assert refusal.value.reasons == ("exposure",)
    accept_escalation(reference=case.reference, by=specialist, now=at(25))
    assert Case.objects.get(pk=case.pk).assignee_id == specialist.pk
