"""Running promises: worked values, and what must hold whatever the pauses are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.deadlines import (
    Clock,
    Pause,
    deadline,
    is_missed,
    is_paused,
    moment_of_share,
    remaining,
    share_spent,
    spent,
    spent_between,
)
from caseward.core.working_time import Calendar, NoWorkingTime, Span, elapsed_working

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE_TO_SIX = (Span.from_text("09:00-18:00"),)
OFFICE = Calendar(KUALA_LUMPUR, dict.fromkeys(range(1, 6), NINE_TO_SIX))
SPLIT_SHIFT_IN_NEW_YORK = Calendar(
    ZoneInfo("America/New_York"),
    dict.fromkeys(range(1, 8), (Span.from_text("22:00-03:00"), Span.from_text("10:00-14:00"))),
    {date(2026, 11, 2): []},
)
MONDAY = datetime(2026, 11, 23, tzinfo=KUALA_LUMPUR)
MONDAY_4PM = MONDAY + 16 * HOUR

calendars = st.sampled_from([None, OFFICE, SPLIT_SHIFT_IN_NEW_YORK])
moments = st.integers(0, 60 * 24 * 60).map(
    lambda minute: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
promises = st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))
closed_pauses = st.tuples(moments, moments).map(sorted).map(lambda ends: Pause(*ends))
pauses = st.lists(closed_pauses, max_size=4).map(tuple)
clocks = st.builds(Clock, moments, promises, calendars, pauses)


def a_clock(*pauses: Pause, stopped_at: datetime | None = None) -> Clock:
    """Eight working hours promised on Monday at four: due on Tuesday at three."""
    return Clock(MONDAY_4PM, 8 * HOUR, OFFICE, pauses, stopped_at)


def time_of(clock: Clock, starts_at: datetime, ends_at: datetime) -> timedelta:
    return (
        ends_at - starts_at
        if clock.calendar is None
        else elapsed_working(clock.calendar, starts_at, ends_at)
    )


def test_eight_working_hours_from_monday_at_four_are_due_on_tuesday_at_three():
    assert deadline(a_clock()) == MONDAY + DAY + 15 * HOUR


def test_without_a_calendar_every_hour_counts():
    assert deadline(Clock(MONDAY_4PM, 8 * HOUR)) == MONDAY + DAY


def test_waiting_for_the_requester_moves_the_deadline_by_the_working_time_waited():
    one_night = Pause(MONDAY + 17 * HOUR, MONDAY + DAY + 10 * HOUR)

    assert deadline(a_clock(one_night)) == MONDAY + DAY + 17 * HOUR


def test_there_is_no_deadline_while_the_clock_is_paused():
    clock = a_clock(Pause(MONDAY + 17 * HOUR))

    assert deadline(clock) is None
    assert is_paused(clock, at=MONDAY + 5 * DAY)
    assert not is_missed(clock, at=MONDAY + 5 * DAY)
    assert remaining(clock, at=MONDAY + 5 * DAY) == 7 * HOUR


def test_pausing_after_the_deadline_does_not_undo_the_miss():
    clock = a_clock(Pause(MONDAY + DAY + 16 * HOUR))

    assert deadline(clock) == MONDAY + DAY + 15 * HOUR
    assert is_missed(clock, at=MONDAY + DAY + 17 * HOUR)


def test_a_pause_begins_at_its_start_and_is_over_at_its_end():
    clock = a_clock(Pause(MONDAY + 17 * HOUR, MONDAY + 18 * HOUR))

    assert not is_paused(clock, at=MONDAY + 17 * HOUR - timedelta.resolution)
    assert is_paused(clock, at=MONDAY + 17 * HOUR)
    assert not is_paused(clock, at=MONDAY + 18 * HOUR)


def test_answering_at_the_very_deadline_is_in_time_and_a_moment_later_is_not():
    due_at = MONDAY + DAY + 15 * HOUR
    in_time, late = a_clock(stopped_at=due_at), a_clock(stopped_at=due_at + timedelta.resolution)

    assert not is_missed(in_time, at=due_at + DAY)
    assert is_missed(late, at=due_at + DAY)


def test_answering_in_the_evening_after_a_deadline_at_closing_time_is_late():
    clock = Clock(MONDAY + 9 * HOUR, 9 * HOUR, OFFICE)

    assert remaining(clock, at=MONDAY + 20 * HOUR) == timedelta(0)
    assert is_missed(clock, at=MONDAY + 20 * HOUR)


def test_a_stopped_clock_spends_no_more():
    clock = a_clock(stopped_at=MONDAY + 17 * HOUR)

    assert spent(clock, at=MONDAY + 9 * DAY) == HOUR
    assert share_spent(clock, at=MONDAY + 9 * DAY) == 0.125
    assert not is_missed(clock, at=MONDAY + 9 * DAY)


def test_an_overrun_promise_has_less_than_nothing_left():
    assert remaining(a_clock(), at=MONDAY + DAY + 17 * HOUR) == -2 * HOUR
    assert share_spent(a_clock(), at=MONDAY + DAY + 17 * HOUR) == 1.25


def test_nothing_is_spent_before_the_start():
    assert spent(a_clock(), at=MONDAY) == timedelta(0)


def test_a_case_is_at_risk_from_the_moment_the_share_is_spent():
    assert moment_of_share(a_clock(), 0.75) == MONDAY + DAY + 13 * HOUR
    assert moment_of_share(a_clock(), 0) == MONDAY_4PM


def test_a_holiday_added_later_counts_as_if_it_had_always_been_known():
    holiday = Calendar(KUALA_LUMPUR, OFFICE.weekly, {date(2026, 11, 24): []})

    assert deadline(Clock(MONDAY_4PM, 8 * HOUR, holiday)) == MONDAY + 2 * DAY + 15 * HOUR


def test_a_calendar_that_never_opens_cannot_keep_a_promise():
    with pytest.raises(NoWorkingTime):
        deadline(Clock(MONDAY_4PM, HOUR, Calendar(KUALA_LUMPUR, {})))


def test_impossible_clocks_are_refused():
    naive = MONDAY.replace(tzinfo=None)

    with pytest.raises(ValueError, match="longer than zero"):
        Clock(MONDAY, timedelta(0))
    with pytest.raises(ValueError, match="must not stop before it starts"):
        Clock(MONDAY, HOUR, stopped_at=MONDAY - HOUR)
    with pytest.raises(ValueError, match="must not end before it starts"):
        Pause(MONDAY, MONDAY - HOUR)
    with pytest.raises(ValueError, match="only the last pause"):
        Clock(MONDAY, HOUR, pauses=(Pause(MONDAY), Pause(MONDAY + HOUR, MONDAY + 2 * HOUR)))
    with pytest.raises(ValueError, match="a datetime with a zone"):
        Clock(naive, HOUR)
    with pytest.raises(ValueError, match="a datetime with a zone"):
        spent(a_clock(), at=naive)
    with pytest.raises(ValueError, match="share must not be negative"):
        moment_of_share(a_clock(), -0.1)


@given(clocks, closed_pauses)
def test_a_pause_moves_the_deadline_by_the_counted_time_of_the_pause(clock: Clock, pause: Pause):
    unpaused = Clock(clock.started_at, clock.promised, clock.calendar)
    paused = Clock(clock.started_at, clock.promised, clock.calendar, (pause,))
    before, after = deadline(unpaused), deadline(paused)
    assert before is not None and after is not None and pause.ends_at is not None

    if clock.started_at <= pause.starts_at < before:
        assert time_of(clock, before, after) == time_of(clock, pause.starts_at, pause.ends_at)
    elif pause.starts_at >= before or pause.ends_at <= clock.started_at:
        assert after == before


@given(clocks, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_what_is_spent_adds_up(clock: Clock, three_moments: list[datetime]):
    first, second, third = three_moments

    assert spent_between(clock, first, third) == (
        spent_between(clock, first, second) + spent_between(clock, second, third)
    )


@given(clocks)
def test_at_the_deadline_exactly_the_promise_is_spent(clock: Clock):
    due_at = deadline(clock)

    assert due_at is not None
    assert spent(clock, at=due_at) == clock.promised
    assert spent(clock, at=due_at - timedelta.resolution) < clock.promised


@given(clocks, moments)
def test_more_pauses_never_bring_the_deadline_forward(clock: Clock, paused_at: datetime):
    more = Clock(
        clock.started_at,
        clock.promised,
        clock.calendar,
        (*clock.pauses, Pause(paused_at, paused_at + HOUR)),
    )
    before, after = deadline(clock), deadline(more)

    assert before is not None and after is not None
    assert after >= before


@given(clocks, moments)
def test_a_promise_that_is_missed_has_nothing_left(clock: Clock, at: datetime):
    if is_missed(clock, at=at):
        assert remaining(clock, at=at) <= timedelta(0)
    else:
        assert remaining(clock, at=at) >= timedelta(0)


@given(clocks)
def test_the_order_in_which_pauses_are_given_does_not_matter(clock: Clock):
    backwards = Clock(clock.started_at, clock.promised, clock.calendar, clock.pauses[::-1])

    assert deadline(backwards) == deadline(clock)
