"""The pages of the rules of routing."""

import pytest
from django.test import Client
from django.urls import reverse

from caseward.org.models import VendorShare
from caseward.routing.models import RuleSet
from caseward.routing.rules import changing
from tests.builders import (
    a_lob,
    a_reason,
    a_regional_lead,
    a_share,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    lob = a_lob()
    a_reason(lob)
    for key in ("northstar", "melati"):
        a_share(a_vendor(key), lob, share=0.5)
        an_agent(a_vendor(key), lob)
    return lob


def form(**changes):
    fields = {
        "share account-security northstar": "50",
        "share account-security melati": "50",
        "certification account-security lost-login": "",
        "level account-security lost-login": "1",
        "note": "Melati grows",
    }
    return fields | changes


def test_a_lead_proposes_tries_and_switches_on(scene):
    browser = browser_of(a_regional_lead())

    sent = browser.post(
        reverse("routing-propose"), form(**{"share account-security northstar": "40"})
    )
    (proposed,) = RuleSet.objects.all()
    page = reverse("routing-rule-set", args=[proposed.pk])
    assert sent.url == page
    assert "50.0 %" in browser.get(page).text
    too_soon = browser.post(reverse("routing-rule-set-act", args=[proposed.pk, "switch-on"]))
    assert too_soon.status_code == 302
    assert VendorShare.objects.get(vendor__key="northstar").share == 0.5
    browser.post(reverse("routing-rule-set-act", args=[proposed.pk, "try"]))
    assert "every 2s" in browser.get(page).text
    changing.run_trial(
        trial_id=proposed.trials.get().pk, now=proposed.written_at, is_closed=lambda *_: False
    )
    assert "Switch on" in browser.get(page).text
    browser.post(reverse("routing-rule-set-act", args=[proposed.pk, "switch-on"]))
    assert VendorShare.objects.get(vendor__key="northstar").share == 0.4
    browser.post(reverse("routing-rule-set-act", args=[proposed.pk, "go-back"]))
    assert VendorShare.objects.get(vendor__key="northstar").share == 0.5


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"share account-security northstar": "60"}, "add up to 110.0 %"),
        ({"share account-security northstar": "lots"}, "write a percentage above 0"),
        ({"share account-security northstar": "0"}, "write a percentage above 0"),
        ({"share account-security northstar": "1e400"}, "write a percentage above 0"),
        ({"share account-security northstar": "nan"}, "write a percentage above 0"),
        ({"note": " "}, "Say why the rules should change"),
        ({}, "These are the rules in force"),
    ],
)
def test_rules_that_cannot_stand_are_refused_and_nothing_typed_is_lost(scene, changes, told):
    answer = browser_of(a_regional_lead()).post(
        reverse("routing-propose"), form(**{"note": "Kept words", **changes})
    )

    assert answer.status_code == 422
    assert told in answer.text
    assert "Kept words" in answer.text or "note" in changes
    typed = form(**changes)["share account-security northstar"]
    assert f'name="share account-security northstar" inputmode="decimal" value="{typed}"' in (
        answer.text
    )
    assert not RuleSet.objects.exists()


def an_overflow_rule(**changes):
    fields = {
        "key": "north-to-south", "origin": "1 northstar", "line": "", "language": "",
        "target": "1 melati", "waiting_over": "5", "oldest_over_minutes": "", "at_risk": "40",
        "while_closed": "", "at_a_time": "10",
    }  # fmt: skip
    return {f"overflow-0-{name}": value for name, value in (fields | changes).items()}


def test_an_overflow_rule_is_proposed_and_shown_in_words(scene):
    browser = browser_of(a_regional_lead())

    sent = browser.post(reverse("routing-propose"), form() | an_overflow_rule())

    (proposed,) = RuleSet.objects.all()
    rule = proposed.content["overflow"]["north-to-south"]
    assert (rule["waiting_over"], rule["at_risk_over"], rule["to_vendor"]) == (5, 0.4, "melati")
    assert "more than 5 wait and over 40.0 % are due within the hour" in browser.get(sent.url).text


@pytest.mark.parametrize(
    "changes", [{"at_a_time": "0"}, {"target": "3 nobody"}, {"waiting_over": "-1"}]
)
def test_an_overflow_rule_that_cannot_be_read_is_named_and_kept(scene, changes):
    answer = browser_of(a_regional_lead()).post(
        reverse("routing-propose"), form() | an_overflow_rule(**changes)
    )

    assert answer.status_code == 422
    assert "Overflow rule north-to-south" in answer.text
    assert 'value="north-to-south"' in answer.text


def test_a_team_leader_reads_the_rules_and_changes_none(scene):
    browser = browser_of(a_team_leader())

    assert browser.get(reverse("routing-rules")).status_code == 200
    assert "Change the rules" not in browser.get(reverse("routing-rules")).text
    assert browser.get(reverse("routing-propose")).status_code == 403


def test_agents_and_specialists_do_not_learn_of_the_rules(scene):
    for somebody in (an_agent(), a_specialist()):
        browser = browser_of(somebody)
        assert browser.get(reverse("routing-rules")).status_code == 404
        assert browser.post(reverse("routing-propose"), form()).status_code == 404
    assert Client().get(reverse("routing-rules")).status_code == 302


def test_an_unknown_set_or_verb_is_not_found(scene):
    browser = browser_of(a_regional_lead())

    assert browser.get(reverse("routing-rule-set", args=[987])).status_code == 404
    assert browser.post(reverse("routing-rule-set-act", args=[987, "try"])).status_code == 404
