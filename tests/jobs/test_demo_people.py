"""The demo says whom to sign in as, and lets them in."""

import json
from datetime import UTC, datetime

from django.contrib.auth import authenticate

from caseward.jobs.demo import marking, people
from caseward.jobs.demo.filling import OPERATION
from caseward.jobs.operation.reading import read_operation
from caseward.org.acting import Actor, acting
from tests.builders import a_staff_member

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ROLES = {
    "Tier-1 agent": "AGENT",
    "Tier-2 specialist": "SPECIALIST",
    "Team leader": "TEAM_LEADER",
    "LOB delivery lead": "LOB_LEAD",
    "Regional lead": "REGIONAL_LEAD",
    "Global head": "GLOBAL_HEAD",
    "Vendor manager": "VENDOR_MANAGER",
}


def test_everybody_in_the_table_is_in_the_operation():
    staff = {member.key: member for member in read_operation(OPERATION).staff}

    for row in people.PEOPLE:
        member = staff[row.key]
        assert row.who.startswith(member.name)
        assert ROLES[row.role] == member.role


def test_the_table_shows_every_role_and_both_vendors():
    assert {row.role for row in people.PEOPLE} == set(ROLES)
    agents = [row.who for row in people.PEOPLE if row.role == "Tier-1 agent"]
    assert [who.split(", ")[1] for who in agents] == ["Northstar", "Melati"]


def test_a_real_installation_gets_no_table(tmp_path, monkeypatch):
    monkeypatch.setattr(marking.settings, "DATA", tmp_path)

    assert people.sign_in_table() == []


def test_a_demo_gets_the_table_with_its_password(tmp_path, monkeypatch):
    monkeypatch.setattr(marking.settings, "DATA", tmp_path)
    mark = marking.set_file_mark()

    assert json.loads((tmp_path / "demo.json").read_text()) == {"installation": str(mark)}
    assert any(people.PASSWORD in row for row in people.sign_in_table())


def test_the_password_opens_every_account(committed_db):
    with acting(Actor.system("tests")):
        a_staff_member("TEAM_LEADER", key="rohan")
        a_staff_member("TEAM_LEADER", key="meera")

    assert people.give_passwords() == 2
    assert authenticate(username="rohan", password=people.PASSWORD) is not None
