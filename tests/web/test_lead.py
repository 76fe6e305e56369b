"""The lead's page: what it says, who may see it, and that every figure opens."""

import csv
import random
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
from caseward.sla.models import Promise
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_regional_lead,
    a_specialist,
    a_staff_member,
    a_team,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.metrics.histories import History

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def lead():
    return signed_in(a_regional_lead())


@pytest.fixture(autouse=True)
def promised():
    a_promise("RESOLUTION", timedelta(days=2))


def resolved_cases(count, **where):
    """Cases opened and resolved in time this very hour, folded."""
    agent, now = an_agent(**where), timezone.now()
    for _ in range(count):
        case = a_case(assignee=agent, opened_at=now)
        resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=now)
    fold(now=now)
    return agent


def tiles(page):
    return {str(tile.name): tile for tile in page.context["figures"]}


def test_a_figure_says_its_interval_sample_target_and_freshness(lead):
    resolved_cases(16)
    page = lead.get("/lead/")

    resolution = tiles(page)["Resolution in time"]
    assert (resolution.value, resolution.unit) == ("100.0", "%")
    assert resolution.verdict == "unclear"  # 16 of 16 may still be 81 %
    assert "80.6–100.0 % (95 %), n 16." in resolution.about
    assert "Target 90 %." in resolution.about
    assert "Filled until" in page.content.decode()


def test_few_answers_show_an_interval_and_no_number(lead):
    resolved_cases(3)
    resolution = tiles(lead.get("/lead/"))["Resolution in time"]

    assert resolution.value == "44–100"
    assert resolution.interval.value is None
    assert "too few for one number" in resolution.about[0]


def test_before_the_first_case_the_page_says_so(lead):
    assert "No figures yet" in lead.get("/lead/").content.decode()
    fold(now=timezone.now())
    assert "Nothing happened in this period" in lead.get("/lead/").content.decode()


def test_agents_do_not_learn_of_the_page_that_leaders_see():
    resolved_cases(1)
    paths = ("/lead/", "/lead/cases?metric=cases_in", "/lead/figures.csv")
    roles = ("TEAM_LEADER", "LOB_LEAD", "REGIONAL_LEAD", "GLOBAL_HEAD", "VENDOR_MANAGER")
    for path in paths:
        for person in (an_agent(), a_specialist()):
            assert signed_in(person).get(path).status_code == 404
        for role in roles:
            assert signed_in(a_staff_member(role)).get(path).status_code == 200
        assert Client().get(path).status_code == 302


def test_a_lob_lead_sees_the_figures_of_that_line_of_business_only():
    resolved_cases(2)
    other = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=other, lob=a_lob("age-support"), language="en")
    own = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=own, lob=a_lob(), language="en")

    assert tiles(signed_in(own).get("/lead/"))["Cases in"].value == "2"
    for path in ("/lead/", "/lead/?lob=account-security"):
        assert "figures" not in signed_in(other).get(path).context
    behind = signed_in(other).get("/lead/cases?metric=cases_in&lob=account-security")
    assert behind.context["total"] == 0
    [lob] = [one for one in signed_in(own).get("/lead/").context["filters"] if one.name == "lob"]
    assert (lob.label, lob.options) == (str(a_lob().names["en"]), [])


def test_a_team_leader_begins_with_the_own_team_and_may_widen():
    leader = a_team_leader()
    far = a_team(a_vendor("melati"), leader=leader)
    resolved_cases(1, vendor=a_vendor("melati"), team=far, site=far.site)
    resolved_cases(2)

    browser = signed_in(leader)
    assert tiles(browser.get("/lead/"))["Cases out"].value == "1"
    assert tiles(browser.get("/lead/?team="))["Cases out"].value == "3"


def test_a_filter_that_names_nothing_is_not_found(lead):
    for query in ("site=atlantis", "vendor=x", "lob=x", "team=x"):
        assert lead.get(f"/lead/?{query}").status_code == 404
    for query in ("", "metric=mood", "metric=csat&part=x", "metric=backlog&age=x"):
        assert lead.get(f"/lead/cases?{query}").status_code == 404
    assert lead.get("/lead/?weeks=99999999999&until=never&by=x&sort=x").status_code == 200
    assert lead.get("/lead/cases?metric=csat&after=1_2_3_4").status_code == 200


@pytest.mark.parametrize("seed", [11, 12])
def test_every_number_on_the_page_opens_into_as_many_cases(lead, seed):
    now = timezone.now()
    Promise.objects.all().delete()  # the history makes promises of its own
    History(seed, ends_at=now).live(14, days=30)
    fold(now=now)

    for query in ("", "by=site", "by=vendor&sort=-csat", "by=lob&sort=cases_in", "by=team&weeks=4"):
        page = lead.get(f"/lead/?{query}")
        figures = page.context["figures"]
        counts = {tile.url: tile.value for tile in figures if not tile.unit and tile.value != "–"}
        samples = {tile.url: _sample(tile.about[0]) for tile in figures if tile.interval}
        for row in page.context["breakdown"]["rows"]:
            for cell in row.cells:
                known = samples if cell.interval else counts
                if cell.url:
                    known[cell.url] = _sample(cell.about) if cell.interval else cell.text
        for bar in [*page.context["backlog_bars"], *page.context["verdict_bars"]]:
            counts[bar.url] = bar.text
        links = sorted((counts | samples).items())
        for url, shown in random.Random(seed).sample(links, min(len(links), 12)):
            assert lead.get(url).context["total"] == int(shown.replace(",", "")), url


def _sample(words):
    return re.search(r"n.([\d,]+)", words)[1]


def test_a_list_is_read_page_by_page_without_loss_or_repetition(lead):
    agent, now = an_agent(), timezone.now()
    opened = {a_case(assignee=agent, opened_at=now).reference for _ in range(101)}
    fold(now=now)

    seen, url = [], "/lead/cases?metric=cases_in"
    while url:
        page = lead.get(url)
        assert page.context["total"] == 101
        seen += [row.reference for row in page.context["rows"]]
        url = page.context["next_url"]
    assert len(seen) == 101
    assert set(seen) == opened


def test_a_list_says_what_the_figure_means_and_leads_to_the_timelines(lead):
    resolved_cases(1)
    page = lead.get("/lead/cases?metric=resolution&part=counted")
    html, row = unescape(page.content.decode()), page.context["rows"][0]

    assert "cases resolved at or before their deadline" in html
    assert f"/{row.reference}#events" in html
    assert "I cannot sign in" in html
    assert lead.get("/lead/cases?metric=resolution&part=missed").context["total"] == 0


def test_the_table_can_be_taken_along_as_a_file(lead):
    resolved_cases(16)
    response = lead.get("/lead/figures.csv?by=vendor")
    rows = list(csv.DictReader(response.content.decode().splitlines()))

    resolution = next(row for row in rows if row["metric"] == "resolution")
    assert (resolution["vendor"], resolution["counted"], resolution["out_of"]) == (
        "Northstar", "16", "16",
    )  # fmt: skip
    assert resolution["share"] == "1.0"
    assert resolution["low_95"].startswith("0.806")
    assert response["Content-Type"].startswith("text/csv")


def test_a_name_in_the_file_is_never_a_formula(lead):
    team = a_team(a_vendor(), name="=1+1")
    resolved_cases(1, team=team)
    assert "'=1+1" in lead.get("/lead/figures.csv?by=team").content.decode()


@pytest.mark.parametrize("path", ["/lead/?by=team", "/lead/cases?metric=cases_in"])
def test_the_page_costs_as_many_queries_for_many_cases_as_for_few(lead, path):
    resolved_cases(1)
    lead.get(path)  # names are kept from now on
    with CaptureQueriesContext(connection) as few:
        lead.get(path)
    agent, now = an_agent(), timezone.now()
    for days in range(60):
        a_case(assignee=agent, opened_at=now - timedelta(days=days))
    fold(now=now)
    lead.get(path)
    with CaptureQueriesContext(connection) as many:
        lead.get(path)

    assert len(many) == len(few) <= 20
