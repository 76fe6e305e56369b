"""One's own wellbeing page, the key to stop, and the page of limits met."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services.capacity import note_capacity
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.routing import availability
from caseward.wellbeing import consents, queries, services
from caseward.wellbeing.models import Exposure, Glance, Looking
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import (
    a_case,
    a_reason,
    a_regional_lead,
    a_team_leader,
    an_agent,
)

pytestmark = pytest.mark.django_db


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


@pytest.fixture
def agent(db):
    return an_agent()


def a_hard_case(**new):
    reason = a_reason(key="threat", severity=4, category="self-harm")
    return a_case(reason_id=reason.pk, opened_at=ago(60), **new)


def test_opening_a_case_is_meeting_it(agent):
    case = a_hard_case(assignee=agent)

    assert browser_of(agent).get(f"/desk/case/{case.reference}").status_code == 200

    seen = Looking.objects.get()
    assert (seen.staff_id, seen.case_id, seen.severity, seen.source) == (
        agent.pk, case.pk, 4, "HELD",
    )  # fmt: skip


def test_the_page_says_what_was_met_and_what_is_left(agent):
    services.began(1, agent.pk, 4, "self-harm", ago(9))
    services.ended(1, agent.pk, ago(4))

    page = browser_of(agent).get("/desk/wellbeing").content.decode()

    assert "5 of 120 counted minutes" in page
    assert "No severe case for now. More may come back:" in page
    assert "Suicide and self-harm 5" in page


def test_an_empty_page_says_what_counts(agent):
    page = browser_of(agent).get("/desk/wellbeing").content.decode()

    assert "A case counts while it is open on your screen" in page
    assert "Any case of your queues, also a severe one." in page


def test_opting_out_holds_and_unknown_words_are_left_alone(agent):
    a_reason(key="threat", severity=4, category="self-harm")
    browser = browser_of(agent)

    answer = browser.post("/desk/wellbeing/opt-out", {"category": ["self-harm", "nonsense"]})
    assert answer.status_code == 302
    room = queries.room_of(agent.pk, timezone.now())
    assert room.blocked_categories == {"self-harm"}
    assert 'value="self-harm" checked' in browser.get("/desk/wellbeing").content.decode()

    browser.post("/desk/wellbeing/opt-out", {})
    assert queries.room_of(agent.pk, timezone.now()).blocked_categories == frozenset()


def test_one_press_stops_and_one_more_undoes_it(agent):
    case = a_hard_case(assignee=agent)
    browser = browser_of(agent)

    page = browser.post("/desk/stop", follow=True).content.decode()
    assert "Your case waits in its queue again." in page
    assert "give me my case back" in page
    assert Case.objects.get(pk=case.pk).assignee_id is None

    page = browser.post("/desk/stop/undo", follow=True).content.decode()
    assert "You have your case again." in page
    assert Case.objects.get(pk=case.pk).assignee_id == agent.pk
    page = browser.post("/desk/stop/undo", follow=True).content.decode()
    assert "Nothing could be brought back" in page


def test_the_key_is_on_every_signed_in_page_and_works_without_a_script(agent):
    for address in ("/desk/", "/desk/queues/", "/desk/wellbeing"):
        page = browser_of(agent).get(address).content.decode()
        assert 'action="/desk/stop"' in page
        assert 'data-key="0"' in page


def test_stopping_from_a_fragment_goes_to_the_whole_page(agent):
    answer = browser_of(agent).post("/desk/stop", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/desk/wellbeing")


@pytest.fixture
def short(agent):
    """The only agent at work met the worst a minute ago, and a severe case waits."""
    availability.set_state(staff=agent, state="AVAILABLE", why="", now=ago(30))
    services.began(1, agent.pk, 4, "", ago(5))
    services.ended(1, agent.pk, ago(1))
    case = a_hard_case()
    note_capacity(now=timezone.now())
    return case


def test_a_lead_sees_which_limits_met_which_deadline_and_asks(short, agent):
    lead = a_regional_lead()
    browser = browser_of(lead)
    page = browser.get("/lead/capacity").content.decode()
    assert short.reference in page
    assert "the rest after the worst cases" in page

    incident = CapacityIncident.objects.get()
    asked = {"staff": agent.pk, "why": "A life may depend on it"}
    page = browser.post(f"/lead/capacity/{incident.pk}/ask", asked, follow=True).content.decode()
    assert "They were asked." in page and "No answer yet" in page

    own = browser_of(agent).get("/desk/wellbeing").content.decode()
    assert "A life may depend on it" in own and "severity 4" in own
    with acting(Actor.system("tests")):
        (request,) = consents.open_requests_of(agent, timezone.now())
    answer = browser_of(agent).post(f"/desk/wellbeing/requests/{request.pk}/agree")
    assert answer.url == f"/desk/case/{short.reference}"
    assert "Agreed" in browser.get("/lead/capacity").content.decode()


def test_saying_no_shows_the_lead_what_silence_shows(short, agent):
    lead = a_regional_lead()
    incident = CapacityIncident.objects.get()
    asked = {"staff": agent.pk, "why": "It cannot wait"}
    browser_of(lead).post(f"/lead/capacity/{incident.pk}/ask", asked)
    before = browser_of(lead).get("/lead/capacity").content.decode()
    with acting(Actor.system("tests")):
        (request,) = consents.open_requests_of(agent, timezone.now())

    said = browser_of(agent).post(
        f"/desk/wellbeing/requests/{request.pk}/decline", follow=True
    )  # fmt: skip
    assert "Nobody is told that you said no." in said.content.decode()
    after = browser_of(lead).get("/lead/capacity").content.decode()
    assert "No answer yet" in before and "No answer yet" in after
    again = browser_of(agent).post(
        f"/desk/wellbeing/requests/{request.pk}/agree", follow=True
    )  # fmt: skip
    assert "run out or was answered before" in again.content.decode()


@pytest.mark.parametrize("said", [{}, {"staff": "x", "why": "y"}, {"staff": "٣", "why": "y"}])
def test_a_request_that_is_not_whole_asks_nobody(short, said):
    browser = browser_of(a_regional_lead())
    incident = CapacityIncident.objects.get()

    page = browser.post(f"/lead/capacity/{incident.pk}/ask", said, follow=True).content.decode()

    assert "Nobody was asked." in page


def test_a_team_leader_sees_the_incident_and_may_not_ask(short, agent):
    page = browser_of(a_team_leader()).get("/lead/capacity").content.decode()

    assert short.reference in page
    assert "or above, may ask somebody" in page
    assert 'name="why"' not in page


def test_that_somebody_looked_at_sums_is_shown_to_the_people(agent):
    lead = a_regional_lead(name="Ananya")
    page = browser_of(lead).get("/lead/capacity").content.decode()
    assert "There are not yet eight people" in page

    assert Glance.objects.get().staff_id == lead.pk
    own = browser_of(agent).get("/desk/wellbeing").content.decode()
    assert "A lead in-house" in own and "Ananya" not in own
    agent.team.leader = lead
    agent.team.save()
    look_again()
    assert "Ananya" in browser_of(agent).get("/desk/wellbeing").content.decode()
    assert "Ananya" in browser_of(a_team_leader()).get("/desk/wellbeing").content.decode()


def test_no_managers_page_names_what_an_agent_met(short, agent):
    with acting(Actor.staff(agent)):
        services.choose_opt_outs(by=agent, categories=["self-harm"], now=ago(1))
    met = Exposure.objects.get()
    assert met.staff_id == agent.pk

    for person in (a_regional_lead(), a_team_leader()):
        page = browser_of(person).get("/lead/capacity").content.decode()
        assert "opted" not in page.lower() and "do not want to meet" not in page


def test_the_pages_cost_a_fixed_number_of_queries(agent, django_assert_max_num_queries):
    browser = browser_of(agent)
    browser.get("/desk/wellbeing")
    for number in range(20):
        services.began(number, agent.pk, number % 5, "gore", ago(100 - number))
    with django_assert_max_num_queries(45) as few:
        browser.get("/desk/wellbeing")
    for number in range(60):
        services.began(number, agent.pk, number % 5, "gore", ago(79 - number))
    with django_assert_max_num_queries(45) as many:
        browser.get("/desk/wellbeing")

    assert len(few) == len(many)


def test_whoever_works_on_a_case_hears_of_their_limit_and_hands_it_back_with_one_click():
    agent, colleague = an_agent(), an_agent()
    case = a_hard_case(assignee=agent)
    mine, other = browser_of(agent), browser_of(colleague)
    beat = reverse("case-presence", args=[case.reference])
    set_caps(by=a_regional_lead(), caps={"week_minutes": 10}, why="a test", now=ago(60))
    services.began(1, agent.pk, 4, "self-harm", ago(8))
    services.ended(1, agent.pk, ago(0))

    page = mine.get(reverse("case", args=[case.reference])).content.decode()
    told = mine.post(beat).content.decode()

    for said in (page, told):
        assert "left of the limit of seven days" in said
        assert reverse("case-release", args=[case.reference]) in said
    assert "limit of seven days" not in other.post(beat).content.decode()
    mine.post(reverse("case-release", args=[case.reference]))
    assert "limit of seven days" not in mine.post(beat).content.decode()


def test_what_is_over_says_which_cap_met_which_deadline():
    case = a_hard_case()
    now = timezone.now()
    over = {"queue": case.queue, "severity": 3, "cases": 2, "at_work": 1, "caps": ["week"]}
    CapacityIncident.objects.create(
        case=case, due_at=now - timedelta(hours=1), opened_at=now - timedelta(hours=2),
        ended_at=now - timedelta(minutes=90), **over,
    )  # fmt: skip
    CapacityIncident.objects.create(
        is_overrun=True, opened_at=now - timedelta(hours=3), ended_at=now - timedelta(hours=2),
        **over,
    )  # fmt: skip

    page = browser_of(a_regional_lead()).get(reverse("capacity")).content.decode()

    assert page.count("the limit of seven days") == 2
    assert "Deadline they met" in page
    assert "none ran" not in page
    assert "None: a case that was open lasted longer than the limit" in page
