"""Working time: worked values, both ends of summer time, and a clock-watcher to agree with."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseward.core.working_time import (
    Calendar,
    NoWorkingTime,
    Span,
    add_working,
    elapsed_working,
    is_open,
    next_opening,
    openings_between,
)

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Kolkata",
        "Asia/Kuala_Lumpur",
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
    )
]
KUALA_LUMPUR, LONDON, NEW_YORK, LORD_HOWE = ZONES[1:]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Both ends of summer time in London, New York and on Lord Howe Island, half an hour at a time.
CLOCK_CHANGES = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
]


def hours(*texts: str) -> list[Span]:
    return [Span.from_text(text) for text in texts]


def office(zone: ZoneInfo = KUALA_LUMPUR, *texts: str, **exceptions: list[Span]) -> Calendar:
    """Monday to Friday, nine to six unless said otherwise; exceptions as d2026_11_25=[...]."""
    days = {date(*map(int, key[1:].split("_"))): spans for key, spans in exceptions.items()}
    return Calendar(zone, dict.fromkeys(range(1, 6), hours(*(texts or ["09:00-18:00"]))), days)


def every_day(zone: ZoneInfo, *texts: str) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(1, 8), hours(*texts)))


def local(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc,arg-type]


clock_times = st.times(time(0), time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
spans = st.builds(Span, clock_times, clock_times)
days = st.one_of(
    st.sampled_from(CLOCK_CHANGES).flatmap(
        lambda day: st.integers(-2, 2).map(lambda n: day + timedelta(days=n))
    ),
    st.dates(date(2025, 12, 1), date(2027, 1, 31)),
)
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE,
    days,
    st.integers(-1440, 1440),
)
calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(1, 7), st.lists(spans, max_size=3), min_size=1),
    st.dictionaries(days, st.lists(spans, max_size=2), max_size=4),
)
working_calendars = calendars.filter(lambda calendar: any(calendar.weekly.values()))
durations = st.integers(0, 200 * 60).map(lambda minutes: minutes * MINUTE)


def watched_minutes(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> Iterator[bool]:
    """Watch the wall clock minute by minute: open while its latest reading lies in a span.

    Shares nothing with the code under test: it never asks for the moment of a clock time. It
    begins two days early, to have seen the latest reading when the clock has just been set back.
    """
    latest = datetime.combine(date.min, time())
    now = starts_at - timedelta(days=2)
    while now < ends_at:
        latest = max(latest, now.astimezone(calendar.zone).replace(tzinfo=None))
        if now >= starts_at:
            yield any(
                _reading_is_in(calendar, latest, day)
                for day in (latest.date(), latest.date() - timedelta(days=1))
            )
        now += MINUTE


def _reading_is_in(calendar: Calendar, reading: datetime, day: date) -> bool:
    minutes = (reading - datetime.combine(day, time())) // MINUTE
    for span in calendar.spans_on(day):
        opens = span.opens.hour * 60 + span.opens.minute
        closes = span.closes.hour * 60 + span.closes.minute
        if opens <= minutes < (closes if closes > opens else closes + 1440):
            return True
    return False


def test_eight_hours_promised_on_monday_at_four_are_due_on_tuesday_at_three():
    raised_at = local(KUALA_LUMPUR, 2026, 11, 23, 16)

    due_at = add_working(office(), raised_at, 8 * HOUR)

    assert due_at == local(KUALA_LUMPUR, 2026, 11, 24, 15)
    assert due_at.tzinfo is UTC
    assert elapsed_working(office(), raised_at, due_at) == 8 * HOUR


def test_a_promise_made_on_friday_evening_skips_the_weekend():
    friday_evening = local(KUALA_LUMPUR, 2026, 11, 27, 19)

    assert add_working(office(), friday_evening, HOUR) == local(KUALA_LUMPUR, 2026, 11, 30, 10)


def test_a_holiday_and_a_half_day_move_the_deadline():
    calendar = office(d2026_11_24=[], d2026_11_25=hours("09:00-13:00"))

    due_at = add_working(calendar, local(KUALA_LUMPUR, 2026, 11, 23, 16), 8 * HOUR)

    assert due_at == local(KUALA_LUMPUR, 2026, 11, 26, 11)


def test_an_exception_can_open_a_day_off():
    calendar = office(d2026_11_28=hours("10:00-12:00"))

    due_at = add_working(calendar, local(KUALA_LUMPUR, 2026, 11, 27, 18), 90 * MINUTE)

    assert due_at == local(KUALA_LUMPUR, 2026, 11, 28, 11, 30)


def test_lunch_is_not_working_time():
    calendar = office(KUALA_LUMPUR, "13:00-18:00", "09:00-12:00")

    assert (
        elapsed_working(
            calendar, local(KUALA_LUMPUR, 2026, 11, 23, 8), local(KUALA_LUMPUR, 2026, 11, 23, 14)
        )
        == 4 * HOUR
    )


def test_a_night_shift_belongs_to_the_day_it_opens():
    calendar = office(KUALA_LUMPUR, "22:00-06:00", d2026_11_24=[])
    monday, wednesday = (local(KUALA_LUMPUR, 2026, 11, day) for day in (23, 25))

    assert elapsed_working(calendar, monday, wednesday) == 8 * HOUR
    assert is_open(calendar, local(KUALA_LUMPUR, 2026, 11, 24, 5, 59))
    assert next_opening(calendar, local(KUALA_LUMPUR, 2026, 11, 24, 6)) == wednesday + 22 * HOUR


def test_a_friday_night_shift_runs_into_saturday():
    calendar = office(KUALA_LUMPUR, "22:00-06:00")

    assert is_open(calendar, local(KUALA_LUMPUR, 2026, 11, 28, 5))
    assert not is_open(calendar, local(KUALA_LUMPUR, 2026, 11, 29, 5))


def test_a_sunday_night_shift_and_early_monday_hours_are_not_counted_twice():
    calendar = Calendar(KUALA_LUMPUR, {7: hours("20:00-08:00"), 1: hours("06:00-10:00")})

    assert (
        elapsed_working(
            calendar, local(KUALA_LUMPUR, 2026, 11, 22), local(KUALA_LUMPUR, 2026, 11, 24)
        )
        == 14 * HOUR
    )


def test_hours_that_overlap_are_counted_once():
    calendar = office(KUALA_LUMPUR, "09:00-17:00", "10:00-12:00", "16:00-18:00")

    assert (
        elapsed_working(
            calendar, local(KUALA_LUMPUR, 2026, 11, 23), local(KUALA_LUMPUR, 2026, 11, 24)
        )
        == 9 * HOUR
    )


@pytest.mark.parametrize(
    ("text", "length"),
    [("00:00-00:00", 24), ("00:00-24:00", 24), ("09:00-24:00", 15), ("16:00 - 00:00", 8)],
)
def test_midnight_can_end_a_day(text: str, length: int):
    calendar = Calendar(KUALA_LUMPUR, {1: hours(text)})

    assert (
        elapsed_working(
            calendar, local(KUALA_LUMPUR, 2026, 11, 22), local(KUALA_LUMPUR, 2026, 11, 26)
        )
        == length * HOUR
    )


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (LONDON, (2026, 3, 29), 7),
        (LONDON, (2026, 10, 25), 9),
        (LONDON, (2026, 6, 1), 8),
        (NEW_YORK, (2026, 3, 8), 7),
        (NEW_YORK, (2026, 11, 1), 9),
        (LORD_HOWE, (2026, 10, 4), 7.5),
        (LORD_HOWE, (2026, 4, 5), 8.5),
    ],
)
def test_a_night_shift_is_shorter_or_longer_when_the_clocks_change(
    zone: ZoneInfo, day: tuple[int, int, int], length: float
):
    noon = local(zone, *day, 12)
    calendar = every_day(zone, "00:00-08:00")

    assert elapsed_working(calendar, noon - 12 * HOUR, noon) == length * HOUR


def test_hours_that_open_in_the_skipped_hour_open_when_it_is_over():
    calendar = every_day(LONDON, "01:30-03:00")

    opens_at = next_opening(calendar, local(LONDON, 2026, 3, 29, 0))

    assert opens_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert elapsed_working(calendar, opens_at, opens_at + 12 * HOUR) == HOUR


def test_hours_that_lie_in_the_skipped_hour_do_not_happen_that_day():
    calendar = every_day(LONDON, "01:10-01:50")

    opens_at = next_opening(calendar, local(LONDON, 2026, 3, 28, 12))

    assert opens_at == local(LONDON, 2026, 3, 30, 1, 10)


def test_a_clock_time_that_comes_twice_means_its_first_coming():
    calendar = every_day(LONDON, "00:00-01:30", "01:30-03:00")
    night_only = every_day(LONDON, "22:00-01:30")
    midnight = local(LONDON, 2026, 10, 25)

    assert elapsed_working(calendar, midnight, midnight + 3 * HOUR) == 4 * HOUR
    assert elapsed_working(night_only, midnight - 12 * HOUR, midnight + 12 * HOUR) == 3.5 * HOUR


def test_a_date_that_an_island_skipped_has_no_working_time():
    samoa = ZoneInfo("Pacific/Apia")
    calendar = every_day(samoa, "09:00-17:00")

    assert (
        elapsed_working(calendar, local(samoa, 2011, 12, 29), local(samoa, 2012, 1, 1)) == 16 * HOUR
    )


def test_opening_times_are_open_and_closing_times_are_not():
    monday = local(KUALA_LUMPUR, 2026, 11, 23)

    assert not is_open(office(), monday + 9 * HOUR - timedelta.resolution)
    assert is_open(office(), monday + 9 * HOUR)
    assert not is_open(office(), monday + 18 * HOUR)


def test_a_promise_used_up_at_closing_time_is_due_then_and_not_next_morning():
    monday = local(KUALA_LUMPUR, 2026, 11, 23)

    assert add_working(office(), monday, 9 * HOUR) == monday + 18 * HOUR
    assert add_working(office(), monday, 45 * HOUR) == monday + timedelta(days=4, hours=18)


def test_adding_nothing_ends_where_it_starts_even_at_night():
    midnight = local(KUALA_LUMPUR, 2026, 11, 23)

    assert add_working(office(), midnight, timedelta(0)) == midnight


def test_the_next_opening_while_open_is_now():
    now = local(KUALA_LUMPUR, 2026, 11, 23, 10, 17)

    assert next_opening(office(), now) == now


@pytest.mark.parametrize("weekly", [{}, {1: []}])
def test_a_calendar_that_never_opens_says_so_instead_of_searching_forever(
    weekly: dict[int, list[Span]],
):
    calendar = Calendar(KUALA_LUMPUR, weekly)
    now = local(KUALA_LUMPUR, 2026, 11, 23)

    with pytest.raises(NoWorkingTime, match="no working time left after 2026-11-22"):
        add_working(calendar, now, HOUR)
    with pytest.raises(NoWorkingTime):
        next_opening(calendar, now)
    assert elapsed_working(calendar, now, now + 90 * 24 * HOUR) == timedelta(0)
    assert not is_open(calendar, now)


def test_a_calendar_of_a_few_open_days_ends_after_the_last_of_them():
    calendar = Calendar(KUALA_LUMPUR, {}, {date(2026, 11, 25): hours("22:00-02:00")})
    now = local(KUALA_LUMPUR, 2026, 11, 23)

    assert add_working(calendar, now, 4 * HOUR) == local(KUALA_LUMPUR, 2026, 11, 26, 2)
    with pytest.raises(NoWorkingTime):
        add_working(calendar, now, 4 * HOUR + timedelta.resolution)


def test_wrong_input_is_refused_with_what_was_expected():
    now = local(KUALA_LUMPUR, 2026, 11, 23)
    naive = now.replace(tzinfo=None)

    with pytest.raises(ValueError, match="expected a datetime with a zone"):
        add_working(office(), naive, HOUR)
    with pytest.raises(ValueError, match="expected a datetime with a zone"):
        elapsed_working(office(), now, naive)
    with pytest.raises(ValueError, match="must not be before the start"):
        elapsed_working(office(), now, now - HOUR)
    with pytest.raises(ValueError, match="must not be negative"):
        add_working(office(), now, -HOUR)
    with pytest.raises(ValueError, match="1 \\(Monday\\) to 7"):
        Calendar(KUALA_LUMPUR, {0: hours("09:00-18:00")})
    with pytest.raises(ValueError, match="a date without a time"):
        Calendar(KUALA_LUMPUR, {}, {now: []})
    with pytest.raises(ValueError, match="times without a zone"):
        Span(time(9, tzinfo=UTC), time(18))


@pytest.mark.parametrize("text", ["", "9-18", "09:00", "09:00-25:00", "24:00-06:00", "a-b"])
def test_hours_that_cannot_be_read_are_refused_with_an_example(text: str):
    with pytest.raises(ValueError, match="expected hours such as 09:00-18:00"):
        Span.from_text(text)


def test_changing_the_mapping_afterwards_does_not_change_the_calendar():
    weekly = {1: hours("09:00-18:00")}
    calendar = Calendar(KUALA_LUMPUR, weekly)
    weekly[1].clear()

    assert calendar == Calendar(KUALA_LUMPUR, {1: hours("09:00-18:00")})
    assert is_open(calendar, local(KUALA_LUMPUR, 2026, 11, 23, 9))


@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.integers(0, 4 * 1440))
def test_the_total_agrees_with_watching_the_clock(
    calendar: Calendar, starts_at: datetime, minutes: int
):
    ends_at = starts_at + minutes * MINUTE

    watched = sum(watched_minutes(calendar, starts_at, ends_at))

    assert elapsed_working(calendar, starts_at, ends_at) == watched * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars, moments)
def test_being_open_agrees_with_watching_the_clock(calendar: Calendar, starts_at: datetime):
    for minute, watched in enumerate(watched_minutes(calendar, starts_at, starts_at + 3 * HOUR)):
        assert is_open(calendar, starts_at + minute * MINUTE) == watched


@given(calendars, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up(calendar: Calendar, three_moments: list[datetime]):
    first, second, third = three_moments

    assert elapsed_working(calendar, first, third) == (
        elapsed_working(calendar, first, second) + elapsed_working(calendar, second, third)
    )


@given(working_calendars, moments, durations)
def test_what_is_added_is_what_passes(calendar: Calendar, starts_at: datetime, duration: timedelta):
    ends_at = add_working(calendar, starts_at, duration)

    assert elapsed_working(calendar, starts_at, ends_at) == duration
    if duration:
        moment_before = ends_at - timedelta.resolution
        assert is_open(calendar, moment_before)
        assert elapsed_working(calendar, starts_at, moment_before) < duration


@given(working_calendars, moments, durations, durations)
def test_adding_in_two_steps_is_adding_at_once(
    calendar: Calendar, starts_at: datetime, first: timedelta, second: timedelta
):
    in_steps = add_working(calendar, add_working(calendar, starts_at, first), second)

    assert in_steps == add_working(calendar, starts_at, first + second)


@given(working_calendars, moments)
def test_nothing_is_open_before_the_next_opening(calendar: Calendar, at: datetime):
    opens_at = next_opening(calendar, at)

    assert is_open(calendar, opens_at)
    assert elapsed_working(calendar, at, opens_at) == timedelta(0)


@given(calendars, moments, durations)
def test_the_openings_of_a_period_are_in_order_apart_and_add_up(
    calendar: Calendar, starts_at: datetime, duration: timedelta
):
    openings = list(openings_between(calendar, starts_at, starts_at + duration))

    assert all(this.closes_at <= after.opens_at for this, after in pairwise(openings))
    assert sum((closes - opens for opens, closes in openings), timedelta(0)) == elapsed_working(
        calendar, starts_at, starts_at + duration
    )


@given(moments, durations, st.sampled_from(ZONES))
def test_where_it_is_always_open_working_time_is_elapsed_time(
    starts_at: datetime, duration: timedelta, zone: ZoneInfo
):
    calendar = every_day(zone, "00:00-24:00")

    assert add_working(calendar, starts_at, duration) == starts_at + duration
