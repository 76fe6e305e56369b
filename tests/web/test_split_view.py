"""A list and a case side by side, what is next in the list, and where one goes afterwards."""

import re
from html import unescape

import pytest

from caseward.casework.models import Case, Preference
from tests.builders import a_case, a_vendor, an_agent
from tests.web.test_lists import references, shown, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha():
    return an_agent()


@pytest.fixture
def cases(asha):
    """Three cases in hand, most urgent first."""
    found = [a_case(assignee=asha, text=f"Message number {n}") for n in range(3)]
    for number, case in enumerate(found):
        Case.objects.filter(pk=case.pk).update(urgency=number + 1)
    return found


def links(page, attribute="href"):
    return [unescape(url) for url in re.findall(rf'data-row [^>]*?{attribute}="([^"]+)"', page)]


def beside(rel, page):
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    return unescape(found[1]) if found else None


def prefers(staff, **fields):
    Preference.objects.update_or_create(staff=staff, defaults=fields)


def test_a_case_opened_from_a_list_leads_through_it_in_its_order(asha, cases):
    browser = signed_in(asha)
    first, middle, last = links(shown(browser, "/desk/?order=oldest"))

    page = shown(browser, middle)

    assert beside("prev", page) == first
    assert beside("next", page) == last
    assert 'href="/desk/?order=oldest"' in page
    assert beside("next", shown(browser, last)) is None


def test_a_case_without_a_list_leads_nowhere(asha, cases):
    page = shown(signed_in(asha), f"/desk/case/{cases[0].reference}")

    assert (beside("prev", page), beside("next", page)) == (None, None)


@pytest.mark.parametrize(
    "query",
    ["list=https://evil.example/&at=1~1", "list=/sign-out&at=1~1", "list=/desk/&at=x", "at=1~1"],
)
def test_an_address_that_is_no_list_of_ours_is_left_alone(asha, cases, query):
    page = shown(signed_in(asha), f"/desk/case/{cases[0].reference}?{query}")

    back = re.search(r'href="([^"]+)" aria-label="Back to the list"', page)[1]
    assert back == "/desk/"
    assert beside("next", page) is None


def test_the_address_shows_a_case_beside_its_list_without_a_script(asha, cases):
    chosen = cases[1].reference

    page = shown(signed_in(asha), f"/desk/?case={chosen}")

    assert references(page) == [case.reference for case in cases]
    assert "Message number 1" in page.split('id="pane"')[1]
    assert all(link.startswith("/desk/?case=") for link in links(page))
    assert all(link.startswith("/desk/case/") for link in links(page, "data-own-page"))
    assert page.count('aria-current="true"') == 1


def test_beside_a_case_only_filters_that_are_set_take_room(asha, cases):
    browser, beside = signed_in(asha), f"case={cases[1].reference}"

    plain = shown(browser, f"/desk/?{beside}").split("filters__more")
    narrowed = shown(browser, f"/desk/?priority=3&{beside}").split("filters__more")

    assert 'name="priority"' not in plain[0]
    assert 'name="priority"' in plain[1]
    assert 'name="priority"' in narrowed[0]


def test_side_by_side_is_remembered_for_each_person(asha, cases):
    browser = signed_in(asha)
    browser.post(
        "/desk/beside", {"is_split": "1"}, HTTP_REFERER="http://testserver/desk/?due=missed"
    )

    assert 'id="pane"' in shown(browser, "/desk/")
    assert "Choose a case from the list" in shown(browser, "/desk/")
    assert 'id="pane"' not in shown(signed_in(an_agent()), "/desk/")
    browser.post("/desk/beside")
    assert 'id="pane"' not in shown(browser, "/desk/")


def test_a_case_of_the_other_vendor_is_not_shown_beside_ones_list(asha, cases):
    stranger = an_agent(a_vendor("melati"))

    page = shown(signed_in(stranger), f"/desk/?case={cases[0].reference}")

    assert "There is no such case that you may see" in page
    assert "Message number" not in page


def test_a_script_gets_only_the_case(asha, cases):
    answer = signed_in(asha).get(
        f"/desk/case/{cases[0].reference}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="pane"
    )

    assert b"Message number 0" in answer.content
    assert b"<html" not in answer.content


def test_a_list_with_a_case_asks_no_more_questions_for_a_long_list(
    asha, cases, django_assert_max_num_queries
):
    browser = signed_in(asha)
    address = f"/desk/?case={cases[0].reference}"
    browser.get(address)
    with django_assert_max_num_queries(50) as few:
        browser.get(address)
    for _ in range(20):
        a_case(assignee=asha)
    with django_assert_max_num_queries(50) as many:
        browser.get(address)

    assert len(few) == len(many)


def write(browser, url, **headers):
    reference = re.search(r"CW-[0-9A-Z]{4}-[0-9A-Z]{3}", url)[0]
    said = {"text": "You can sign in again.", "then": "PENDING", "kind": "REPLY"}
    asked = {"HTTP_REFERER": f"http://testserver{url}", **headers}
    return browser.post(f"/desk/case/{reference}/reply", said, **asked)


def test_one_stays_on_the_case_until_one_chooses_otherwise(asha, cases):
    browser = signed_in(asha)
    first = links(shown(browser, "/desk/"))[0]

    assert write(browser, first).url == first


def test_one_goes_on_to_the_next_case_and_can_take_back_there(asha, cases):
    prefers(asha, after_sending="NEXT")
    browser = signed_in(asha)
    first, second, _ = links(shown(browser, "/desk/"))

    answer = write(
        browser, first, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{first}"
    )

    assert answer.headers["HX-Redirect"] == second
    page = shown(browser, second)
    take_back = re.search(r'action="([^"]+/take-back/\d+)"', page)[1]
    assert browser.post(take_back).url == f"/desk/case/{cases[0].reference}"
    assert Case.objects.get(pk=cases[0].pk).first_replied_at is None


def test_side_by_side_one_goes_on_beside_the_list(asha, cases):
    prefers(asha, after_sending="NEXT", is_split=True)
    browser = signed_in(asha)
    first, second, _ = links(shown(browser, "/desk/"))

    assert write(browser, first).url == second
    assert second.startswith("/desk/?case=")


def test_one_goes_back_to_the_list_and_after_its_last_case_too(asha, cases):
    prefers(asha, after_sending="LIST")
    browser = signed_in(asha)
    last = links(shown(browser, "/desk/?order=oldest"))[-1]
    assert write(browser, last).url == "/desk/?order=oldest"

    prefers(asha, after_sending="NEXT")
    last = links(shown(browser, "/desk/?order=oldest"))[-1]
    assert write(browser, last).url == "/desk/?order=oldest"
    assert "That was the last case of this list." in shown(browser, "/desk/")


def test_how_one_wants_ones_desk_is_kept(asha):
    browser = signed_in(asha)
    said = {"language": "ms", "after_sending": "NEXT", "is_split": "1"}

    browser.post("/desk/yours", said)

    asha.refresh_from_db()
    kept = Preference.objects.get(staff=asha)
    assert (asha.language, kept.after_sending, kept.is_split) == ("ms", "NEXT", True)
    assert '<html lang="ms"' in shown(browser, "/desk/")
    assert browser.post("/desk/yours", {**said, "language": "xx"}).status_code == 422
