"""The pages of the rules of routing."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from caseward.org.models import VendorShare
from caseward.routing.models import Queue, RuleSet, RuleTrial, Weight
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
    tried = browser.get(page).text
    assert "Switch on" in tried
    assert "Share of Account Security for Northstar" in tried
    assert "Gone to another person" in tried
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


def limits(**changes):
    fields = {
        "most ALL": "12", "units EMAIL": "2", "most EMAIL": "8", "most FORM": "",
        "weight continuity": "0", "weight priority": "30", "weight age": "1.5",
    }  # fmt: skip
    return fields | changes


def test_capacity_hold_back_and_weights_are_proposed_and_shown_in_words(scene):
    queue = Queue.objects.filter(vendor__key="melati").get()
    browser = browser_of(a_regional_lead())

    sent = browser.post(reverse("routing-propose"), form() | limits() | {f"hold {queue.pk}": "45"})

    content = RuleSet.objects.get().content
    assert content["rooms"] == {"": [1.0, 12.0], "EMAIL": [2.0, 8.0]}
    assert content["hold_back"] == {str(queue.pk): 45}
    assert (content["weights"]["priority"], content["weights"]["continuity"]) == (30.0, 0.0)
    page = browser.get(sent.url).text
    for told in (
        "8 units at once; a case takes 2", "no limit of its own", "30 minutes for each step",
        "does not count", "left to a shift that begins within 45m", "20 units",
    ):  # fmt: skip
        assert told in page


@pytest.mark.parametrize(
    ("changes", "told", "section"),
    [
        ({"most EMAIL": "-1"}, "E-mail: write numbers above 0", "Capacity"),
        ({"units EMAIL": "0"}, "E-mail: write numbers above 0", "Capacity"),
        ({"most EMAIL": "1e9"}, "E-mail: write numbers above 0", "Capacity"),
        ({"units EMAIL": "9"}, "No case of E-mail would ever fit: it takes 9 units", "Capacity"),
        ({"weight age": "nan"}, "Time waited: write the minutes", "What counts how much"),
        ({"weight age": "-3"}, "Time waited: write the minutes", "What counts how much"),
        ({"weight age": "1441"}, "Time waited: write the minutes", "What counts how much"),
        ({"weight age": ""}, "Time waited: write the minutes", "What counts how much"),
    ],
)
def test_limits_that_cannot_stand_are_refused_and_their_part_is_open(scene, changes, told, section):
    answer = browser_of(a_regional_lead()).post(
        reverse("routing-propose"), form() | limits(**changes)
    )

    assert answer.status_code == 422
    assert told in answer.text
    (name, typed), *_ = changes.items()
    assert f'name="{name}" inputmode="decimal" value="{typed}"' in answer.text
    opened = re.findall(
        r"<details class=\"card rules__part\" open>\s*<summary>([^<]+)", answer.text
    )
    assert any(summary.startswith(section) for summary in opened)
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize("minutes", ["1.5", "-1", "1441", "soon"])
def test_hold_back_is_whole_minutes_of_a_day(scene, minutes):
    queue = Queue.objects.filter(vendor__key="melati").get()
    answer = browser_of(a_regional_lead()).post(
        reverse("routing-propose"), form() | {f"hold {queue.pk}": minutes}
    )

    assert answer.status_code == 422
    assert "hold back for whole minutes, up to 1440" in answer.text


def test_a_form_without_changes_is_folded_and_asks_for_the_reason_first(scene):
    page = browser_of(a_regional_lead()).get(reverse("routing-propose")).text

    assert 'rules__part" open' not in page
    assert page.index('name="note"') < page.index('<details class="card')


def test_the_rules_in_force_say_what_counts_how_much(scene):
    Weight.objects.create(code="continuity", minutes=5)

    page = browser_of(a_team_leader()).get(reverse("routing-rules")).text

    assert "5 minutes" in page
    assert "usually 20 minutes" in page
    assert "All channels together" in page


@pytest.mark.parametrize(
    ("replayed", "told"),
    [(3600, "comes close to that week"), (600, "no wait in it is a promise"), (9000, "did better")],
)
def test_the_result_says_how_far_the_replay_is_from_what_happened(scene, replayed, told):
    lead = a_regional_lead()
    browser = browser_of(lead)
    sent = browser.post(reverse("routing-propose"), form() | limits())
    (proposed,) = RuleSet.objects.all()
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=proposed.written_at)
    part = {"cases": 9, "given": 9, "missed": 1, "median_wait": replayed, "wait_of_nine_in_ten": 1}
    summary = {"moved": 0, "really": part | {"median_wait": 3600}, "before": part, "after": part}
    RuleTrial.objects.filter(pk=trial.pk).update(
        state="DONE", finished_at=trial.asked_at, summary=summary
    )

    page = unescape(browser.get(sent.url).text)

    assert told in page
    assert "What the replay knows, and what it does not" in page


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


@pytest.mark.parametrize("name", ["routing-rules", "routing-propose"])
def test_a_page_asks_the_same_number_of_questions_for_many_queues_and_sets(
    scene, name, django_assert_max_num_queries
):
    lead = a_regional_lead()
    browser = browser_of(lead)
    counted = []
    for round_of in range(2):
        browser.get(reverse(name))
        with django_assert_max_num_queries(60) as asked:
            browser.get(reverse(name))
        counted.append(len(asked))
        for key in ("age-support", "platform-integrity") if not round_of else ():
            line = a_lob(key)
            a_share(a_vendor("northstar"), line, share=1.0)
            a_reason(line)
        for number in range(3):
            RuleSet.objects.create(
                base={}, content={}, note=f"Try {number}", written_by=lead,
                written_at=datetime.now(UTC),
            )  # fmt: skip

    assert counted[0] == counted[1]
