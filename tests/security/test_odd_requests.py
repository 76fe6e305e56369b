"""Requests no page of ours would send: each gets an answer, none an error of ours."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Case, Message
from caseward.casework.services import escalate_case, reply
from tests.builders import a_case
from tests.law import a_law
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db

NULL = "a\x00b"


@pytest.fixture
def desk(people):
    return browser_of(people.agent)


@pytest.fixture
def path(people, an_hour_ago):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    return f"/desk/case/{case.reference}"


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("reply", {"text": NULL}),
        ("reply", {"text": NULL, "then": "NOTE"}),
        ("reply", {"text": "Hm", "then": "RESOLVE", "disposition": NULL}),
        ("reply", {"text": "Hm", "seen": "²"}),
        ("reply", {"text": "Hm", "seen": "9" * 40}),
        ("draft", {"text": NULL}),
        ("preview", {"text": NULL}),
        ("tag", {"tag": NULL}),
        ("untag", {"tag": NULL}),
        ("transfer", {"lob": NULL, "language": NULL, "why": NULL}),
        ("transfer", {"lob": "9" * 40, "language": "en", "why": "x"}),
        ("priority", {"priority": "9" * 40}),
        ("priority", {"priority": "-1"}),
        ("assign", {"to": "9" * 40}),
        ("assign", {"to": NULL}),
        ("reason", {"reason": "9" * 40}),
        ("resolve", {"disposition": NULL, "seen": "²"}),
        ("merge", {"other": NULL}),
        ("link", {"other": NULL, "note": NULL}),
        ("escalate", {"why": NULL, "tried": NULL}),
        ("presence", {"typing": NULL}),
    ],
)
def test_a_verb_answers_nonsense_without_an_error_of_ours(desk, path, verb, said):
    assert desk.post(f"{path}/{verb}", said).status_code < 500


def test_null_characters_are_left_out_of_what_is_kept(desk, path):
    desk.post(f"{path}/reply", {"text": NULL})

    assert Message.objects.latest("pk").text == "ab"


@pytest.mark.parametrize(
    "address",
    [
        "/desk/search?q=%00%ff&before=%c2%b2",
        "/desk/search?q=%ed%a0%80&before=999999999999999999999",
        "/desk/queues/?after=%00&lob=%00&tag=%00&due=%00",
        "/desk/queues/?after=99999999999999999999~1&before=%d9%a1~%d9%a1",
        "/desk/queues/99999999999999999999999",
        "/desk/message/99999999999999999999999/html",
        "/desk/attachment/99999999999999999999999",
        "/desk/filters?address=%00",
    ],
)
def test_a_list_answers_nonsense_without_an_error_of_ours(desk, address):
    assert desk.get(address).status_code < 500


@pytest.mark.parametrize(
    "query",
    [
        "until=0001-01-01",
        "until=9999-12-31",
        "weeks=%d9%a8",
        "team=%00",
        "until=2026-13-99",
        "lob=%27%20OR%201=1--",
    ],
)
def test_the_leads_page_answers_nonsense_without_an_error_of_ours(people, query):
    browser = browser_of(people.lead)

    for page in ("/lead/", "/lead/figures.csv", "/lead/cases?metric=csat&part=all"):
        separator = "&" if "?" in page else "?"
        assert browser.get(f"{page}{separator}{query}").status_code < 500, page


@pytest.mark.parametrize(
    "after",
    [
        "0001-01-01_0001-01-01T00:00:00+14:00_1_1",
        "9999-12-31_9999-12-31T23:59:59-14:00_1_1",
        f"2026-01-01_2026-01-01T00:00:00+00:00_{'9' * 30}_{'9' * 30}",
        "2026-01-01_2026-01-01T00:00:00_1_1",
        "%00_1_1_1",
    ],
)
def test_a_place_in_a_list_that_nobody_gave_out_is_no_error_of_ours(people, after):
    address = "/lead/cases?metric=csat&part=all&after=" + after.replace("+", "%2B")

    assert browser_of(people.lead).get(address).status_code < 500


def test_a_strange_name_to_sign_in_with_is_answered_like_a_wrong_one(people):
    for name in (NULL, "a@b\x00c", "x" * 100_000, "‮"):
        asked = {"username": name, "password": "p\x00"}
        answer = Client(raise_request_exception=False).post("/sign-in", asked)
        assert answer.status_code == 422


def test_taking_back_a_reply_on_a_case_that_moved_on_is_too_late_and_no_error(people, an_hour_ago):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    now = timezone.now()
    sent = reply(
        reference=case.reference, by=people.agent, text="Hm.", now=now, undo=timedelta(minutes=1)
    )
    escalate_case(reference=case.reference, by=people.agent, why="a", tried="b", now=now)

    desk = browser_of(people.agent)
    answer = desk.post(f"/desk/case/{case.reference}/take-back/{sent.pk}", follow=True)

    assert answer.status_code == 200
    assert Message.objects.filter(pk=sent.pk).exists()
    assert Case.objects.get(pk=case.pk).tier == 2


LONG_NUMBER = "9" * 5_000  # longer than Python reads


@pytest.mark.parametrize("number", ["²", "9" * 40, LONG_NUMBER])
@pytest.mark.parametrize(
    "address",
    [
        "/desk/help-wanted?after=", "/desk/incidents?before=", "/desk/emergencies?before=",
        "/lead/escalations?vendor=", "/lead/?weeks=", "/lead/misses?after=", "/sent-mail/?before=",
    ],
)  # fmt: skip
def test_a_page_answers_a_place_in_a_list_that_is_none(people, address, number):
    assert browser_of(people.lead).get(f"{address}{number}").status_code < 500


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/lead/capacity/1/ask", {"staff": LONG_NUMBER, "why": NULL}),
        ("/lead/misses/explain", {"miss": [LONG_NUMBER, "²"], "cause": NULL, "text": NULL}),
        ("/desk/doing/say", {"state": "BREAK", "minutes": LONG_NUMBER}),
        ("/desk/stop", {"anything": NULL}),
        ("/desk/wellbeing/opt-out", {"category": NULL}),
        ("/desk/bulk/", {"address": NULL, "case": NULL}),
        ("/lead/backlog/campaigns/new", {"name": NULL, "goal_at": NULL, "macros": NULL}),
        ("/floor/tell", {"text": NULL}),
        ("/lead/automations/new", {"key": NULL, "title": NULL}),
        ("/lead/crisis/new", {"key": NULL, "name": NULL, "phone": NULL}),
        ("/desk/filters", {"name": NULL, "address": f"/desk/?tag={NULL}"}),
    ],
)
def test_what_leads_do_answers_nonsense_without_an_error_of_ours(people, address, said):
    assert browser_of(people.lead).post(address, said).status_code < 500


def test_a_law_that_refers_to_itself_again_and_again_is_refused_at_once(people):
    a_law("MY-ONSA-22")
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in pairwise("abcdefghijkl")
    )
    path = "/lead/legal/MY-ONSA-22/edit"

    answer = browser_of(people.lead).post(path, {"content": bomb, "why": "x"})

    assert answer.status_code == 422
    assert "aliases are not read" in answer.content.decode()
