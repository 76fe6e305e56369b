"""Who leads one line of business neither sees nor changes what is done in another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from caseward.casework import bulk, campaigns
from caseward.casework.floor import saying
from caseward.casework.floor.people import widest_scope
from caseward.casework.models import FloorMove, TeamMessage
from caseward.org.models import Skill
from tests.builders import (
    a_case,
    a_lob,
    a_queue,
    a_share,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


def a_lead_of(lob):
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=lob, language="en")
    return lead


@pytest.fixture
def leads():
    """Who leads the line of every case here, and who leads another."""
    other = a_lob("payments")
    a_share(a_vendor(), other)
    a_queue(1, a_vendor(), other)
    return a_lead_of(a_lob()), a_lead_of(other)


def test_a_bulk_action_is_seen_and_undone_by_who_leads_its_line(leads):
    own, foreign = leads
    author, now = a_team_leader(), timezone.now()
    action = bulk.choose_cases(by=author, references=[a_case().reference], address="", now=now)
    bulk.decide(action_id=action.pk, kind="TAG", about={"tag": "secret-storm"}, by=author)
    bulk.start(action_id=action.pk, by=author, now=now)
    while bulk.carry_on(action_id=action.pk, now=now):
        pass

    for lead, knows in [(foreign, False), (own, True)]:
        desk = browser_of(lead)
        assert ("secret-storm" in desk.get("/desk/bulk/").content.decode()) is knows
        asked = desk.post(f"/desk/bulk/{action.pk}/undo")
        assert asked.status_code == (302 if knows else 404)
        action.refresh_from_db()
        assert (action.state == "UNDOING") is knows


def test_a_campaign_is_seen_and_paused_by_who_leads_its_line(leads):
    own, foreign = leads
    a_case()
    now = timezone.now()
    plan = campaigns.Plan(name="Drive it down", goal_at=now + timedelta(days=4), members=[])
    campaign = campaigns.start_campaign(by=a_team_leader(), query="", plan=plan, now=now)
    path = f"/lead/backlog/campaigns/{campaign.pk}"

    for lead, knows in [(foreign, False), (own, True)]:
        desk = browser_of(lead)
        listed = desk.get("/lead/backlog/campaigns").content.decode()
        assert ("Drive it down" in listed) is knows
        assert desk.get(path).status_code == (200 if knows else 404)
        desk.post(f"{path}/pause", {"revision": campaign.revision})
        campaign.refresh_from_db()
        assert (campaign.state == "PAUSED") is knows


def test_a_message_to_the_floor_is_taken_back_by_who_leads_its_line(leads):
    own, foreign = leads
    an_agent()
    now = timezone.now()
    saying.tell(scope=widest_scope(own), text="Take lunch early", to="all", by=own, now=now)
    path = f"/floor/moves/{FloorMove.objects.get().pk}/undo"

    for lead, knows in [(foreign, False), (own, True)]:
        floor = browser_of(lead)
        assert ("Take lunch early" in floor.get("/floor/").content.decode()) is knows
        floor.post(path)
        assert TeamMessage.objects.filter(taken_back_at__isnull=False).exists() is knows
