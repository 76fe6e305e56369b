"""Campaigns and aged cases by browser: starting, two leads, ending; deciding, refusing."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework import campaigns
from caseward.casework.models import Campaign, Case
from caseward.org.catalogue import look_again
from caseward.policy.models import EscalationTemplate
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_macro,
    a_playbook,
    a_queue,
    a_reason,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db

NEW = "/lead/backlog/campaigns/new"
QUERY = "language=ms"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def local(**ahead):
    return timezone.localtime(timezone.now() + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def plan(*members, **said):
    return {
        "query": QUERY, "name": "Malay first", "goal_at": local(days=3),
        "members": [member.pk for member in members], **said,
    }  # fmt: skip


def started(browser, *members, **said):
    answer = browser.post(NEW, plan(*members, **said))
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


@pytest.fixture
def helper():
    return an_agent(languages=("en", "ms"))


@pytest.fixture
def malay(helper):
    return a_case(language="ms", opened_at=timezone.now() - timedelta(days=3))


def test_it_says_how_many_cases_fit_and_who_can_help(helper, malay):
    a_case()
    stranger = an_agent(vendor=a_vendor("melati"), languages=("ms",))
    lead = signed_in(a_team_leader())
    answer = lead.get(f"{NEW}?{QUERY}&age=2-")
    page = answer.content.decode()

    assert "1 case fits now" in page
    assert "Bahasa Melayu · Older than 2 days" in page
    assert answer.context["chosen"].helpers == [helper]
    assert stranger.is_active
    a_queue(1, a_vendor(), a_lob(), "ta")
    part = lead.get(NEW, {"language": "ta"}, headers={"HX-Request": "true"}).content.decode()
    assert "0 cases fit now" in part
    assert "<html" not in part
    ticked = lead.get(NEW, {"language": "ms", "members": helper.pk}).content.decode()
    assert f'value="{helper.pk}" checked' in ticked


def test_it_is_started_paused_and_stopped(helper, malay):
    a_macro("sorry")
    lead = signed_in(a_team_leader())
    url = started(lead, helper, macros=["sorry"], takes_new="on")
    page = lead.get(url).content.decode()

    assert "0 of 1 finished" in page
    assert helper.name in page
    assert "Malay first" in lead.get("/lead/backlog/campaigns").content.decode()
    lead.post(f"{url}/pause", {"revision": 1})
    assert "Go on" in lead.get(url).content.decode()
    lead.post(f"{url}/resume", {"revision": 2})
    lead.post(f"{url}/stop", {"revision": 3})
    assert "What became of it" in lead.get(url).content.decode()
    assert campaigns.campaigns_of(helper.pk) == []


def test_a_stop_by_mistake_is_taken_back(helper, malay):
    lead = signed_in(a_team_leader())
    url = started(lead, helper)
    page = lead.post(f"{url}/stop", {"revision": 1}, follow=True).content.decode()

    assert page.count(f'action="{url}/restore"') == 2  # beside what was said, and on the page
    page = lead.post(f"{url}/restore", follow=True).content.decode()
    assert "as it was before it was stopped" in page
    assert campaigns.campaigns_of(helper.pk) == [Campaign.objects.get().pk]

    lead.post(f"{url}/stop", {"revision": 3}, follow=True)
    Campaign.objects.update(ended_at=timezone.now() - timedelta(days=2))
    page = lead.post(f"{url}/restore", follow=True).content.decode()
    assert "It was stopped too long ago" in page
    assert f'action="{url}/restore"' not in page


def test_two_leads_do_not_overwrite_each_other(helper, malay):
    first, second = signed_in(a_team_leader()), signed_in(a_team_leader())
    url = started(first, helper)
    first.post(f"{url}/change", plan(helper, name="First", revision=1))
    answer = second.post(f"{url}/change", plan(name="Second", revision=1))

    assert answer.status_code == 422
    assert "Another lead changed this campaign meanwhile" in answer.content.decode()
    assert Campaign.objects.get().name == "First"


def test_what_makes_no_sense_is_asked_again(helper, malay):
    stranger = an_agent(vendor=a_vendor("melati"), languages=("ms",))
    lead = signed_in(a_team_leader())
    for said, words in (
        ({"goal_at": local(days=-1)}, "This moment is over"),
        ({"name": ""}, "This field is required"),
        ({"query": "language=ta"}, "No unfinished case fits"),
    ):
        answer = lead.post(NEW, plan(helper if "query" not in said else stranger, **said))
        assert answer.status_code == 422
        assert words in answer.content.decode() or "may take none" in answer.content.decode()
    answer = lead.post(NEW, plan(stranger))
    assert "may take none of these cases" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_who_leads_nobody_learns_of_no_campaign(helper, malay):
    url = started(signed_in(a_team_leader()), helper)
    for person in (helper, a_specialist()):
        browser = signed_in(person)
        for address in (NEW, url, "/lead/backlog/campaigns", "/lead/backlog/aged"):
            assert browser.get(address).status_code == 404
        assert browser.post(f"{url}/stop", {"revision": 1}).status_code == 404


def test_an_aged_case_is_kept_and_comes_back_later(malay):
    lead = signed_in(a_team_leader())
    assert malay.reference in lead.get("/lead/backlog/aged").content.decode()
    answer = lead.post(
        f"/lead/backlog/aged/{malay.reference}",
        {"outcome": "KEPT", "next_step": "Ask the bank.", "look_again_at": local(days=2)},
    )

    assert answer.status_code == 302
    assert malay.reference not in lead.get("/lead/backlog/aged").content.decode()
    later = lead.get("/lead/backlog/aged?decided=1").content.decode()
    assert "Ask the bank." in later
    timeline = lead.get(f"/desk/case/{malay.reference}").content.decode()
    assert "Looked at for its age: Ask the bank." in timeline


def test_an_aged_case_is_given_handed_up_or_snoozed_from_its_list(malay):
    lead = signed_in(a_team_leader())
    page = lead.get("/lead/backlog/aged").content.decode()

    for act in ("assign", "escalate", "snooze"):
        address = f"/desk/case/{malay.reference}/{act}"
        assert f'href="{address}"' in page
        assert lead.get(address).status_code == 200
    Case.objects.update(status="ESCALATED", tier=2, queue=a_queue(2, None, a_lob(), "ms"))
    assert "/escalate" not in lead.get("/lead/backlog/aged").content.decode()


def test_a_playbook_and_a_template_stand_in_the_way_of_a_decision_too(malay):
    reason, ending = a_reason(), a_disposition()
    a_playbook(reason, [{"key": "lock", "texts": {"en": "Lock the account."}, "is_gate": True}])
    handle = {"key": "handle", "kind": "text", "required": True, "labels": {"en": "Account"}}
    EscalationTemplate.objects.create(lob=malay.lob, facts=[handle])
    look_again()
    Case.objects.update(reason=reason)
    for said, words in (
        ({"outcome": "RESOLVED", "disposition": ending.pk}, "Lock the account."),
        ({"outcome": "ESCALATED"}, "Tier 2 asks for facts that nobody gave."),
    ):
        answer = signed_in(a_team_leader()).post(
            f"/lead/backlog/aged/{malay.reference}", {"next_step": "Decide.", **said}
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Case.objects.get(pk=malay.pk).status == "NEW"


def test_a_decision_that_lacks_something_is_asked_again(malay):
    lead = signed_in(a_team_leader())
    for said, words in (
        ({"outcome": "KEPT"}, "Choose a moment to come"),
        ({"outcome": "RESOLVED"}, "Choose how the case ended."),
        ({"outcome": "MOVED", "lob": malay.lob_id, "language": "ms"}, "Choose another line"),
    ):
        answer = lead.post(
            f"/lead/backlog/aged/{malay.reference}", {"next_step": "x", "lob": "", **said}
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_case_that_changed_meanwhile_is_not_decided_about(malay):
    lead, other = signed_in(a_team_leader()), signed_in(a_team_leader())
    address = f"/lead/backlog/aged/{malay.reference}"
    seen = lead.get(address).context["seen"]
    ending = a_disposition()
    other.post(address, {"outcome": "RESOLVED", "next_step": "Done.", "disposition": ending.pk})

    answer = lead.post(
        address,
        {"outcome": "KEPT", "next_step": "x", "look_again_at": local(days=2), "seen": seen},
    )
    assert answer.status_code == 422
    assert Case.objects.get(pk=malay.pk).status == "RESOLVED"


def test_the_backlog_leads_to_a_campaign_about_what_it_shows(malay):
    lead = signed_in(a_team_leader())
    page = lead.get("/lead/backlog/", {"language": "ms"}).content.decode()

    assert f"{NEW}?{urlencode({'language': 'ms'})}" in page
