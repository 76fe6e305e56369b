"""Every way in which a case comes to somebody beside routing, tried with everything against it.

One set-up: somebody holds, or held, a severe case, and something brings it back to them. Where they
are at work they have it again; whoever stopped, is away or off, may meet no more of it, does not
want to, or may not judge it, does not, and the case waits in its queue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.automation.deeds import CannotDo, Deeds, carry_out
from caseward.automation.deeds import Doing as RuleDoing
from caseward.casework import campaigns, services
from caseward.casework.bulk.verbs import VERBS, Doing
from caseward.casework.emergency.raising import raise_emergency, take_back_emergency
from caseward.casework.floor import moving, undoing
from caseward.casework.models import Case, Expert
from caseward.casework.services import overriding
from caseward.casework.services.assigning import CannotTakeIt, MustRest, NothingToTake
from caseward.casework.services.assigning.landing import hand_back
from caseward.casework.services.automatic import caseward_itself
from caseward.casework.services.merging import merge_case, unmerge_case
from caseward.casework.services.replying import take_back_reply
from caseward.casework.services.resolving import reopen_case
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.routing.models import Availability, Exclusion, Offer
from caseward.wellbeing import consents
from caseward.wellbeing.models import OptOut
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    an_agent,
    at_work,
)
from tests.wellbeing.conftest import meets

pytestmark = pytest.mark.django_db
NOW = MONDAY_9AM + timedelta(hours=3)
LATER = NOW + timedelta(minutes=1)


@dataclass
class Scene:
    """A severe case, whoever it may come back to, and those who bring it back."""

    case: Case
    holder: StaffMember
    lead: StaffMember
    specialist: StaffMember

    @property
    def named(self):
        return {"reference": self.case.reference, "now": LATER}

    def now_in_hands_of(self):
        return Case.objects.get(pk=self.case.pk).assignee_id


@pytest.fixture
def scene():
    holder = at_work(an_agent())
    reason = a_reason(key="threats", severity=3, category="self-harm")
    case = a_case(assignee=holder, reason_id=reason.pk)
    return Scene(case, holder, a_team_leader(), at_work(a_specialist()))


def resolved(scene):
    services.resolve_case(
        reference=scene.case.reference, by=scene.holder, disposition=a_disposition(), now=NOW
    )


def escalated(scene, **to):
    services.escalate_case(
        reference=scene.case.reference, by=scene.holder, why="Payouts", tried="All", now=NOW, **to
    )


def returned(scene):
    escalated(scene)
    yield
    services.return_escalation(
        by=scene.specialist, verdict="AVOIDABLE", note="Send the link.", **scene.named
    )


def answered_by_the_requester(scene):
    services.reply(
        reference=scene.case.reference, by=scene.holder, text="Which account?", now=NOW,
        undo=timedelta(0), is_pending=True,
    )  # fmt: skip
    yield
    services.receive_message(case_id=scene.case.pk, channel="EMAIL", text="Mine.", now=LATER)


def reopened_by_the_requester(scene):
    resolved(scene)
    yield
    services.receive_message(case_id=scene.case.pk, channel="EMAIL", text="Again.", now=LATER)


def reopened_by_a_lead(scene):
    resolved(scene)
    yield
    reopen_case(by=scene.lead, **scene.named)


def unmerged(scene):
    target = a_case(assignee=scene.holder)
    merge_case(reference=scene.case.reference, into=target.reference, by=scene.lead, now=NOW)
    yield
    unmerge_case(by=scene.lead, **scene.named)


def put_back_and_undone_on_the_floor(scene):
    move = moving.put_back(reference=scene.case.reference, by=scene.lead, seen=None, now=NOW)
    yield
    undoing.undo_move(move_id=move.pk, by=scene.lead, now=LATER)


def released_and_undone_in_bulk(scene):
    verb, case = VERBS["RELEASE"], scene.case
    before = verb.does(Doing(case, {}, scene.lead, NOW))
    case.refresh_from_db()
    yield
    verb.undoes(Doing(case, {}, scene.lead, LATER), before)


def false_alarm(scene):
    raise_emergency(reference=scene.case.reference, by=scene.holder, now=NOW)
    Case.objects.filter(pk=scene.case.pk).update(
        tier=2, status="ESCALATED", assignee=scene.specialist
    )
    yield
    take_back_emergency(by=scene.lead, **scene.named)


def answer_taken_back(scene):
    message = services.reply(
        reference=scene.case.reference, by=scene.holder, text="Solved.", now=NOW,
        undo=timedelta(hours=1), disposition=a_disposition(),
    )  # fmt: skip
    yield
    take_back_reply(message_id=message.pk, by=scene.holder, now=LATER)


def handed_back(scene):
    services.release_case(reference=scene.case.reference, by=scene.holder, now=NOW)
    yield
    hand_back(staff_id=scene.holder.pk, by=scene.lead, **scene.named)


UNASKED = [
    returned,
    answered_by_the_requester,
    reopened_by_the_requester,
    reopened_by_a_lead,
    unmerged,
    put_back_and_undone_on_the_floor,
    released_and_undone_in_bulk,
    false_alarm,
    handed_back,
]


def stopped(scene):
    Availability.objects.filter(staff=scene.holder).update(state="DECOMPRESSING")


def in_training(scene):
    Availability.objects.filter(staff=scene.holder).update(state="TRAINING")


def on_a_break(scene):
    Availability.objects.filter(staff=scene.holder).update(state="BREAK")


def off(scene):
    Availability.objects.filter(staff=scene.holder).update(state="OFF")


def never_there(scene):
    Availability.objects.filter(staff=scene.holder).delete()


def at_their_cap(scene):
    meets(scene.holder, begins=0, ends=120, case_id=10_000 + scene.case.pk)


def opted_out(scene):
    OptOut.objects.create(staff=scene.holder, category="self-harm", since=NOW)


def had_a_part(scene):
    Exclusion.objects.create(case=scene.case, staff=scene.holder, why="Reviewed it", at=NOW)


def gone_for_good(scene):
    StaffMember.objects.filter(pk=scene.holder.pk).update(is_active=False)
    look_again()


AWAY = [stopped, in_training, on_a_break, off, never_there, gone_for_good]
PROTECTED = [at_their_cap, opted_out, had_a_part]


def name_of(one: Callable) -> str:
    return one.__name__


def brought_back(scene, way, against=None):
    steps = way(scene)
    next(steps)
    if against is not None:
        against(scene)
    assert next(steps, None) is None
    return scene.now_in_hands_of()


@pytest.mark.parametrize("way", [*UNASKED, answer_taken_back], ids=name_of)
def test_a_case_comes_back_to_whoever_is_at_work(scene, way):
    assert brought_back(scene, way) == scene.holder.pk


@pytest.mark.parametrize("against", [*AWAY, *PROTECTED], ids=name_of)
@pytest.mark.parametrize("way", UNASKED, ids=name_of)
def test_it_waits_instead_where_anything_speaks_against_it(scene, way, against):
    assert brought_back(scene, way, against) is None
    assert Case.objects.get(pk=scene.case.pk).status in Case.WAITING


@pytest.mark.parametrize("against", [stopped, in_training, *PROTECTED], ids=name_of)
def test_taking_an_answer_back_brings_no_case_back_past_a_cap(scene, against):
    """Whoever takes it back is there, whatever the page says; whether they rest still counts."""
    assert brought_back(scene, answer_taken_back, against) is None


def waits(scene):
    scene.case = services.release_case(reference=scene.case.reference, by=scene.holder, now=NOW)


def taken_from_the_list(scene):
    services.take_case(by=scene.holder, **scene.named)


def taken_as_the_next(scene):
    services.take_next_case(by=scene.holder, now=LATER)


def taken_from_a_campaign(scene):
    plan = campaigns.Plan(
        name="Clear it", goal_at=LATER + timedelta(days=1), members=[scene.holder]
    )
    campaigns.start_campaign(by=scene.lead, query="language=en", plan=plan, now=NOW)
    services.take_next_case(by=scene.holder, now=LATER)


def an_offer_accepted(scene):
    offer = Offer.objects.create(
        case=scene.case, staff=scene.holder, offered_at=NOW, expires_at=LATER + timedelta(minutes=1)
    )
    services.offering.accept_offer(offer_id=offer.pk, by=scene.holder, now=LATER)


def given_by_a_lead(scene):
    services.assign_case(to=scene.holder, by=scene.lead, **scene.named)


def given_by_a_lead_with_a_reason(scene):
    services.assign_case(to=scene.holder, by=scene.lead, override_reason="Tonight", **scene.named)


def given_on_the_floor(scene):
    moving.give_case(to=scene.holder, by=scene.lead, seen=None, why="We are short.", **scene.named)


def given_in_bulk(scene):
    VERBS["ASSIGN"].does(Doing(scene.case, {"to": scene.holder.pk}, scene.lead, LATER))


def given_by_a_rule(scene):
    deeds = Deeds(assign_to=scene.holder.key)
    carry_out(deeds, RuleDoing(scene.case, caseward_itself("rules"), None, "A rule", LATER))


def answered_without_taking_it(scene):
    services.reply(by=scene.holder, text="Hello.", undo=timedelta(0), **scene.named)


ASKED = [
    taken_from_the_list,
    taken_as_the_next,
    taken_from_a_campaign,
    an_offer_accepted,
    given_by_a_lead,
    given_by_a_lead_with_a_reason,
    given_on_the_floor,
    given_in_bulk,
    given_by_a_rule,
    answered_without_taking_it,
]
REFUSALS = (CannotTakeIt, MustRest, NothingToTake, CannotDo)


@pytest.mark.parametrize("way", ASKED, ids=name_of)
def test_whoever_is_at_work_is_given_the_case(scene, way):
    waits(scene)
    way(scene)
    assert scene.now_in_hands_of() == scene.holder.pk


@pytest.mark.parametrize("against", [stopped, in_training, *PROTECTED], ids=name_of)
@pytest.mark.parametrize("way", ASKED, ids=name_of)
def test_nobody_gives_it_to_whoever_stopped_or_is_protected_from_it(scene, way, against):
    waits(scene)
    against(scene)
    with pytest.raises(REFUSALS), transaction.atomic():
        way(scene)
    assert scene.now_in_hands_of() is None


def settled(scene):
    services.settle_escalation(by=scene.specialist, verdict="NEEDED", note="", **scene.named)


def accepted(scene):
    services.accept_escalation(by=scene.specialist, **scene.named)


@pytest.mark.parametrize("against", [None, stopped, in_training, *PROTECTED])
@pytest.mark.parametrize("way", [settled, accepted], ids=name_of)
def test_tier_2_makes_no_case_theirs_that_routing_would_not_give_them(scene, way, against):
    escalated(scene)
    scene.holder = scene.specialist
    if against is None:
        way(scene)
        assert scene.now_in_hands_of() == scene.specialist.pk
        return
    against(scene)
    with pytest.raises(REFUSALS), transaction.atomic():
        way(scene)
    assert scene.now_in_hands_of() is None


@pytest.mark.parametrize("against", [None, *AWAY, *PROTECTED])
def test_a_named_expert_has_a_case_only_while_they_may(scene, against):
    expert = Expert.objects.create(
        key="threats", staff=scene.specialist, lob=a_lob(), topics={"en": "Threats"}
    )
    look_again()
    sender, scene.holder = scene.holder, scene.specialist
    if against is not None:
        against(scene)
    scene.holder = sender
    escalated(scene, expert=expert)
    expected = scene.specialist.pk if against is None else None
    assert scene.now_in_hands_of() == expected


def test_a_case_that_waits_for_its_expert_is_theirs_to_read_and_goes_to_them_first(scene):
    expert = Expert.objects.create(
        key="threats", staff=a_specialist(a_lob("age-support")), lob=a_lob(), topics={"en": "T"}
    )
    look_again()
    escalated(scene, expert=expert)

    assert scene.now_in_hands_of() is None
    at_work(expert.staff)
    services.accept_escalation(by=expert.staff, **scene.named)
    assert scene.now_in_hands_of() == expert.staff_id


@pytest.mark.parametrize("against", [None, stopped, had_a_part])
def test_consent_passes_a_cap_and_nothing_else(scene, against):
    waits(scene)
    at_their_cap(scene)
    request = consents.ask(
        case_id=scene.case.pk, staff=scene.holder, by=a_regional_lead(), why="Nobody else",
        now=LATER,
    )  # fmt: skip
    if against is None:
        overriding.agree(request_id=request, by=scene.holder, now=LATER)
        assert scene.now_in_hands_of() == scene.holder.pk
        return
    against(scene)
    with pytest.raises(REFUSALS), transaction.atomic():
        overriding.agree(request_id=request, by=scene.holder, now=LATER)
    assert scene.now_in_hands_of() is None


def test_the_requester_who_writes_brings_the_case_to_whoever_knows_it_when_they_are_back(scene):
    brought_back(scene, answered_by_the_requester, off)
    assert scene.now_in_hands_of() is None
    a_case(reason_id=scene.case.reason_id, opened_at=MONDAY_9AM, email="other@example.com")
    stranger = at_work(an_agent())
    at_work(scene.holder)

    with acting(Actor.staff(scene.holder)):
        taken = services.take_next_case(by=scene.holder, now=LATER)

    assert taken == scene.case
    assert stranger.pk != scene.holder.pk


@pytest.mark.parametrize("state", ["DECOMPRESSING", "TRAINING"])
@pytest.mark.parametrize("change", [{"assignee": True}, {"status": "OPEN"}])
def test_postgresql_lets_nobody_else_give_work_to_whoever_rests(scene, state, change):
    case = Case.objects.filter(pk=scene.case.pk)
    case.update(**({"assignee": None} if "assignee" in change else {"status": "PENDING"}))
    new = {"assignee": scene.holder} if "assignee" in change else change
    with transaction.atomic():
        case.update(**new)
        transaction.set_rollback(True)
    Availability.objects.filter(staff=scene.holder).update(state=state)

    with pytest.raises(IntegrityError, match="Nobody in training"), transaction.atomic():
        case.update(**new)
    with acting(Actor.staff(scene.holder)):
        assert case.update(**new) == 1
