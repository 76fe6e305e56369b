"""What somebody does not want to meet is not told by who else could have a case."""

import pytest

from caseward.routing.availability import set_state
from tests.builders import MONDAY_9AM, a_case, a_reason, a_team_leader, an_agent
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


def test_who_could_have_a_case_is_named_only_where_no_wish_plays_a_part():
    agent, leader = an_agent(name="Asha Verma"), a_team_leader()
    set_state(staff=agent, state="AVAILABLE", why="", now=MONDAY_9AM)
    mild = a_case(reason_id=a_reason().pk, opened_at=MONDAY_9AM)
    hard = a_case(
        reason_id=a_reason(key="gore", category="gore", severity=2).pk,
        opened_at=MONDAY_9AM, email="b@example.com",
    )  # fmt: skip

    for case, names in [(mild, True), (hard, False)]:
        page = browser_of(leader).get(f"/desk/case/{case.reference}/why").content.decode()
        assert "1 person could have it now." in page
        assert ("Asha Verma" in page) is names
