"""*I need to stop*, pressed again and again while everybody writes: it works, and says so."""

from contextlib import suppress
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from caseward.casework.models import Case
from caseward.casework.services import NothingToTake, receive_message, take_next_case
from caseward.casework.services.assigning import MustRest
from caseward.org.acting import Actor, acting
from caseward.routing.models import Availability
from tests.builders import MONDAY_9AM, a_case, an_agent, at_work
from tests.concurrency import at_once
from tests.wellbeing.conftest import at


def press(browser, name="stop"):
    return browser.post(reverse(name)).status_code


def signed_in(person):
    browser = Client()
    with as_caseward():
        browser.force_login(person)
    return browser


def in_hands(agent):
    with as_caseward():
        return Case.objects.filter(assignee=agent, status__in=Case.WAITING).count()


def as_caseward():
    return acting(Actor.system("test"))


@pytest.fixture
def agent(committed_db):
    with as_caseward():
        agent = at_work(an_agent())
        for _ in range(4):
            a_case(assignee=agent)
    return agent


def test_six_presses_at_the_same_moment_are_one(agent):
    browsers = [signed_in(agent) for _ in range(6)]

    assert at_once([partial(press, browser) for browser in browsers]) == [302] * 6

    assert in_hands(agent) == 0
    assert at_once([partial(press, browser, "stop-undo") for browser in browsers]) == [302] * 6
    assert in_hands(agent) == 4


@pytest.mark.parametrize("_again", range(3))
def test_nothing_lands_while_one_stops(agent, _again):
    """Requesters write to cases that wait for them, a colleague's click and one's own come in."""
    with as_caseward():
        Case.objects.filter(assignee=agent).update(status="PENDING")
        for _ in range(3):
            a_case()
        pending = list(Case.objects.filter(assignee=agent).values_list("pk", flat=True))
    browser = signed_in(agent)

    def written_to(case_id):
        with acting(Actor.system("mail")):
            receive_message(case_id=case_id, channel="EMAIL", text="Please.", now=at(1))

    def take():
        with acting(Actor.staff(agent)), suppress(NothingToTake, MustRest):
            take_next_case(by=agent, now=at(1))

    answers = at_once([*(partial(written_to, pk) for pk in pending), take, partial(press, browser)])

    assert answers[-1] == 302
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert in_hands(agent) == 0
    with as_caseward():
        held = Availability.objects.get(staff=agent)
    assert held.state == "DECOMPRESSING"
    assert held.since >= MONDAY_9AM


@pytest.mark.parametrize("name", ["stop", "stop-undo"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_answers_whatever_the_state(agent, name, headers):
    browser = signed_in(agent)
    for state in Availability.State.values:
        with as_caseward():
            Availability.objects.filter(staff=agent).update(state=state)
        for _ in range(2):
            assert browser.post(reverse(name), headers=headers).status_code in {204, 302}
    with as_caseward():
        Availability.objects.all().delete()
    assert browser.post(reverse(name), headers=headers).status_code in {204, 302}
