"""The people every test of this folder is about."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.org.models import StaffMember
from tests.builders import (
    a_disposition,
    a_promise,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)


def browser_of(person: StaffMember) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    return browser


@dataclass(frozen=True)
class People:
    """Northstar's agent and a colleague, Melati's agent, tier 2 and those who lead."""

    agent: StaffMember
    colleague: StaffMember
    stranger: StaffMember
    specialist: StaffMember
    leader: StaffMember
    lead: StaffMember


@pytest.fixture
def people(db) -> People:
    a_promise()
    a_promise(kind="RESOLUTION", duration=timedelta(days=2))
    a_reason()
    a_disposition()
    return People(
        agent=an_agent(name="Asha Verma"),
        colleague=an_agent(),
        stranger=an_agent(vendor=a_vendor("melati")),
        specialist=a_specialist(name="Nandini Rao"),
        leader=a_team_leader(),
        lead=a_regional_lead(),
    )


@pytest.fixture
def an_hour_ago():
    return timezone.now() - timedelta(hours=1)
