"""Pages for rules."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.automation.models import Rule, RuleRun, RuleVersion
from caseward.automation.running import carry_out_due, meet_events
from tests.builders import a_case, a_regional_lead, a_specialist, an_agent

pytestmark = pytest.mark.django_db


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def lead():
    return a_regional_lead()


@pytest.fixture
def browser(lead):
    browser = browser_of(lead)
    browser.post("/lead/automations/new", {"title": "Tag Malay", "key": "tag-malay", "lob": ""})
    return browser


PAGE = "/lead/automations/of/tag-malay"
SAID = {"kinds": ["case.opened"], "after_minutes": 0, "add_tags": "malay", "if_language": ["ms"]}


def test_a_rule_is_written_tested_turned_on_watched_and_undone(browser, lead):
    past = a_case(language="ms", opened_at=timezone.now() - timedelta(hours=1))
    browser.post(PAGE, SAID)
    too_soon = browser.post(f"{PAGE}/1/on", follow=True).content.decode()
    tested = browser.post(f"{PAGE}/1/test", follow=True).content.decode()
    browser.post(f"{PAGE}/1/on")
    case = a_case(language="ms", email="b@example.com", opened_at=timezone.now())

    meet_events(now=timezone.now())
    carry_out_due(now=timezone.now())

    case.refresh_from_db()
    assert "Test this version against past cases first" in too_soon
    assert "It would have acted 1 times on 1 case" in tested and past.reference in tested
    assert case.tags == ["malay"]
    page = browser.get(PAGE).content.decode()
    assert case.reference in page and "Undo" in page
    browser.post(f"/lead/automations/runs/{RuleRun.objects.get().pk}/undo")
    case.refresh_from_db()
    assert case.tags == []
    assert "Tag Malay" in browser.get("/lead/automations").content.decode()


def test_a_circle_is_refused_with_its_rules_and_what_to_do(browser):
    answer = browser.post(PAGE, {**SAID, "kinds": ["case.tagged"]})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "tag-malay → tag-malay" in page and "Add a condition" in page
    assert not RuleVersion.objects.exists()


def test_a_contradiction_is_a_warning_with_a_case(browser):
    browser.post(PAGE, {**SAID, "add_tags": "", "priority": 1})
    browser.post(f"{PAGE}/1/test")
    browser.post(f"{PAGE}/1/on")
    browser.post("/lead/automations/new", {"title": "Calm", "key": "calm", "lob": ""})

    browser.post(
        "/lead/automations/of/calm",
        {"kinds": ["case.opened"], "after_minutes": 0, "priority": 4, "if_channel": ["EMAIL"]},
    )

    page = browser.get("/lead/automations/of/calm").content.decode()
    assert "calm and tag-malay want different things" in page
    assert "language ms" in page and "channel EMAIL" in page


def test_a_rule_of_all_lines_is_read_in_house_but_not_written_by_a_specialist(browser):
    specialist = browser_of(a_specialist())

    specialist.post(PAGE, SAID)

    assert specialist.get(PAGE).status_code == 200
    assert not RuleVersion.objects.exists()
    assert browser_of(an_agent()).get(PAGE).status_code == 404
    assert Rule.objects.count() == 1


def test_the_list_of_rules_costs_the_same_however_many_there_are(
    browser, django_assert_max_num_queries
):
    for number in range(20):
        Rule.objects.create(key=f"rule-{number}", title=f"Rule {number}")

    with django_assert_max_num_queries(18):
        browser.get("/lead/automations")
