"""Snoozing at the desk: quick choices, a promise that ends before, its own list, the way back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from caseward.web.views.desk.snooze_times import choices
from tests.builders import a_case, a_promise, an_agent
from tests.web.test_lists import references, shown, signed_in

pytestmark = pytest.mark.django_db


def snoozed(browser, case, **said):
    said = {"when": "TOMORROW", "why": "The bank calls", **said}
    return browser.post(f"/desk/case/{case.reference}/snooze", said)


def keys_at(moment, zone):
    with timezone.override(ZoneInfo(zone)):
        return {choice.key: choice.at for choice in choices(moment)}


def test_quick_choices_are_moments_of_the_readers_own_day():
    friday_noon = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)  # 12:10 in India

    found = keys_at(friday_noon, "Asia/Kolkata")

    assert found == {
        "TODAY": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "TOMORROW": datetime(2026, 11, 21, 3, 30, tzinfo=UTC),
        "MONDAY": datetime(2026, 11, 23, 3, 30, tzinfo=UTC),
    }


def test_late_in_the_day_and_on_sunday_a_choice_that_says_nothing_new_is_left_out():
    sunday_night = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

    assert list(keys_at(sunday_night, "UTC")) == ["TOMORROW"]


def test_nine_in_the_morning_stays_nine_when_the_clocks_change():
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)  # summer time ends in the night

    tomorrow = keys_at(before, "Europe/London")["TOMORROW"]

    assert tomorrow == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)


def test_a_snoozed_case_moves_to_its_own_list_and_back():
    asha = an_agent()
    case, browser = a_case(assignee=asha), signed_in(asha)

    snoozed(browser, case)

    assert references(shown(browser, "/desk/")) == []
    assert references(shown(browser, "/desk/snoozed")) == [case.reference]
    page = shown(browser, f"/desk/case/{case.reference}")
    assert "Snoozed until" in page
    assert "The bank calls" in page
    browser.post(f"/desk/case/{case.reference}/wake")
    assert references(shown(browser, "/desk/")) == [case.reference]


def test_a_promise_that_ends_before_is_pointed_out_once():
    asha = an_agent()
    a_promise(duration=timedelta(hours=1))
    case, browser = a_case(assignee=asha, opened_at=timezone.now()), signed_in(asha)

    first = snoozed(browser, case)

    assert first.status_code == 422
    assert "A promise ends before" in first.content.decode()
    assert references(shown(browser, "/desk/snoozed")) == []
    snoozed(browser, case, anyway="on")
    assert references(shown(browser, "/desk/snoozed")) == [case.reference]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"when": "AT"}, "Choose the day and the time."),
        ({"when": "AT", "at": "2020-01-01T09:00"}, "This moment is past."),
        ({"when": "AT", "at": "2099-01-01T09:00"}, "Choose a moment within 30 days."),
        ({"when": "AT", "at": "soon"}, "Enter a valid date/time."),
        ({"when": "NEVER"}, "Select a valid choice."),
        ({"why": " "}, "This field is required."),
    ],
)
def test_a_moment_that_will_not_do_is_explained_at_its_field(said, words):
    asha = an_agent()
    case = a_case(assignee=asha)

    answer = snoozed(signed_in(asha), case, **said)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_colleague_who_holds_nothing_of_it_is_refused():
    case = a_case(assignee=an_agent())

    answer = snoozed(signed_in(an_agent()), case)

    assert "Somebody else holds this case now." in answer.content.decode()
