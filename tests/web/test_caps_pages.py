"""The page of caps says what holds for whom; setting them needs the right, a reason and a tick."""

from dataclasses import asdict

import pytest
from django.utils import timezone

from caseward.core.exposure import Caps
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import CapsVersion
from caseward.wellbeing.setting_caps import CapsChangedMeanwhile, set_caps
from tests.builders import (
    a_lob,
    a_regional_lead,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
FORM = "/lead/capacity/caps/set"


def typed(**changed):
    numbers = {**asdict(Caps()), **changed}
    plain = {
        name: " ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in numbers.items()
    }
    return {"seen": 0, "why": "Agreed with the doctors", **plain}


def text_of(person, address="/lead/capacity/caps"):
    return browser_of(person).get(address).content.decode()


def test_before_anything_is_set_the_built_in_caps_are_shown():
    page = text_of(a_regional_lead())

    assert "Nothing was set yet, so the built-in caps hold for everybody." in page
    assert "Counted minutes in a shift" in page and "Nobody has set caps yet." in page


def test_a_stricter_rule_is_set_with_a_reason_and_shown_in_words():
    lead, agent, melati = a_regional_lead(), an_agent(), a_vendor("melati")
    answer = browser_of(lead).post(f"{FORM}?vendor=melati", typed(shift_minutes=60))

    assert answer.status_code == 302
    assert CapsVersion.objects.get().vendor == melati
    assert caps_of(agent.pk).shift_minutes == 120
    assert caps_of(an_agent(vendor=melati).pk).shift_minutes == 60
    page = text_of(lead)
    assert "Counted minutes in a shift: 60" in page and "stricter" in page
    assert "Agreed with the doctors" in page
    told = Event.objects.get(kind="caps.set").data
    assert (told["vendor"], told["version"]) == ("melati", 1)


def test_loosening_is_said_plainly_and_needs_a_tick():
    lead, agent = a_regional_lead(), an_agent()
    answer = browser_of(lead).post(FORM, typed(shift_minutes=150))

    assert answer.status_code == 422
    assert "People may meet more than before: Counted minutes in a shift." in (
        answer.content.decode()
    )
    assert not CapsVersion.objects.exists()

    browser_of(lead).post(FORM, {**typed(shift_minutes=150), "is_meant": "on"})
    look_again()
    assert caps_of(agent.pk).shift_minutes == 150


def test_a_looser_rule_beside_a_stricter_one_loosens_nothing():
    lead = a_regional_lead()
    set_caps(by=lead, caps={"shift_minutes": 90}, why="everybody", now=timezone.now())

    answer = browser_of(lead).post(f"{FORM}?role=AGENT", typed(shift_minutes=120))

    assert answer.status_code == 302
    assert caps_of(an_agent().pk).shift_minutes == 90


def test_ending_a_rule_says_what_it_loosens_and_leaves_what_was_in_the_history():
    lead, agent = a_regional_lead(), an_agent()
    set_caps(by=lead, caps={"shift_minutes": 60}, why="pilot", now=timezone.now())
    ending = {**typed(shift_minutes=60), "does": "withdraw", "seen": 1}
    assert browser_of(lead).post(FORM, ending).status_code == 422

    assert browser_of(lead).post(FORM, {**ending, "is_meant": "on"}).status_code == 302
    look_again()
    assert caps_of(agent.pk) == Caps()
    assert "No rule of its own any more" in text_of(lead)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"weights": "1 0 0 0 0"}, "They must not fall from one severity to the next."),
        ({"weights": "1 1"}, "Write 5 numbers from 0 to 10 with spaces between them."),
        ({"shift_minutes": "-1"}, "greater than or equal to 0"),
        ({"shift_minutes": "nan"}, "Enter a number."),
        ({"why": " "}, "This field is required."),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_typed_stays(changed, told):
    answer = browser_of(a_regional_lead()).post(FORM, {**typed(), **changed})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not CapsVersion.objects.exists()


def test_the_second_of_two_who_set_caps_is_told():
    lead = a_regional_lead()
    set_caps(by=lead, caps={"shift_minutes": 60}, why="first", now=timezone.now())

    answer = browser_of(lead).post(FORM, typed(shift_minutes=50), follow=True)

    assert "Somebody set these caps while you wrote." in answer.content.decode()
    assert CapsVersion.objects.count() == 1
    with pytest.raises(CapsChangedMeanwhile):
        set_caps(by=lead, caps={}, why="late", now=timezone.now(), seen=0)


def test_a_lead_of_a_line_sets_caps_of_that_line_only():
    lob = a_lob()
    lead = a_staff_member("LOB_LEAD", None)
    lead.skills.create(lob=lob, language="en")
    own, everybody = f"{FORM}?lob={lob.key}", FORM

    assert browser_of(lead).post(own, typed(longest_run=3)).status_code == 302
    assert browser_of(lead).post(everybody, typed(longest_run=3)).status_code == 403
    assert CapsVersion.objects.get().lob == lob


def test_who_may_look_and_who_may_set():
    leader = a_team_leader()
    assert browser_of(leader).get("/lead/capacity/caps").status_code == 200
    assert browser_of(leader).get(FORM).status_code == 403
    assert browser_of(an_agent()).get("/lead/capacity/caps").status_code == 404
    assert browser_of(a_regional_lead()).get(f"{FORM}?vendor=nobody").status_code == 404


def test_many_rules_cost_as_many_queries_as_one(django_assert_max_num_queries):
    lead = a_regional_lead()
    for role in ("", "AGENT", "SPECIALIST", "TEAM_LEADER"):
        set_caps(by=lead, caps={"shift_minutes": 60}, why="x", now=timezone.now(), role=role)
    browser = browser_of(lead)
    browser.get("/lead/capacity/caps")
    with django_assert_max_num_queries(12):
        browser.get("/lead/capacity/caps")
