"""The backlog page: every number opens, what it says of the future, who may see it, its cost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caseward.casework.services import resolve_case
from caseward.metrics.services import fold
from caseward.org.models import Skill
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_reason,
    a_regional_lead,
    a_staff_member,
    an_agent,
)

pytestmark = pytest.mark.django_db

PAGE = "/lead/backlog/"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def lead():
    return signed_in(a_regional_lead())


@pytest.fixture
def flowing():
    """Two weeks of work: three cases in and two out a day."""
    a_promise("RESOLUTION", timedelta(days=2))
    agent, ending, now = an_agent(), a_disposition(), timezone.now()
    for day in range(1, 15):
        at = now - timedelta(days=day)
        cases = [a_case(assignee=agent, opened_at=at) for _ in range(3)]
        for case in cases[:2]:
            resolve_case(reference=case.reference, by=agent, disposition=ending, now=at)
    fold(now=now)
    return agent


def test_every_number_of_the_table_opens_into_exactly_its_cases(lead):
    now = timezone.now()
    for days in (0, 2, 2, 9):
        a_case(opened_at=now - timedelta(days=days), reason_id=a_reason().pk)
    a_case(lob=a_lob("age-support"), language="ms", opened_at=now)
    for rows, columns in (("age", "lob"), ("language", "reason"), ("vendor", "due")):
        page = lead.get(PAGE, {"rows": rows, "columns": columns}).content.decode()
        table = page.partition('<table class="table heat">')[2].partition("</table>")[0]
        links = re.findall(r'<a href="([^"]+)">([0-9]+)</a>', table)
        assert links
        for url, count in links:
            listed = lead.get(unescape(url)).content.decode()
            assert listed.count("data-row ") == int(count), url


def test_it_says_plainly_that_a_growing_backlog_does_not_clear(lead, flowing):
    page = lead.get(PAGE).content.decode()

    assert "14 unfinished cases" in page
    assert "The backlog grows by 0.2 to 1.8 a day." in page
    assert "It does not clear at this rate." in page
    assert "Measured: 26 cases finished in 13 hours" in page


def test_more_hours_clear_it_and_only_that_part_is_asked_for(lead, flowing):
    answer = lead.get(PAGE, {"hours": "4"}, headers={"HX-Request": "true"})
    part = answer.content.decode()

    assert "<html" not in part
    assert "4 more agent-hours a day finish about 8 more cases. It clears around" in part


def test_how_many_hours_a_day_needs_is_worked_out(lead, flowing):
    day = timezone.localdate() + timedelta(days=7)
    page = lead.get(PAGE, {"clear_by": day.isoformat()}).content.decode()

    assert re.search(r"nine times of ten needs [0-9.]+ more agent-hours a\s+day", page)
    over = timezone.localdate() - timedelta(days=2)
    assert (
        "is over. Choose a day to come."
        in lead.get(PAGE, {"clear_by": over.isoformat()}).content.decode()
    )


def test_without_whole_days_nothing_is_promised(lead):
    a_case(opened_at=timezone.now())

    assert "cannot be said yet" in lead.get(PAGE).content.decode()


def test_an_empty_backlog_and_an_address_full_of_nonsense_are_pages_too(lead):
    assert "There is no unfinished case" in lead.get(PAGE).content.decode()
    nonsense = {
        "lob": "9" * 30, "language": "xx", "vendor": "-1", "rows": "x", "columns": "age",
        "hours": "²", "clear_by": "yesterday",
    }  # fmt: skip
    a_case(opened_at=timezone.now())
    assert lead.get(PAGE, nonsense).status_code == 200


def test_those_who_lead_nobody_do_not_learn_of_it():
    for person in (an_agent(), a_staff_member("SPECIALIST")):
        assert signed_in(person).get(PAGE).status_code == 404


def test_a_lob_lead_counts_the_own_line_of_business_only():
    person = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=person, lob=a_lob(), language="en")
    a_case(opened_at=timezone.now())
    a_case(lob=a_lob("age-support"), opened_at=timezone.now())

    assert "1 unfinished case" in signed_in(person).get(PAGE).content.decode()


def test_the_page_asks_as_much_for_many_cases_as_for_few(lead, flowing):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert lead.get(PAGE).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for _ in range(10):
        a_case(opened_at=timezone.now())
    queries()

    assert queries() == few
