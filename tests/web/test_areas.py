"""The pages of leads beside each other: every link opens for everybody who sees it."""

import pytest
from django.urls import reverse

from caseward.web.areas import areas
from tests.builders import a_specialist, a_staff_member, a_team_leader, an_agent
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
LEADERS = ("TEAM_LEADER", "LOB_LEAD", "REGIONAL_LEAD", "GLOBAL_HEAD", "VENDOR_MANAGER")


@pytest.mark.parametrize("role", LEADERS)
def test_every_page_beside_a_leads_page_opens(role):
    somebody = a_team_leader() if role == "TEAM_LEADER" else a_staff_member(role)
    browser = browser_of(somebody)
    links = [link["url"] for group in areas(somebody, "/lead/") for link in group["links"]]

    answers = {url: browser.get(url).status_code for url in links}

    assert set(answers.values()) == {200}, answers


def test_the_page_one_is_on_is_marked_once():
    (marked,) = [
        link["url"]
        for group in areas(a_team_leader(), "/lead/macros/new")
        for link in group["links"]
        if link["is_current"]
    ]

    assert marked == reverse("macros")


def test_who_leads_nobody_and_pages_elsewhere_have_none():
    assert areas(an_agent(), "/lead/") == []
    assert areas(a_specialist(), "/lead/") == []
    assert areas(a_team_leader(), "/desk/") == []
