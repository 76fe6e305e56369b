"""Days and months as laws count them: clock changes, leap days, moved holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.calendars import Calendar, Span
from caseward.core.local_days import (
    end_of_business_days,
    end_of_days,
    end_of_months,
    months_after,
)

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Africa/Cairo"]
WEEKDAYS = {day: [Span(time(9), time(18))] for day in range(1, 6)}
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1))  # noqa: DTZ001
zones = st.sampled_from(ZONES).map(ZoneInfo)


def local(moment, zone):
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def test_the_day_of_the_event_does_not_count_and_the_last_day_counts_whole():
    late_in_the_evening = datetime(2026, 11, 2, 23, 30, tzinfo=KOLKATA)

    assert local(end_of_days(KOLKATA, late_in_the_evening, 3), KOLKATA) == "2026-11-06 00:00"


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 5, 1), 24)]
)
def test_a_day_on_which_clocks_change_is_still_one_day(day, hours):
    starts_at = datetime.combine(day, time(12), BERLIN)
    before = end_of_days(BERLIN, starts_at - timedelta(days=1), 1)

    assert end_of_days(BERLIN, starts_at, 1) - before == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day, months, ends):
    assert months_after(day, months) == ends
    starts_at = datetime.combine(day, time(9), BERLIN)
    midnight = datetime.combine(ends + timedelta(days=1), time.min, BERLIN)
    assert end_of_months(BERLIN, starts_at, months) == midnight


def test_business_days_pass_over_weekends_and_a_holiday_that_was_moved():
    friday = datetime(2026, 11, 6, 15, 0, tzinfo=KOLKATA)
    plain = Calendar(zone=KOLKATA, weekly=WEEKDAYS)
    diwali = Calendar(zone=KOLKATA, weekly=WEEKDAYS, exceptions={date(2026, 11, 9): []})
    moved = Calendar(zone=KOLKATA, weekly=WEEKDAYS, exceptions={date(2026, 11, 11): []})

    ends = [
        local(end_of_business_days(each, friday, 2), KOLKATA) for each in (plain, diwali, moved)
    ]

    assert ends == ["2026-11-11 00:00", "2026-11-12 00:00", "2026-11-11 00:00"]


@given(zone=zones, at=moments, days=st.integers(1, 400))
def test_a_period_in_days_ends_at_a_local_midnight_that_many_days_on(zone, at, days):
    starts_at = at.replace(tzinfo=UTC)

    ends_at = end_of_days(zone, starts_at, days)

    last = starts_at.astimezone(zone).date() + timedelta(days=days)
    assert (ends_at - timedelta(microseconds=1)).astimezone(zone).date() == last
    assert ends_at.astimezone(zone).date() == last + timedelta(days=1)


@given(zone=zones, at=moments, days=st.integers(1, 60))
def test_one_day_more_never_ends_earlier_and_a_later_start_neither(zone, at, days):
    starts_at = at.replace(tzinfo=UTC)

    assert end_of_days(zone, starts_at, days) < end_of_days(zone, starts_at, days + 1)
    later = starts_at + timedelta(hours=5)
    assert end_of_days(zone, starts_at, days) <= end_of_days(zone, later, days)


@pytest.mark.parametrize("number", [0, -1])
def test_a_period_has_some_length_and_a_start_with_a_zone(number):
    with pytest.raises(ValueError, match="at least 1"):
        end_of_days(BERLIN, datetime(2026, 1, 1, tzinfo=UTC), number)
    with pytest.raises(ValueError, match="without one"):
        end_of_days(BERLIN, datetime(2026, 1, 1), 1)  # noqa: DTZ001
