"""Next case, search, and filters kept under a name."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework import queries
from caseward.casework.models import Case, SavedFilter
from caseward.org.catalogue import look_again
from caseward.org.models import Shift
from caseward.routing.models import Capacity, HoldBack, Queue
from tests.builders import a_case, a_reason, a_team_leader, a_vendor, an_agent

pytestmark = pytest.mark.django_db


def signed_in(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


def test_next_case_takes_the_most_urgent_and_goes_there():
    asha, case = an_agent(), a_case()

    answer = signed_in(asha).post("/desk/next")

    assert answer.url == f"/desk/case/{case.reference}"
    assert Case.objects.get().assignee == asha


def test_htmx_is_sent_to_the_next_case_by_a_header():
    asha, case = an_agent(), a_case()

    answer = signed_in(asha).post("/desk/next", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/desk/case/{case.reference}"


def test_looking_at_next_case_takes_nothing():
    asha = an_agent()
    a_case()

    assert signed_in(asha).get("/desk/next").status_code == 405
    assert Case.objects.get().assignee is None


def test_when_nobody_waits_it_says_where_somebody_does():
    asha = an_agent(languages=("en",))
    mine, tamil = a_case(assignee=asha), a_case(language="ta")
    elsewhere = a_case(vendor=a_vendor("melati"), language="ms")

    answer = signed_in(asha).post("/desk/next", follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == "/desk/nothing-waits"
    assert "You have 1 open case." in page
    assert "Account Security · தமிழ்: 1" in page
    assert "Bahasa Melayu" not in page
    assert {mine.assignee, tamil.assignee, elsewhere.assignee} == {asha, None}


def test_whoever_holds_as_much_as_they_may_is_told_so():
    Capacity.objects.create(channel="", at_most=1)
    asha = an_agent()
    a_case(assignee=asha)
    waiting = a_case()

    page = signed_in(asha).post("/desk/next", follow=True).text

    assert "You hold as many cases as one person may" in page
    assert Case.objects.get(pk=waiting.pk).assignee is None


def test_what_waits_for_others_is_not_promised():
    asha = an_agent()
    waiting = a_case(reason_id=a_reason(certification="minors").pk)

    page = signed_in(asha).post("/desk/next", follow=True).text

    assert "None that waited was for you" in page
    assert Case.objects.get(pk=waiting.pk).assignee is None


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("paused", "Account Security, English is paused: a lead hands out nothing from it."),
        ("pushed", "Cases of Account Security, English are offered: stay available"),
        ("held", "What can wait in Account Security, English is left to the shift that begins at"),
    ],
)
def test_why_nothing_is_handed_out_is_said_by_queue(how, told):
    asha, now = an_agent(), timezone.now()
    waiting = a_case(opened_at=now)
    if how == "held":
        soon = now + timedelta(minutes=30)
        Shift.objects.create(staff=an_agent(), starts_at=soon, ends_at=soon + timedelta(hours=8))
        HoldBack.objects.create(queue=waiting.queue, minutes=60)
    else:
        change = {"is_paused": True} if how == "paused" else {"mode": Queue.Mode.PUSH}
        Queue.objects.filter(pk=waiting.queue_id).update(**change)
    look_again()

    page = signed_in(asha).post("/desk/next", follow=True).text

    assert told in page
    assert "needed a certificate" not in page


def test_who_takes_from_no_queue_is_offered_no_next_case():
    page = signed_in(a_team_leader()).get("/desk/").content.decode()

    assert "/desk/next" not in page


@pytest.mark.parametrize("written", [str.lower, lambda r: r.replace("-", ""), lambda r: f" {r} "])
def test_a_reference_leads_straight_to_its_case(written):
    asha, case = an_agent(), a_case()

    answer = signed_in(asha).get("/desk/search", {"q": written(case.reference)})

    assert answer.status_code == 302
    assert answer.url == f"/desk/case/{case.reference}"


def test_a_reference_of_another_vendor_is_not_found():
    asha, theirs = an_agent(a_vendor("northstar")), a_case(vendor=a_vendor("melati"))

    page = signed_in(asha).get("/desk/search", {"q": theirs.reference})

    assert page.status_code == 200
    assert f"No case with “{theirs.reference}”" in page.content.decode()
    assert "data-row" not in page.content.decode()


def test_words_find_cases_and_more_of_them_below():
    asha = an_agent()
    cases = [a_case(title=f"My portfolio {n}") for n in range(53)]
    browser = signed_in(asha)

    first = browser.get("/desk/search", {"q": "portfolio"}).content.decode()
    below = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.get(below).content.decode()

    assert first.count("data-row ") == 50
    assert rest.count("data-row ") == 3
    assert cases[0].reference in rest
    assert cases[52].reference in first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "What are you looking for?"),
        ("of it", "Write a little more"),
        ("账号", "No case with"),
        ("zzzzz", "No case with"),
        ("a\x00b", "Write a little more"),
        ("<b>bold", "No case with “&lt;b&gt;bold”"),
    ],
)
def test_a_search_without_hits_says_why(text, said):
    page = signed_in(an_agent()).get("/desk/search", {"q": text}).content.decode()

    assert said in page


def test_a_search_that_takes_too_long_says_what_helps(monkeypatch):
    def too_long(**_named):
        raise queries.SearchTooBroad("account")

    monkeypatch.setattr(queries, "search", too_long)
    page = signed_in(an_agent()).get("/desk/search", {"q": "account"}).content.decode()

    assert "This search takes too long" in page


def save(browser, name="Late and high", address="/desk/?priority=1"):
    return browser.post("/desk/filters", {"name": name, "address": address})


def test_a_saved_filter_is_listed_and_leads_back():
    asha = an_agent()
    browser = signed_in(asha)

    answer = save(browser)

    assert answer.url == "/desk/?priority=1"
    page = browser.get("/desk/?priority=1").content.decode()
    link = page.split("Late and high")[0].rsplit("<a ", 1)[1]
    assert 'href="/desk/?priority=1"' in link
    assert 'aria-current="page"' in link


def test_filters_are_ones_own():
    asha, colleague = an_agent(), an_agent()
    save(signed_in(colleague), name="Theirs")
    theirs = SavedFilter.objects.get()
    browser = signed_in(asha)

    assert "Theirs" not in browser.get("/desk/filters").content.decode()
    browser.post(f"/desk/filters/{theirs.pk}/change", {"name": "Mine now"})
    browser.post(f"/desk/filters/{theirs.pk}/delete")

    theirs.refresh_from_db()
    assert theirs.name == "Theirs"


def test_a_filter_is_renamed_and_thrown_away():
    browser = signed_in(an_agent())
    save(browser)
    kept = SavedFilter.objects.get()

    browser.post(f"/desk/filters/{kept.pk}/change", {"name": "Urgent"})
    assert SavedFilter.objects.get().name == "Urgent"
    browser.post(f"/desk/filters/{kept.pk}/delete")
    assert not SavedFilter.objects.exists()


def test_two_filters_of_one_name_are_refused():
    browser = signed_in(an_agent())
    save(browser)

    answer = save(browser)

    assert answer.status_code == 422
    assert "You have a filter of this name" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/desk/", "//elsewhere.example/desk/", "/sign-out", "desk/", "/\\x"],
)
def test_only_our_lists_can_be_saved(address):
    answer = save(signed_in(an_agent()), address=address)

    assert answer.status_code == 422
    assert not SavedFilter.objects.exists()
