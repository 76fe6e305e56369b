"""Filters shared with a team or a line of business, changed, thrown away and put back."""

import re
from html import unescape

import pytest
from django.db import ProgrammingError, transaction

from caseward.casework.models import SavedFilter
from caseward.org.acting import Actor, acting
from tests.builders import (
    a_case,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.web.test_lists import references, shown, signed_in

pytestmark = pytest.mark.django_db


def saves(staff, name="Late ones", address="/desk/?due=missed", **fields):
    said = {"name": name, "address": address, **fields}
    return signed_in(staff).post("/desk/filters", said)


def test_a_lead_shares_a_filter_with_a_team_of_a_vendor():
    asha, stranger = an_agent(), an_agent(a_vendor("melati"))

    saves(a_regional_lead(), shared_with=f"team-{asha.team_id}")

    page = shown(signed_in(asha), "/desk/")
    assert "Shared with me" in page
    assert 'href="/desk/?due=missed"' in page
    assert "Late ones" not in shown(signed_in(stranger), "/desk/")


def test_a_filter_for_a_line_of_business_is_for_its_in_house_staff():
    asha, specialist = an_agent(), a_specialist()
    lob_id = asha.skills.get().lob_id

    saves(a_regional_lead(), address="/desk/tier-2?due=missed", shared_with=f"lob-{lob_id}")

    assert "Late ones" in shown(signed_in(specialist), "/desk/")
    assert "Late ones" not in shown(signed_in(asha), "/desk/")


def test_a_shared_filter_of_a_list_one_cannot_open_is_not_offered():
    asha = an_agent()

    saves(
        a_regional_lead(), address="/desk/unfinished?due=missed", shared_with=f"team-{asha.team_id}"
    )

    assert "Late ones" not in shown(signed_in(asha), "/desk/")


@pytest.mark.parametrize("who", ["agent", "team leader"])
def test_one_shares_only_with_whom_one_leads(who):
    asha = an_agent()
    by = asha if who == "agent" else a_team_leader()

    saves(by, shared_with=f"team-{asha.team_id}")

    kept = SavedFilter.objects.filter(staff=by).first()
    assert kept is None or kept.team_id is None


def test_postgresql_keeps_a_vendors_staff_from_sharing_and_from_changing_what_is_shared():
    asha = an_agent()
    saves(a_regional_lead(), shared_with=f"team-{asha.team_id}")

    with acting(Actor.staff(asha)):
        assert SavedFilter.objects.count() == 1
        assert SavedFilter.objects.update(name="Mine") == 0
        assert SavedFilter.objects.all().delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            SavedFilter.objects.create(staff=asha, name="For all", query="/desk/", team=asha.team)


def test_a_filter_is_renamed_shared_and_taken_back():
    asha, lead = an_agent(), a_regional_lead()
    saves(lead)
    saved = SavedFilter.objects.get()
    change = f"/desk/filters/{saved.pk}/change"

    signed_in(lead).post(change, {"name": "Too late", "shared_with": f"team-{asha.team_id}"})
    assert "Too late" in shown(signed_in(asha), "/desk/")
    signed_in(lead).post(change, {"name": "Too late", "shared_with": ""})
    assert "Too late" not in shown(signed_in(asha), "/desk/")


def test_a_filter_thrown_away_comes_back_as_it_was_and_only_once():
    asha, lead = an_agent(), a_regional_lead()
    saves(lead, shared_with=f"team-{asha.team_id}")
    browser = signed_in(lead)
    page = browser.post(f"/desk/filters/{SavedFilter.objects.get().pk}/delete", follow=True)
    undo = unescape(re.search(r'action="(/desk/filters/restore/[^"]+)"', page.content.decode())[1])

    assert signed_in(asha).post(undo).status_code == 404
    browser.post(undo)
    browser.post(undo)

    back = SavedFilter.objects.get()
    assert (back.name, back.query, back.team_id) == ("Late ones", "/desk/?due=missed", asha.team_id)
    assert browser.post(undo[:-2] + "xx").status_code == 404


def test_the_order_is_kept_with_the_filter():
    asha = an_agent()
    saves(asha, address="/desk/?order=newest")

    assert 'href="/desk/?order=newest"' in shown(signed_in(asha), "/desk/")


def test_a_case_is_moved_in_ones_own_order_and_the_row_is_where_one_lands():
    asha = an_agent()
    first, second = a_case(assignee=asha), a_case(assignee=asha)
    browser = signed_in(asha)

    answer = browser.post(f"/desk/order/{second.reference}", {"move": "top"})

    assert answer.url == f"/desk/?order=mine#row-{second.reference}"
    moved = [second.reference, first.reference]
    assert references(shown(browser, "/desk/?order=mine")) == moved
    theirs = signed_in(an_agent()).post(
        f"/desk/order/{first.reference}", {"move": "up"}, follow=True
    )
    assert "no longer in your hands" in theirs.content.decode()
