"""Acting on many cases by browser: ticking, deciding, looking, starting, cancelling, undoing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import BulkAction, Case
from caseward.jobs.bulk import carry_on_all
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.policy.models import MacroVersion
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_macro,
    a_queue,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db

CHOOSE = "/desk/bulk/"


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def chosen(browser, cases=(), **said):
    posted = {"address": "/desk/unfinished", "case": [case.reference for case in cases], **said}
    return browser.post(CHOOSE, posted).url


def decided(browser, url, **about):
    answer = browser.post(f"{url}/decide", about)
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(url).content.decode()


def test_a_list_offers_to_tick_its_cases_and_to_take_it_whole():
    lead, case = a_team_leader(), a_case()
    page = signed_in(lead).get("/desk/unfinished?language=en").content.decode()

    assert f'name="case" value="{case.reference}" form="bulk"' in page
    assert 'name="address" value="/desk/unfinished?language=en"' in page


def test_ticked_cases_are_tagged_and_the_tag_is_taken_off_again():
    lead, cases = a_team_leader(), [a_case(), a_case()]
    untouched = a_case()
    browser = signed_in(lead)
    url = chosen(browser, cases)
    page = decided(browser, url, kind="TAG", tag="Storm")
    assert "2 cases will change." in page

    browser.post(f"{url}/start")
    assert "Cancel the rest" in browser.get(url).content.decode()
    assert "It goes on when you leave" in browser.get(url).content.decode()
    assert carry_on_all() == 2
    assert "Undo 2 cases" in browser.get(url).content.decode()
    assert "It goes on when you leave" not in browser.get(url).content.decode()
    assert Case.objects.get(pk=cases[0].pk).tags == ["storm"]
    assert Case.objects.get(pk=untouched.pk).tags == []

    browser.post(f"{url}/undo")
    carry_on_all()
    assert Case.objects.get(pk=cases[0].pk).tags == []
    assert "Add a tag: storm" in browser.get(CHOOSE).content.decode()


def test_what_is_no_tag_is_refused_with_what_one_is():
    browser = signed_in(a_team_leader())
    url = chosen(browser, [a_case()])

    refused = browser.post(f"{url}/decide", {"kind": "TAG", "tag": "Wave Test!! <b>"})

    assert refused.status_code == 422
    assert "Use letters, digits and hyphens only" in refused.content.decode()


def test_a_whole_list_is_what_its_filters_say():
    lead = a_team_leader()
    a_case(), a_case(language="ms")
    browser = signed_in(lead)
    url = chosen(browser, address="/desk/unfinished?language=ms", all="1")

    assert "What should be done with 1 case?" in browser.get(url).content.decode()


def test_what_is_left_out_is_counted_listed_and_explained():
    lead = a_team_leader()
    english, malay = a_case(), a_case(language="ms")
    a_macro("next", en="Dear {requester_name}, you are next.")
    browser = signed_in(lead)
    url = chosen(browser, [english, malay])
    page = decided(browser, url, kind="REPLY", macro="next")

    assert "The macro has no text in its language" in page
    listed = browser.get(f"{url}/cases", {"state": "SKIPPED"}).content.decode()
    assert malay.reference in listed
    assert english.reference not in listed


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("RELEASE", {}),
        ("PRIORITY", {"priority": "1"}),
        ("NOTE", {"text": "Part of the outage."}),
        ("RESOLVE", {"disposition": "recovered"}),
        ("UNTAG", {"tag": "storm"}),
        ("TRANSFER", {"language": "ms", "lob": "", "why": "Wrong language."}),
    ],
)
def test_every_kind_asks_its_questions_and_shows_what_would_happen(kind, about):
    lead, case = a_team_leader(), a_case(assignee=an_agent())
    a_disposition()
    a_queue(1, a_vendor(), a_lob(), "ms")
    browser = signed_in(lead)
    url = chosen(browser, [case])

    assert "Show what would happen" in browser.get(url, {"kind": kind}).content.decode()
    assert "preview-title" in decided(browser, url, kind=kind, **about)


def test_what_a_macro_does_besides_answering_is_said_before_it_is_done():
    lead, macro = a_team_leader(), a_macro(en="Hello.")
    MacroVersion.objects.filter(macro=macro).update(actions={"add_tags": ["told"]})
    look_again()
    browser = signed_in(lead)

    page = decided(browser, chosen(browser, [a_case()]), kind="REPLY", macro=macro.key)

    assert "Add the tags told." in page


def test_a_question_not_answered_is_asked_again():
    lead, case = a_team_leader(), a_case()
    browser = signed_in(lead)
    url = chosen(browser, [case])

    answer = browser.post(f"{url}/decide", {"kind": "TRANSFER", "why": "x"})
    assert answer.status_code == 422
    assert "Choose another line of business, language, or both." in answer.content.decode()
    assert browser.post(f"{url}/decide", {"kind": "EXPLODE"}).status_code == 404


def test_nothing_ticked_and_a_foreign_address_choose_nothing():
    lead = a_team_leader()
    browser = signed_in(lead)
    for said in ({}, {"all": "1", "address": "https://elsewhere.example/"}):
        answer = browser.post(CHOOSE, {"address": "/desk/unfinished", **said}, follow=True)
        assert "No case was chosen" in answer.content.decode()
    assert not BulkAction.objects.exists()


@pytest.mark.parametrize("query", ["?lob=account-security", "?lob=999", "?age=soon"])
def test_nothing_is_done_to_all_of_a_list_narrower_than_it_can_be(query):
    a_case()
    browser = signed_in(a_team_leader())
    address = f"/desk/unfinished{query}"

    shown = browser.get(address).content.decode()
    assert f"cannot be narrowed to “{query.partition('=')[2]}”" in shown
    browser.post(CHOOSE, {"address": address, "all": "1"})
    assert not BulkAction.objects.exists()
    assert "cannot be narrowed" not in browser.get("/desk/unfinished").content.decode()


def test_a_list_somebody_may_not_open_cannot_be_acted_on_either():
    agent = an_agent()
    a_case()
    answer = signed_in(agent).post(CHOOSE, {"address": "/desk/unfinished", "all": "1"}, follow=True)

    assert "No case was chosen" in answer.content.decode()


def test_an_action_is_shown_to_its_author_and_started_ones_to_leads():
    agent, lead = an_agent(), a_team_leader()
    with acting(Actor.system("tests")):
        mine = a_case(assignee=agent, opened_at=timezone.now())
    author, other, leading = signed_in(agent), signed_in(an_agent()), signed_in(lead)
    url = chosen(author, [mine], address="/desk/")
    decided(author, url, kind="TAG", tag="mine")

    assert other.get(url).status_code == 404
    assert leading.get(url).status_code == 404
    author.post(f"{url}/start")
    assert leading.get(url).status_code == 200
    assert other.post(f"{url}/cancel").status_code == 404
    leading.post(f"{url}/cancel")
    assert "Cancelled" in author.get(url).content.decode()


def test_a_lead_moves_cases_to_a_queue_and_an_agent_is_not_offered_that():
    lead, agent, elsewhere = (
        a_team_leader(),
        an_agent(),
        a_queue(1, a_vendor(), lob=a_lob("age-support")),
    )
    case = a_case(assignee=agent)
    browser = signed_in(lead)
    url = chosen(browser, [case])
    page = decided(browser, url, kind="MOVE", queue=elsewhere.pk, why="A storm")
    assert "1 case will change." in page and "Move to a queue: " in page

    others = signed_in(agent)
    mine = chosen(others, [case])
    assert "Move to a queue" not in others.get(mine).content.decode()
    refused = others.post(f"{mine}/decide", {"kind": "MOVE", "queue": elsewhere.pk, "why": "x"})
    assert refused.status_code == 404


def test_snoozing_many_asks_for_a_moment_to_come():
    case, browser = a_case(), signed_in(a_team_leader())
    url = chosen(browser, [case])
    assert 'type="datetime-local"' in browser.get(f"{url}?kind=SNOOZE").content.decode()

    past = {"kind": "SNOOZE", "until": "2026-01-01T09:00", "why": "Closed"}
    answer = browser.post(f"{url}/decide", past)
    assert answer.status_code == 422
    assert "This moment is past." in answer.content.decode()

    soon = timezone.localtime(timezone.now() + timedelta(days=2))
    page = decided(browser, url, **{**past, "until": f"{soon:%Y-%m-%dT%H:%M}"})
    assert "1 case will change." in page and "Snooze until" in page
