"""Pages of the law: presets and their two people, misses and their reasons, a case's clocks."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caseward.casework.models import Notice
from caseward.casework.services import note_missed_clocks, warn_of_deadlines
from caseward.org.catalogue import look_again
from caseward.policy.legal import loading
from caseward.policy.legal.models import LegalPreset
from caseward.sla.models import Miss
from caseward.web.views.law.words import checked
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_promise,
    a_regional_lead,
    a_team_leader,
    an_agent,
)
from tests.law import a_law
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
KEY = "MY-ONSA-22"
HOUR = timedelta(hours=1)


def page(browser, name, *args, status=200):
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


def test_other_languages_are_told_that_laws_are_in_english():
    loading.load(now=MONDAY_9AM)
    look_again()
    english, malay = (browser_of(a_regional_lead(language=code)) for code in ("en", "ms"))

    assert "Texts of laws are in English." not in page(english, "laws")
    listed = page(malay, "laws")
    assert '<html lang="ms"' in listed
    assert '<p class="small" lang="en">' in listed


def post(browser, name, *args, **data):
    return browser.post(reverse(name, args=args), data, follow=True).content.decode()


def test_two_leads_switch_a_law_on_and_its_page_says_what_became_of_it():
    loading.load(now=MONDAY_9AM)
    asker, approver = browser_of(a_regional_lead()), browser_of(a_regional_lead())
    listed = page(asker, "laws")
    assert "This is not legal advice." in listed
    assert "Malaysia" in listed

    asked = post(asker, "law-ask", KEY, kind="SWITCH_ON", why="It binds us")
    assert "somebody else approves it" in asked
    change = LegalPreset.objects.get(key=KEY).changes.get(outcome="")
    post(asker, "law-decide", KEY, change=change.pk, does="approve")
    assert not LegalPreset.objects.get(key=KEY).is_on

    post(approver, "law-decide", KEY, change=change.pk, does="approve")

    assert LegalPreset.objects.get(key=KEY).is_on
    shown = page(approver, "law", KEY)
    assert "Approved: Switch on" in shown
    assert "24 hours" in shown


def test_a_law_to_be_compared_again_is_said_beside_every_leads_page():
    preset, lead = a_law("MY-ONSA-22"), browser_of(a_regional_lead())
    calm = page(lead, "backlog") + page(lead, "lead")
    assert "compared with" not in calm

    LegalPreset.objects.filter(pk=preset.pk).update(review_by="2026-01-01")
    look_again()

    assert "switched on, to be compared with the law again" in page(lead, "backlog")
    assert "1 law that is switched on must be compared with its text again." in page(lead, "lead")


def test_a_version_that_cannot_be_read_is_refused_with_the_text_kept():
    loading.load(now=MONDAY_9AM)
    lead = browser_of(a_regional_lead())

    for text in ("stages: [", "id: X", "just words"):
        answer = lead.post(reverse("law-edit", args=[KEY]), {"content": text, "why": "Try"})
        assert answer.status_code == 422
        assert "cannot be read as a preset" in answer.content.decode()
        assert text in answer.content.decode()


def test_a_team_leader_reads_laws_and_changes_none():
    loading.load(now=MONDAY_9AM)
    leader = browser_of(a_team_leader())

    assert "Ask to switch it on" not in page(leader, "law", KEY)
    page(leader, "law-edit", KEY, status=404)
    assert "Only delivery leads" in post(leader, "law-ask", KEY, kind="SWITCH_ON", why="I like it")


def test_misses_wait_until_somebody_says_why_and_that_can_be_taken_back():
    a_promise(duration=HOUR)
    case = a_case()
    note_missed_clocks(now=MONDAY_9AM + 2 * HOUR)
    leader, miss = browser_of(a_team_leader()), Miss.objects.get()
    assert case.reference in page(leader, "misses")
    assert "1 waits for an explanation" in page(leader, "misses")

    answer = leader.post(reverse("misses-explain"), {"miss": miss.pk, "cause": "", "text": "Ill"})
    assert answer.status_code == 422
    post(leader, "misses-explain", miss=miss.pk, cause="ABSENCE", text="Two were ill.")

    miss.refresh_from_db()
    assert (miss.cause, miss.text) == ("ABSENCE", "Two were ill.")
    assert case.reference not in page(leader, "misses")
    post(leader, "miss-take-back", miss.pk)
    assert case.reference in page(leader, "misses")


@pytest.mark.parametrize(
    "query", ["after=x", "after=1_2", "after=99999999999999999999_1", "lob=x", "kind=NO"]
)
def test_nonsense_in_the_address_of_the_misses_is_left_out(query):
    leader = browser_of(a_team_leader())

    assert leader.get(f"{reverse('misses')}?{query}").status_code == 200


def test_a_case_says_why_a_clock_runs_and_what_was_done_is_written_down_and_taken_back():
    a_law(KEY)
    agent = an_agent()
    case = a_case(
        country="MY", tags=["financial-fraud"], assignee=agent, opened_at=timezone.now() - HOUR
    )
    browser = browser_of(agent)
    shown = page(browser, "case", case.reference)
    assert "Why this clock" in shown
    assert "financial-fraud" in shown

    post(browser, "case-legal", case.reference, event="interim_applied", note="Blocked")
    assert case.clocks.filter(kind="DECISION").exists()
    law = page(browser, "case-legal", case.reference)
    number = law.partition('name="number" value="')[2].partition('"')[0]
    post(browser, "case-legal-take-back", case.reference, number=number)

    assert not case.clocks.filter(kind="DECISION").exists()


def test_notices_are_counted_listed_and_read():
    a_promise(duration=4 * HOUR)
    agent = an_agent()
    case = a_case(assignee=agent)
    warn_of_deadlines(now=MONDAY_9AM + 2 * HOUR)
    browser = browser_of(agent)

    assert "1 unread notice" in page(browser, "my-cases")
    assert case.reference in page(browser, "notices")
    post(browser, "notices-read", notice=Notice.objects.get().pk)

    assert "Nothing waits for you here." in page(browser, "notices")


@pytest.mark.parametrize(
    ("grade", "by", "words"),
    [
        ("P", "Caseward", "The text of the law was read for Caseward on 22 November 2026."),
        ("S", "Caseward, from secondary sources", "Secondary sources were read for Caseward"),
        ("K", "Caseward, unverified", "from common knowledge."),
    ],
)
def test_a_law_that_came_with_caseward_is_not_called_verified(grade, by, words):
    preset = LegalPreset(last_verified_on=date(2026, 11, 22), verified_by=by)

    said = checked(preset, grade)

    assert words in said
    assert said.endswith("Nobody in this operation has verified it yet.")


def test_a_law_that_somebody_here_compared_names_them():
    preset = LegalPreset(last_verified_on=date(2026, 11, 22), verified_by="Ananya Deshpande")

    assert checked(preset, "P") == "Verified on 22 November 2026 by Ananya Deshpande."
