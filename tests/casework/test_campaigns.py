"""A campaign: which cases, whose next case, two leads, how it burns down, what is said after."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework import campaigns
from caseward.casework.campaigns.choosing import count_fitting
from caseward.casework.models import Campaign, CampaignCase, CampaignMember, Case
from caseward.casework.services import (
    NothingToTake,
    release_case,
    reopen_case,
    resolve_case,
    take_next_case,
)
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY_9AM + timedelta(days=4)
LATER = MONDAY_9AM + timedelta(hours=1)
MALAY = "language=ms&age=2-"


def old(hours=60, **case):
    return a_case(language="ms", opened_at=MONDAY_9AM - timedelta(hours=hours), **case)


def a_helper(**fields):
    return an_agent(languages=("en", "ms"), **fields)


def plan(*members, **fields):
    values = {"name": "Malay account recovery", "goal_at": FRIDAY, **fields}
    return campaigns.Plan(members=members, **values)


def started(*members, query=MALAY, by=None, **fields):
    by = by or a_team_leader()
    return campaigns.start_campaign(
        by=by, query=query, plan=plan(*members, **fields), now=MONDAY_9AM
    )


def resolved(case, by, at):
    resolve_case(reference=case.reference, by=by, disposition=a_disposition(case.lob), now=at)


def test_it_begins_with_the_cases_that_fit_the_list():
    fits, too_young, english = old(), old(hours=40), a_case()
    campaign = started()

    assert count_fitting(MALAY, by=campaign.started_by, now=MONDAY_9AM) == 1
    assert [member.case for member in campaign.cases.all()] == [fits]
    assert too_young.pk != english.pk
    assert Event.objects.get(kind="campaign.started").data["cases"] == 1


def test_nothing_that_fits_and_nobody_who_leads_start_nothing():
    with pytest.raises(campaigns.NoCaseFits):
        started()
    old()
    with pytest.raises(campaigns.NoSuchCampaign):
        started(by=an_agent())


def test_who_helps_gets_its_cases_first_and_others_do_not():
    helper, other = a_helper(), a_helper()
    urgent, usual = a_case(), a_case()
    Case.objects.filter(pk=urgent.pk).update(urgency=1)  # more urgent, of no campaign
    ours = old()
    started(helper)

    assert take_next_case(by=helper, now=MONDAY_9AM) == ours
    assert Event.objects.get(kind="case.assigned").data["how"] == "campaign"
    assert take_next_case(by=other, now=MONDAY_9AM) == urgent
    assert take_next_case(by=helper, now=MONDAY_9AM) == usual


def test_routing_holds_in_a_campaign_too():
    helper = a_helper()
    ours = old()
    started(helper)
    stranger = a_helper(vendor=a_vendor("melati"))

    with pytest.raises(campaigns.CannotHelp) as refused:
        started(stranger)
    assert refused.value.names == [stranger.name]
    Case.objects.filter(pk=ours.pk).update(assignee=helper)
    with pytest.raises(NothingToTake):
        take_next_case(by=helper, now=MONDAY_9AM)


def test_an_agent_of_a_vendor_asks_as_themselves():
    helper = a_helper()
    ours, foreign = old(), old(vendor=a_vendor("melati"))
    campaign = started(helper)
    assert campaign.cases.count() == 2

    with acting(Actor.staff(helper)):
        assert take_next_case(by=helper, now=MONDAY_9AM) == ours
        assert [each.case_id for each in CampaignCase.objects.all()] == [ours.pk]
        assert Campaign.objects.get() == campaign
    assert foreign.pk != ours.pk
    colleague = a_helper()
    with acting(Actor.staff(colleague)):
        assert not Campaign.objects.exists()
        assert not CampaignMember.objects.exists()


def test_paused_and_stopped_people_work_as_usual_again():
    lead, helper = a_team_leader(), a_helper()
    ours, urgent = old(), a_case()
    Case.objects.filter(pk=urgent.pk).update(urgency=1)
    campaign = started(helper, by=lead, macros=["sorry"])
    asked = {"campaign_id": campaign.pk, "by": lead, "now": LATER}

    def comes_first(case):
        taken = take_next_case(by=helper, now=LATER)
        release_case(reference=taken.reference, by=helper, now=LATER)
        return taken == case

    assert comes_first(ours)
    assert campaigns.macros_first(staff=helper) == ("sorry",)
    campaigns.pause_campaign(seen=1, **asked)
    assert comes_first(urgent)
    assert campaigns.macros_first(staff=helper) == ()
    campaigns.resume_campaign(seen=2, **asked)
    assert comes_first(ours)
    campaigns.stop_campaign(seen=3, **asked)
    assert comes_first(urgent)
    with pytest.raises(campaigns.CampaignOver):
        campaigns.resume_campaign(seen=4, **asked)


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_stop_is_taken_back_within_a_day_to_what_was_before(is_paused):
    lead, helper = a_team_leader(), a_helper()
    old()
    campaign = started(helper, by=lead)
    asked = {"campaign_id": campaign.pk, "by": lead}
    if is_paused:
        campaign = campaigns.pause_campaign(seen=1, now=LATER, **asked)
    campaigns.stop_campaign(seen=campaign.revision, now=LATER, **asked)

    with pytest.raises(campaigns.CampaignOver):
        campaigns.restore_campaign(now=LATER + timedelta(days=1), **asked)
    restored = campaigns.restore_campaign(now=LATER + timedelta(hours=23), **asked)
    again = campaigns.restore_campaign(now=LATER + timedelta(hours=23), **asked)

    assert (restored.state, restored.ended_at) == ("PAUSED" if is_paused else "RUNNING", None)
    assert again.revision == restored.revision
    assert Event.objects.filter(kind="campaign.restored").count() == 1
    assert campaigns.campaigns_of(helper.pk) == ([] if is_paused else [campaign.pk])


def test_the_second_of_two_leads_is_told_and_changes_nothing():
    first, second, helper = a_team_leader(), a_team_leader(), a_helper()
    old()
    campaign = started(by=first)
    asked = {"campaign_id": campaign.pk, "seen": 1, "now": LATER}

    campaigns.change_campaign(by=first, plan=plan(helper, name="Renamed"), **asked)
    with pytest.raises(campaigns.CampaignChanged):
        campaigns.change_campaign(by=second, plan=plan(name="Mine"), **asked)

    campaign.refresh_from_db()
    assert (campaign.name, campaign.members.count()) == ("Renamed", 1)


def test_cases_that_come_to_fit_join_where_it_grows():
    helper = a_helper()
    old()
    young = old(hours=47)
    campaign, fixed = started(helper, takes_new=True), started(name="Fixed")

    assert campaigns.sweep(now=MONDAY_9AM) == 0
    assert campaigns.sweep(now=MONDAY_9AM + timedelta(hours=2)) == 1
    assert campaign.cases.filter(case=young).exists()
    assert not fixed.cases.filter(case=young).exists()


def test_it_burns_down_as_the_ledger_tells():
    helper, cases = a_helper(), [old() for _ in range(4)]
    campaign = started(helper)
    day = timedelta(days=1)
    resolved(cases[0], helper, MONDAY_9AM + day)
    resolved(cases[1], helper, MONDAY_9AM + day)
    reopen_case(reference=cases[1].reference, by=helper, now=MONDAY_9AM + 2 * day)
    now = MONDAY_9AM + 3 * day
    burn = campaigns.burn_of(campaign, now=now)
    drawn = dict(zip(burn.at, burn.open, strict=True))

    assert (burn.open[0], burn.planned[0], burn.planned[-1]) == (4, 4, 0)
    assert drawn[now] == 3
    assert min(count for count in burn.open if count is not None) == 2
    assert burn.open[-1] is None
    report = campaigns.report_of(campaign, now=now)
    assert (report.cases, report.cleared, report.still_open) == (4, 1, 3)
    assert (report.by_members, report.reopened) == (1, 1)


def test_what_is_finished_is_noted_and_what_is_reopened_too():
    helper, case = a_helper(), old()
    campaign = started(helper)
    resolved(case, helper, LATER)

    assert campaigns.sweep(now=LATER) == 1
    assert not campaign.cases.get().is_open
    reopen_case(reference=case.reference, by=helper, now=LATER)
    assert campaigns.sweep(now=LATER) == 1
    assert campaigns.sweep(now=LATER) == 0


def test_the_database_keeps_a_goal_after_the_start():
    campaign = Campaign(
        name="x", query="", started_by=a_team_leader(), started_at=MONDAY_9AM, goal_at=MONDAY_9AM
    )
    with pytest.raises(IntegrityError, match="campaign_goal_after"), transaction.atomic():
        campaign.save()


def test_a_line_of_business_somebody_does_not_see_adds_nothing():
    old(lob=a_lob("age-support"))
    lead = a_team_leader()
    lead.role = "LOB_LEAD"
    lead.save()
    a_lob()

    with pytest.raises(campaigns.NoCaseFits):
        started(by=lead)
