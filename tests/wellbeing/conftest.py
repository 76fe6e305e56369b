"""People who meet harmful material, and those who would like to know about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from caseward.casework.models import Case
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.wellbeing import services
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_reason,
    a_regional_lead,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)


@dataclass
class People:
    agent: StaffMember
    colleague: StaffMember
    stranger: StaffMember  # of the other vendor
    team_leader: StaffMember
    regional_lead: StaffMember


@pytest.fixture
def people(db) -> People:
    return People(
        agent=an_agent(),
        colleague=an_agent(),
        stranger=an_agent(vendor=a_vendor("melati")),
        team_leader=a_team_leader(),
        regional_lead=a_regional_lead(),
    )


def at(minutes: float) -> datetime:
    return MONDAY_9AM + timedelta(minutes=minutes)


def a_severe_case(severity: int = 3, category: str = "self-harm", **new) -> Case:
    reason = a_reason(a_lob(), key=f"{category}-{severity}", severity=severity, category=category)
    return a_case(reason_id=reason.pk, **new)


def meets(
    staff: StaffMember, *, begins: float, ends: float, severity: int = 3, case_id: int = 1,
    category: str = "self-harm",
) -> None:  # fmt: skip
    """Let somebody have a case on their screen from one minute of Monday to another."""
    with acting(Actor.staff(staff)):
        step = begins
        while step < ends:
            services.began(case_id, staff.pk, severity, category, at(step))
            step += 9
        services.ended(case_id, staff.pk, at(ends))


def a_line_lead(**fields) -> StaffMember:
    return a_staff_member("LOB_LEAD", None, **fields)
