"""Finding cases by what was said and by reference."""

from datetime import timedelta

import pytest

from caseward.casework import queries
from caseward.casework.queries import SearchTooBroad, search
from caseward.casework.services import add_note
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_lob, a_specialist, a_vendor, an_agent

pytestmark = pytest.mark.django_db


def found(by, text, **page):
    with acting(Actor.staff(by)):
        return [case.pk for case in search(by=by, text=text, **page).cases]


def test_a_reference_is_found_first_however_it_is_written():
    agent = an_agent()
    asked, other = a_case(), a_case()
    a_case(text=f"This is about {asked.reference}, please")
    loosely = asked.reference.removeprefix("CW-").replace("-", "").lower()

    assert found(agent, loosely) == [asked.pk]
    assert found(agent, f"see {other.reference}!")[0] == other.pk
    assert found(agent, asked.reference)[0] == asked.pk
    assert len(found(agent, asked.reference)) == 2


def test_every_word_must_occur_in_the_title_or_in_one_message():
    agent = an_agent()
    titled = a_case(title="Locked out of my account", text="Help")
    said = a_case(title="Hello", text="My account was LOCKED yesterday")
    a_case(title="Account", text="Nothing else")

    assert found(agent, "locked account") == [said.pk, titled.pk]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("无法登录我的账号", "登录"),
        ("मेरा खाता बंद है", "खाता"),
        ("என் கணக்கு முடக்கப்பட்டது", "கணக்கு"),
        ("100% sure, snake_case and back\\slash", "100%"),
        ("100% sure, snake_case and back\\slash", "snake_c"),
        ("100% sure, snake_case and back\\slash", "back\\slash"),
    ],
)
def test_every_script_and_sign_is_searchable(text, query):
    agent = an_agent()
    case = a_case(text=text)
    a_case(text="1000 sure, snakeXcase and backXslash")

    assert found(agent, query) == [case.pk]


def test_a_vendors_agent_finds_only_what_they_may_see():
    ours, theirs = an_agent(), an_agent(vendor=a_vendor("melati"))
    unskilled = an_agent(lob=a_lob("age-support"))
    case = a_case(text="A rare zebra")

    assert found(ours, "zebra") == [case.pk]
    assert found(theirs, "zebra") == []
    assert found(unskilled, "zebra") == []
    assert found(theirs, case.reference) == []


def test_a_note_for_in_house_staff_is_found_by_them_only():
    agent, specialist = an_agent(), a_specialist()
    case = a_case()
    add_note(
        reference=case.reference, by=specialist, text="Known fraud ring", now=MONDAY_9AM,
        in_house_only=True,
    )  # fmt: skip

    assert found(specialist, "fraud ring") == [case.pk]
    assert found(agent, "fraud ring") == []


def test_pages_follow_each_other_without_gap_or_repetition():
    agent = an_agent()
    cases = [a_case(text="zebra", opened_at=MONDAY_9AM + timedelta(hours=n)) for n in range(5)]
    pages, before = [], None

    with acting(Actor.staff(agent)):
        while True:
            page = search(by=agent, text="zebra", limit=2, before=before)
            pages.append([case.pk for case in page.cases])
            before = page.before
            if before is None:
                break

    newest_first = [case.pk for case in reversed(cases)]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]


def test_a_search_that_takes_too_long_is_ended_with_a_reason(monkeypatch):
    agent = an_agent()
    a_case()
    monkeypatch.setattr(queries, "PATIENCE_SECONDS", 0.05)
    slow = queries.TITLES.replace("{words}", "pg_sleep(0.2) IS NOT NULL AND {words}")
    monkeypatch.setattr(queries, "TITLES", slow)

    with acting(Actor.staff(agent)):
        with pytest.raises(SearchTooBroad):
            search(by=agent, text="登录")
        monkeypatch.undo()
        assert len(search(by=agent, text="").cases) == 1  # the transaction goes on as the agent
