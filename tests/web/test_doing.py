"""Saying what one does, and answering offers, with and without a script."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from caseward.casework.models import Case
from caseward.casework.services import add_note, offering
from caseward.org.catalogue import look_again
from caseward.routing import availability
from caseward.routing.models import Offer, Queue
from caseward.web.views.desk.showing.doing import doing_of
from tests.builders import a_case, an_agent

pytestmark = pytest.mark.django_db


def signed_in(client, staff):
    client.force_login(staff)
    return staff


def state_of(staff):
    return availability.states_of([staff.pk])[staff.pk]


def an_offer_for(staff):
    now = timezone.now()
    case = a_case(opened_at=now, title="I cannot sign in")
    Queue.objects.update(mode=Queue.Mode.PUSH)
    look_again()
    availability.set_state(staff=staff, state="AVAILABLE", why="", now=now)
    assert offering.offer_waiting_cases(now=now) == 1
    return case, Offer.objects.get(outcome="")


def test_without_a_script_one_says_what_one_does_and_is_where_one_was(client):
    ana = signed_in(client, an_agent())
    answer = client.post(
        "/desk/doing/say",
        {"state": "BREAK", "minutes": "15", "why": "Tea", "back": "/desk/queues/"},
    )
    held = state_of(ana)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/queues/")
    assert (held.state, held.why) == ("BREAK", "Tea")
    assert timedelta(minutes=14) < held.until - held.since <= timedelta(minutes=15)
    assert "On a break" in client.get("/desk/").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "desk", ""])
def test_nobody_is_led_off_to_another_site(client, back):
    signed_in(client, an_agent())
    answer = client.post("/desk/doing/say", {"state": "BUSY", "back": back})
    assert answer["Location"] == "/desk/"


@pytest.mark.parametrize("sent", [{"state": "DANCING"}, {"state": "BREAK", "minutes": "²"}, {}])
def test_nonsense_is_no_state_and_no_error(client, sent):
    signed_in(client, an_agent())
    assert client.post("/desk/doing/say", sent).status_code == 302


def test_an_open_page_is_heard_of(client):
    ana = signed_in(client, an_agent())
    assert client.post("/desk/here").status_code == 204
    assert state_of(ana).state == "OFF"


def test_an_offer_is_on_every_page_and_accepting_it_leads_to_the_case(client):
    ana = signed_in(client, an_agent())
    case, offer = an_offer_for(ana)
    for page in ("/desk/", "/desk/queues/"):
        assert "A case is offered to you" in client.get(page).text
    answer = client.post(f"/desk/offer/{offer.pk}/accept")
    assert answer["Location"] == f"/desk/case/{case.reference}"
    assert Case.objects.get(pk=case.pk).assignee == ana
    assert "A case is offered to you" not in client.get("/desk/").text


def test_the_second_click_on_accept_leads_to_the_case_too(client):
    case, offer = an_offer_for(signed_in(client, an_agent()))
    for _ in range(2):
        answer = client.post(f"/desk/offer/{offer.pk}/accept", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == f"/desk/case/{case.reference}"


def test_an_offer_that_is_over_says_so(client):
    ana = signed_in(client, an_agent())
    _, offer = an_offer_for(ana)
    client.post(f"/desk/offer/{offer.pk}/pass", {"why": "Lunch"})
    page = client.post(f"/desk/offer/{offer.pk}/accept", follow=True).text
    assert "This offer is over" in page


def test_somebody_elses_offer_is_not_there(client):
    an = an_agent()
    case, offer = an_offer_for(an)
    signed_in(client, an_agent())
    client.post(f"/desk/offer/{offer.pk}/accept")
    assert Case.objects.get(pk=case.pk).assignee is None


@pytest.mark.parametrize("state", ["TRAINING", "DECOMPRESSING"])
def test_who_rests_is_told_why_nothing_is_handed_out(client, state):
    ana = signed_in(client, an_agent())
    a_case()
    availability.set_state(staff=ana, state=state, why="", now=timezone.now())
    page = client.post("/desk/next", follow=True).text
    assert "Nothing is handed out while you are in training or decompressing" in page
    assert not Case.objects.filter(assignee=ana).exists()


@pytest.mark.parametrize("state", ["OFF", "BREAK"])
def test_who_asks_for_a_case_is_available(client, state):
    ana = signed_in(client, an_agent())
    a_case()
    availability.set_state(staff=ana, state=state, why="", now=timezone.now())
    client.post("/desk/next")
    assert state_of(ana).state == "AVAILABLE"
    assert Case.objects.filter(assignee=ana).count() == 1


def undo_of(page):
    """The address behind the button that undoes what was just done."""
    found = re.search(r'action="(/desk/case/[^"]+/step-back[^"]*)"', page)
    return unescape(found[1]) if found else None


@pytest.mark.parametrize(
    ("state", "told"),
    [("BREAK", "You were on a break and took a case"), ("OFF", "You were off and took a case")],
)
@pytest.mark.parametrize("how", ["next", "chosen"])
def test_who_took_a_case_while_away_is_told_and_goes_back_with_one_click(client, state, told, how):
    ana, case = signed_in(client, an_agent()), a_case()
    now = timezone.now()
    until = now + timedelta(minutes=20) if state == "BREAK" else None
    availability.set_state(staff=ana, state=state, why="Tea & cake", now=now, until=until)
    address = "/desk/next" if how == "next" else f"/desk/case/{case.reference}/take"

    page = client.post(address, follow=True).text
    assert told in page
    back = client.post(undo_of(page), follow=True).text

    held = state_of(ana)
    assert (held.state, held.why, held.until) == (state, "Tea & cake", until)
    assert Case.objects.get(pk=case.pk).assignee is None
    assert "The case waits in its queue again" in back
    assert undo_of(back) is None


def test_a_case_that_something_happened_to_stays_when_its_taker_steps_back(client):
    ana, case = signed_in(client, an_agent()), a_case()
    availability.set_state(staff=ana, state="BREAK", why="", now=timezone.now())
    page = client.post("/desk/next", follow=True).text
    add_note(reference=case.reference, by=ana, text="Seen", now=timezone.now())

    told = client.post(undo_of(page), follow=True).text

    assert "something happened to it since" in told
    assert Case.objects.get(pk=case.pk).assignee == ana
    assert state_of(ana).state == "BREAK"


def test_who_was_at_work_is_told_nothing(client):
    ana, _case = signed_in(client, an_agent()), a_case()
    availability.set_state(staff=ana, state="BUSY", why="", now=timezone.now())

    page = client.post("/desk/next", follow=True).text

    assert "took a case" not in page
    assert state_of(ana).state == "BUSY"


@pytest.mark.parametrize(
    "sent", ["state=AVAILABLE", "state=BREAK&until=soon", "until=2026-02-30", ""]
)
def test_stepping_back_takes_only_what_stands_for_being_away(client, sent):
    ana, case = signed_in(client, an_agent()), a_case()
    client.post("/desk/next")

    client.post(f"/desk/case/{case.reference}/step-back?{sent}")

    assert state_of(ana).state in {"BREAK", "OFF"}


@pytest.mark.parametrize("state", ["TRAINING", "DECOMPRESSING"])
def test_who_rests_takes_no_chosen_case_either(client, state):
    ana, case = signed_in(client, an_agent()), a_case()
    availability.set_state(staff=ana, state=state, why="", now=timezone.now())

    page = client.post(f"/desk/case/{case.reference}/take", follow=True).text

    assert "Nothing is handed out while you are in training or decompressing" in page
    assert Case.objects.get(pk=case.pk).assignee is None
    assert state_of(ana).state == state


def test_the_bar_costs_one_question_where_cases_are_taken_and_two_where_they_are_offered(
    django_assert_num_queries,
):
    ana = an_agent()
    an_offer_for(ana)
    doing_of(ana, now=timezone.now())
    with django_assert_num_queries(2):
        doing_of(ana, now=timezone.now())
    Queue.objects.update(mode=Queue.Mode.PULL)
    look_again()
    doing_of(ana, now=timezone.now())
    with django_assert_num_queries(1):
        doing_of(ana, now=timezone.now())
