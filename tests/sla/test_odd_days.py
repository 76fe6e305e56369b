"""Promises on real rows across the days on which clocks go wrong: hours that are skipped or come
twice, a leap day, a holiday that is moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from caseward.casework.services.recounting import recount_clocks
from caseward.org.catalogue import look_again
from caseward.org.models import Site
from caseward.sla.models import Clock
from caseward.sla.services.recounting import HALVES
from tests.builders import a_case, a_promise, a_site

pytestmark = pytest.mark.django_db
EIGHT = timedelta(hours=8)


def at(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def deadline_of(case):
    return Clock.objects.get(case=case).deadline_at


def new_york():
    return a_site("new-york", timezone="America/New_York", country="US")


def in_working_time(opened_at, site=None):
    a_promise(duration=EIGHT, measured="WORKING", site=site or new_york())
    return a_case(opened_at=opened_at)


@pytest.mark.parametrize(
    ("opened_at", "due_at"),
    [
        # Two hours on Friday, six on Monday, whose nine o'clock is another hour of UTC.
        (at(2027, 3, 12, 21), at(2027, 3, 15, 19)),  # EST on Friday, EDT on Monday
        (at(2026, 10, 30, 20), at(2026, 11, 2, 20)),  # EDT on Friday, EST on Monday
    ],
)
def test_eight_working_hours_over_the_night_clocks_change_are_eight_hours_of_work(
    opened_at, due_at
):
    assert deadline_of(in_working_time(opened_at)) == due_at


@pytest.mark.parametrize("opened_at", [at(2027, 3, 13, 20), at(2026, 10, 31, 20)])
def test_elapsed_hours_are_elapsed_hours_whatever_the_wall_says(opened_at):
    new_york()
    a_promise(duration=timedelta(hours=24))
    assert deadline_of(a_case(opened_at=opened_at)) == opened_at + timedelta(hours=24)


def test_a_leap_day_is_a_day_of_work():
    monday = at(2028, 2, 28, 21)
    assert deadline_of(in_working_time(monday)) == at(2028, 2, 29, 20)


def test_without_a_leap_day_it_is_the_first_of_march():
    friday = at(2027, 2, 26, 21)
    assert deadline_of(in_working_time(friday)) == at(2027, 3, 1, 20)


def recount():
    for half in HALVES:
        while recount_clocks(half=half, now=at(2028, 2, 28, 22), at_most=10):
            pass


def test_a_holiday_moved_by_a_day_moves_the_deadline_and_back():
    site = new_york()
    case = in_working_time(at(2028, 2, 28, 21), site)
    recount()  # what holds now is known from here on

    def observed(day):
        Site.objects.filter(pk=site.pk).update(extra_days={day.isoformat(): []} if day else {})
        look_again()
        recount()
        return deadline_of(case)

    assert observed(date(2028, 2, 29)) == at(2028, 3, 1, 20)
    assert observed(date(2028, 3, 1)) == at(2028, 2, 29, 20)
    assert observed(None) == at(2028, 2, 29, 20)
