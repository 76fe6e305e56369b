"""Push: offered, accepted or passed on or not answered, offered to somebody else, never lost."""

from datetime import timedelta

import pytest
from django.conf import settings

from caseward.casework import campaigns
from caseward.casework.models import Case
from caseward.casework.services import offering, take_next_case
from caseward.casework.services.assigning import NothingToTake, assign_case
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.routing import availability
from caseward.routing.models import Availability, Offer, Queue
from tests.builders import MONDAY_9AM, a_case, a_team_leader, an_agent

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LASTS = timedelta(seconds=settings.OFFER_SECONDS)


def there(*people, now=MONDAY_9AM):
    for staff in people:
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=now)
        availability.heard_from(staff=staff, now=now)


def pushing():
    Queue.objects.update(mode=Queue.Mode.PUSH)
    look_again()


def an_offer(*people):
    """The first of these people is asked about the one case that waits."""
    case = a_case(opened_at=MONDAY_9AM)
    pushing()
    there(*people)
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 1
    return case, Offer.objects.get(outcome="")


def kinds(case):
    return list(
        Event.objects.filter(case_id=case.pk).order_by("seq").values_list("kind", flat=True)
    )


def test_who_accepts_in_time_has_the_case_with_the_reasons_of_the_choice():
    ana = an_agent()
    case, offer = an_offer(ana)
    with acting(Actor.staff(ana)):
        for _ in range(2):
            offering.accept_offer(offer_id=offer.pk, by=ana, now=MONDAY_9AM + SECOND)
    case.refresh_from_db()
    given = Event.objects.get(case_id=case.pk, kind="case.assigned")
    assert case.assignee == ana
    assert (given.data["how"], given.data["why"]["of"]) == ("offered", 1)
    assert kinds(case) == ["case.opened", "offer.made", "offer.accepted", "case.assigned"]


def test_one_case_is_offered_to_one_person_and_one_person_is_asked_about_one():
    ana, ben = an_agent(), an_agent()
    for _ in range(3):
        a_case()
    pushing()
    there(ana, ben)
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 2
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 0
    asked = Offer.objects.values_list("case_id", "staff_id")
    assert len({case for case, _ in asked}) == len({staff for _, staff in asked}) == 2


def test_who_helps_with_a_campaign_is_offered_its_cases_first_and_others_are_not():
    helper, other = an_agent(), an_agent()
    ours = [a_case(tags=["storm"]) for _ in range(2)]
    urgent = a_case()
    Case.objects.filter(pk=urgent.pk).update(urgency=1)
    plan = campaigns.Plan(name="Storm", goal_at=MONDAY_9AM + timedelta(days=1), members=[helper])
    campaigns.start_campaign(by=a_team_leader(), query="tag=storm", plan=plan, now=MONDAY_9AM)
    pushing()
    there(helper, other)

    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 2

    asked = dict(Offer.objects.values_list("staff_id", "case_id"))
    assert asked == {helper.pk: ours[0].pk, other.pk: urgent.pk}


def test_what_is_passed_on_is_offered_to_somebody_else_and_not_again_to_the_same():
    ana, ben = an_agent(), an_agent()
    case, offer = an_offer(ana, ben)
    first = offer.staff
    offering.pass_on_offer(offer_id=offer.pk, by=first, why="I know them", now=MONDAY_9AM + SECOND)
    offering.offer_waiting_cases(now=MONDAY_9AM + 2 * SECOND)
    again = Offer.objects.get(outcome="")
    assert again.staff != first
    offering.pass_on_offer(offer_id=again.pk, by=again.staff, why="", now=MONDAY_9AM + 3 * SECOND)
    assert offering.offer_waiting_cases(now=MONDAY_9AM + 4 * SECOND) == 0
    told = Event.objects.filter(case_id=case.pk, kind="offer.declined").order_by("seq").first()
    assert told.data["note"] == "I know them"


def test_who_closes_the_browser_mid_offer_loses_it_is_off_and_the_case_goes_on():
    ana, ben = an_agent(), an_agent()
    an_offer(ana)
    soon = MONDAY_9AM + availability.THERE_FOR_AN_OFFER + SECOND
    there(ben, now=soon)
    assert offering.end_lapsed_offers(now=soon) == 1
    states = availability.states_of([ana.pk, ben.pk])
    assert (states[ana.pk].state, states[ana.pk].why) == (Availability.State.OFF, "GONE")
    assert offering.offer_waiting_cases(now=soon) == 1
    assert Offer.objects.get(outcome="").staff == ben
    chain = Event.objects.filter(case_id=-ana.pk).order_by("seq").values_list("kind", flat=True)
    assert list(chain) == ["staff.available", "staff.offered", "staff.offer_ended", "staff.off"]


def test_who_does_not_answer_is_asked_no_more_until_they_say_that_they_are_available():
    ana = an_agent()
    _, offer = an_offer(ana)
    late = offer.expires_at
    availability.heard_from(staff=ana, now=late)
    offering.end_lapsed_offers(now=late)
    held = availability.states_of([ana.pk])[ana.pk]
    assert (held.state, held.why) == (Availability.State.BUSY, "MISSED")
    assert offering.offer_waiting_cases(now=late) == 0
    with pytest.raises(offering.OfferGone):
        offering.accept_offer(offer_id=offer.pk, by=ana, now=late)


def test_an_offer_whose_case_a_lead_gave_away_is_withdrawn():
    ana, ben, lead = an_agent(), an_agent(), a_team_leader()
    case, offer = an_offer(ana)
    assign_case(reference=case.reference, to=ben, by=lead, now=MONDAY_9AM + SECOND)
    with pytest.raises(offering.OfferGone):
        offering.accept_offer(offer_id=offer.pk, by=ana, now=MONDAY_9AM + SECOND)
    offering.end_lapsed_offers(now=MONDAY_9AM + SECOND)
    offer.refresh_from_db()
    assert offer.outcome == Offer.Outcome.WITHDRAWN
    assert Case.objects.get(pk=case.pk).assignee == ben
    assert availability.states_of([ana.pk])[ana.pk].state == Availability.State.AVAILABLE


def test_nobody_accepts_what_was_offered_to_somebody_else():
    ana, ben = an_agent(), an_agent()
    _, offer = an_offer(ana)
    with acting(Actor.staff(ben)), pytest.raises(offering.OfferGone):
        offering.accept_offer(offer_id=offer.pk, by=ben, now=MONDAY_9AM + SECOND)


@pytest.mark.parametrize("state", ["BUSY", "BREAK", "TRAINING", "DECOMPRESSING", "OFF"])
def test_who_is_not_available_is_not_asked(state):
    ana = an_agent()
    a_case()
    pushing()
    availability.set_state(staff=ana, state=state, why="", now=MONDAY_9AM)
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 0


def test_a_queue_that_pushes_is_not_pulled_from_and_one_that_is_pulled_does_not_push():
    ana = an_agent()
    a_case()
    there(ana)
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 0
    pushing()
    with pytest.raises(NothingToTake):
        take_next_case(by=ana, now=MONDAY_9AM)


def test_who_has_five_cases_in_hand_is_offered_no_more_and_may_still_be_given_some():
    ana = an_agent()
    for _ in range(5):
        a_case(assignee=ana)
    a_case()
    pushing()
    there(ana)
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 0
    Case.objects.filter(assignee=ana).update(status="PENDING")
    assert offering.offer_waiting_cases(now=MONDAY_9AM) == 1
