"""Escalations side by side: by hand, with intervals; figures open; agents for their leads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Escalation
from caseward.casework.services import escalate_case, resolve_case, return_escalation
from caseward.metrics import escalation_rates as figures
from caseward.metrics.escalation_rates import Asked, Share
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember, Team
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_regional_lead,
    a_specialist,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


def worked(agent, *, escalated, resolved, returned=0, by=None):
    now = timezone.now() - timedelta(hours=2)
    for number in range(escalated + resolved):
        case = a_case(assignee=agent, opened_at=now, email=f"{agent.pk}.{number}@example.com")
        if number >= escalated:
            resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=now)
            continue
        escalate_case(reference=case.reference, by=agent, why="a", tried="b", now=now)
        if number < returned:
            return_escalation(
                reference=case.reference, by=by, verdict="AVOIDABLE", note="Ask.", now=now,
                quality="INCOMPLETE", quality_note="Handle",
            )  # fmt: skip


def asked(**only):
    now = timezone.now()
    return Asked(start=now - timedelta(weeks=1), end=now, lob_ids=[a_lob().pk], now=now, only=only)


def page_of(person, url="/lead/escalations", status=200):
    browser = Client()
    browser.force_login(person)
    answer = browser.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


@pytest.fixture
def scene():
    theo = a_specialist()
    asha, nur = an_agent(name="Asha Verma"), an_agent(a_vendor("melati"), name="Nur Aini")
    worked(asha, escalated=3, resolved=1, returned=2, by=theo)
    worked(nur, escalated=1, resolved=5)
    look_again()
    return asha, nur


def test_every_share_is_what_one_counts_by_hand(scene):
    asha, nur = scene

    by_vendor = {each.grouped: each.shares for each in figures.rates(asked(), "vendor")}

    assert by_vendor[asha.vendor_id]["rate"] == Share(3, 4)
    assert by_vendor[asha.vendor_id]["needed"] == Share(0, 2)
    assert by_vendor[asha.vendor_id]["complete"] == Share(0, 2)
    assert by_vendor[asha.vendor_id]["returned"] == Share(2, 2)
    assert by_vendor[nur.vendor_id]["rate"] == Share(1, 6)


def test_all_together_has_the_median_of_all_and_not_of_the_groups(scene):
    hours = [1, 2, 5, 9]
    for number, escalation in zip(hours, Escalation.objects.order_by("pk"), strict=True):
        escalation.accepted_at = escalation.raised_at + timedelta(hours=number)
        escalation.ended_at = None if not escalation.outcome else escalation.accepted_at + HALF_HOUR
        escalation.save()

    assert figures.waits_together(asked()) == (timedelta(hours=3, minutes=30), HALF_HOUR)
    assert figures.waits_together(asked(vendor=0)) == (None, None)
    row = page_of(a_regional_lead()).split("All together")[1].split("</tr>")[0]
    assert '<td class="number">3h 30m</td><td class="number">30m</td>' in row


@pytest.mark.parametrize("by", figures.GROUPS)
def test_every_figure_opens_into_exactly_its_cases(scene, by):
    groups = figures.rates(asked(), by)
    assert groups
    for group in groups:
        only = {by: group.grouped} if group.grouped else {}
        for key, parts in figures.BEHIND.items():
            share = group.shares[key]
            for part, count in zip(parts, (share.counted, share.out_of), strict=True):
                found = figures.behind(asked(**only), part, at_most=100)
                assert len(found) == count == figures.count_behind(asked(**only), part)


def test_pages_of_cases_leave_none_out(scene):
    whole = figures.behind(asked(), "all", at_most=100)
    first = figures.behind(asked(), "all", at_most=4)
    last = first[-1]
    rest = figures.behind(asked(), "all", after=(last.at, last.case_id, last.nth), at_most=100)

    assert first + rest == whole
    assert len(whole) == 10


def test_few_cases_put_nobody_on_top_and_have_no_point(scene):
    asha, _nur = scene
    newcomer = an_agent()
    worked(newcomer, escalated=1, resolved=0)

    order = [each.grouped for each in figures.rates(asked(), "agent")]

    assert order[0] == asha.pk
    assert Share(1, 1).share is None
    assert Share(3, 15).share == 0.2


def test_a_figure_on_the_page_leads_to_a_page_with_as_many_rows(scene):
    lead = a_regional_lead()
    page = page_of(lead)
    assert page.index("Northstar") < page.index("Melati")
    urls = [part.split('"')[0] for part in page.split('href="')[1:]]
    opened = [url.replace("&amp;", "&") for url in urls if "escalations/cases" in url]

    everything = page_of(lead, opened[0])

    assert everything.count('class="reference"') == 4
    assert "4 of them" in everything
    assert "CSV" in page


def test_single_agents_are_shown_to_those_who_lead_them(scene):
    asha, nur = scene
    leader, other = a_team_leader(), a_team_leader()
    Team.objects.filter(pk=asha.team_id).update(leader=leader)
    look_again()
    url = "/lead/escalations?by=agent"

    page = page_of(leader, url)
    assert "Asha Verma" in page
    assert "Nur Aini" not in page
    assert "Nur Aini" in page_of(a_regional_lead(), url)
    for reader in (other, a_staff_member(StaffMember.Role.VENDOR_MANAGER)):
        page_of(reader, url, status=404)
        page_of(reader, f"/lead/escalations/cases?agent={asha.pk}&part=all", status=404)
    page_of(leader, f"/lead/escalations/cases?agent={nur.pk}&part=all", status=404)
    page_of(asha, status=404)
    assert "Nur Aini" not in page_of(leader, "/lead/escalations.csv?by=agent")


def test_odd_addresses_are_not_there():
    lead = a_regional_lead()
    for query in ("by=shoe", "lob=99999", "lob=x"):
        page_of(lead, f"/lead/escalations?{query}", status=404)
    page_of(lead, "/lead/escalations/cases?part=shoe", status=404)
    page_of(lead, "/lead/escalations/cases?after=nonsense&weeks=900")
