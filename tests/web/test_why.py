"""Why a case went there and why it waits, from the ledger, telling no private matters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from caseward.casework.services import offering, take_next_case
from caseward.casework.services.assigning import assign_case
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Shift
from caseward.routing import availability
from caseward.routing.models import Queue, Weight
from caseward.web.views.desk.showing import ranking
from caseward.wellbeing import services as wellbeing
from tests.builders import a_case, a_promise, a_reason, a_regional_lead, a_vendor, an_agent

pytestmark = pytest.mark.django_db


def page_of(client, case, reader):
    client.force_login(reader)
    return " ".join(client.get(f"/desk/case/{case.reference}/why").text.split())


def test_a_case_that_was_taken_says_by_whom_from_how_many_and_what_counted(client):
    now = timezone.now()
    ana = an_agent()
    a_promise(duration=timedelta(hours=2))
    case, _later = a_case(opened_at=now), a_case(opened_at=now + timedelta(minutes=1))
    with acting(Actor.staff(ana)):
        take_next_case(by=ana, now=now + timedelta(minutes=2))
    page = page_of(client, case, ana)
    assert f"{ana.name} asked for the next case and got it." in page
    assert "Chosen from 2 cases at the head of their queues." in page
    assert "It had to be begun within" in page
    assert "each minute counts as one" in page
    assert "Why does it wait?" not in page


def test_a_waiting_case_says_its_place_and_who_could_have_it(client):
    now = timezone.now()
    ana, ben, lead = an_agent(), an_agent(), a_regional_lead()
    for staff in (ana, ben):
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=now)
    availability.set_state(staff=ben, state="BREAK", why="", now=now)
    a_case(opened_at=now - timedelta(hours=1))
    case = a_case(opened_at=now)
    page = page_of(client, case, lead)
    assert "It is number 2 of 2 cases that wait in its queue." in page
    assert f"1 person could have it now. {ana.name}." in page
    assert "1: is not available" in page
    assert ana.name not in page_of(client, case, ben)


def test_what_somebody_does_not_want_to_meet_is_told_nobody(client):
    now = timezone.now()
    ana, ben, lead = an_agent(), an_agent(), a_regional_lead()
    for staff in (ana, ben):
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=now)
    with acting(Actor.staff(ana)):
        wellbeing.choose_opt_outs(by=ana, categories=["gore"], now=now)
    case = a_case(opened_at=now, reason_id=a_reason(key="gore", category="gore", severity=2).pk)
    for reader in (lead, ben):
        page = page_of(client, case, reader)
        assert "1: has no room for it now" in page
        assert "gore" not in page.lower().replace("reason", "")


def test_offers_and_a_leads_reason_are_on_the_page(client):
    now = timezone.now()
    ana, ben, lead = an_agent(), an_agent(), a_regional_lead()
    case = a_case(opened_at=now)
    Queue.objects.update(mode=Queue.Mode.PUSH)
    look_again()
    availability.set_state(staff=ana, state="AVAILABLE", why="", now=now)
    offering.offer_waiting_cases(now=now)
    offer = offering.open_offer_of(ana.pk, now=now)
    offering.pass_on_offer(offer_id=offer.pk, by=ana, why="I know them", now=now)
    Shift.objects.create(
        staff=ben, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=9)
    )
    assign_case(reference=case.reference, to=ben, by=lead, now=now, override_reason="He agreed")
    page = page_of(client, case, lead)
    for sentence in (
        f"It was offered to {ana.name}.",
        "Chosen from 1 person who could have it.",
        f"{ana.name} left it to somebody else.",
        "I know them",
        f"It was given to {ben.name} by hand.",
        "A lead passed over a rule: He agreed",
    ):
        assert sentence in page, sentence


def test_another_vendors_agent_finds_no_such_page(client):
    case = a_case()
    client.force_login(an_agent(a_vendor("melati")))
    assert client.get(f"/desk/case/{case.reference}/why").status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_many_people_and_turns(
    client, django_assert_max_num_queries
):
    now = timezone.now()
    lead = a_regional_lead()
    people = [an_agent() for _ in range(3)]
    case = a_case(opened_at=now)
    client.force_login(lead)
    client.get(f"/desk/case/{case.reference}/why")
    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(80) as asked:
            client.get(f"/desk/case/{case.reference}/why")
        counted.append(len(asked))
        people += [an_agent() for _ in range(5)]
        for staff in people:
            assign_case(reference=case.reference, to=staff, by=lead, now=now)
        case.refresh_from_db()
        case.assignee = None
        case.save()
        client.get(f"/desk/case/{case.reference}/why")
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (
            {"deadline": -1332.0, "age": -22.0},
            "It was 22h 12m too late to be begun in time; the most urgent goes first. "
            "Everything else brought it forward by 22 minutes.",
        ),
        ({"deadline": 45.0}, "It had to be begun within 45 minutes to be in time; "),
        ({"deadline": 10080.0, "priority": 15.0}, "Everything else put it back by 15 minutes."),
        ({"priority": -1.0}, "It had to be begun within 0 minutes to be in time; "),
        ({}, ""),
    ],
)
def test_how_a_case_ranked_is_said_in_peoples_words(terms, told):
    said = ranking.in_words(terms)

    assert told in said if told else said == ""
    assert "score" not in said
    assert "-" not in said


def test_each_part_says_what_it_was_worth_at_that_time_and_what_it_did():
    terms = {"deadline": -90.0, "priority": 15.0, "continuity": -1.5}
    told = ranking.parts(terms, {"priority": 15.0, "continuity": 1.5})

    assert [(str(one["worth"]), one["effect"]) for one in told] == [
        ("each minute counts as one", "1h 30m too late"),
        ("15 minutes for each step", "15 minutes later"),
        ("1.5 minutes", "1.5 minutes sooner"),
    ]


def test_work_in_hand_tells_people_apart_and_not_the_cases_one_person_could_take():
    why = {"terms": {"deadline": 5.0, "load": 48.0}}

    assert ranking.told(why, of_people=True) == {"deadline": 5.0, "load": 48.0}
    assert ranking.told(why, of_people=False) == {"deadline": 5.0}
    assert ranking.told({}, of_people=True) == {}


def test_the_page_tells_of_weights_as_they_were_when_it_was_given(client):
    now = timezone.now()
    ana = an_agent()
    case = a_case(opened_at=now, priority=1)
    Weight.objects.create(code="priority", minutes=40)
    look_again()
    with acting(Actor.staff(ana)):
        take_next_case(by=ana, now=now + timedelta(minutes=2))
    Weight.objects.update(minutes=3)
    look_again()

    page = page_of(client, case, ana)

    assert "40 minutes for each step" in page
    assert "1h 20m sooner" in page
    assert case.title in page


def test_an_offer_says_which_rules_spoke_against_everybody_else_and_no_private_one(client):
    now = timezone.now()
    ana, ben, lead = an_agent(), an_agent(), a_regional_lead()
    case = a_case(opened_at=now, reason_id=a_reason(key="gore", category="gore", severity=2).pk)
    Queue.objects.update(mode=Queue.Mode.PUSH)
    look_again()
    for staff in (ana, ben):
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=now)
    with acting(Actor.staff(ben)):
        wellbeing.choose_opt_outs(by=ben, categories=["gore"], now=now)
    assert offering.offer_waiting_cases(now=now) == 1

    made = Event.objects.get(case_id=case.pk, kind="offer.made")

    assert made.data["why"]["refused"] == {"capacity": 1}
    assert "Of the other people: 1: has no room for it now" in page_of(client, case, lead)


def test_a_lead_reads_who_cannot_have_a_waiting_case_and_why(client):
    now = timezone.now()
    ana, ben, lead = an_agent(), an_agent(), a_regional_lead()
    availability.set_state(staff=ben, state="AVAILABLE", why="", now=now)
    case = a_case(opened_at=now)

    page = page_of(client, case, lead)

    assert f'1: is not available <span class="soft">{ana.name}</span>' in page
    assert f">{ana.name}<" not in page_of(client, case, ben)
