"""Hours of people on call: read as written, written as read."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.on_call_hours import BadHours, read_hours, written_hours
from caseward.core.paging import DAYS, is_on_call, watches

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEKDAYS = {day: [["09:00", "18:00"]] for day in DAYS[:5]}


def test_days_and_hours_are_read():
    assert read_hours("Mon-Fri 09:00-18:00") == WEEKDAYS
    assert read_hours("sat,sunday 8:00 - 12:00, 14:00-24:00") == {
        "sat": [["08:00", "12:00"], ["14:00", "24:00"]],
        "sun": [["08:00", "12:00"], ["14:00", "24:00"]],
    }


def test_a_night_goes_on_into_the_next_morning():
    windows = read_hours("sun 22:00-06:00")

    assert windows == {"mon": [["00:00", "06:00"]], "sun": [["22:00", "24:00"]]}
    assert written_hours(windows) == "sun 22:00-06:00"


def test_spans_that_overlap_are_one():
    assert read_hours("tue 09:00-12:00\ntue 11:00-15:00") == {"tue": [["09:00", "15:00"]]}


def test_nothing_written_is_at_any_time():
    assert read_hours(" \n ") == {}
    assert written_hours({}) == ""


@pytest.mark.parametrize(
    "line",
    ["monday", "9-5", "mon 9-5", "mon 25:00-26:00", "day 09:00-10:00", "mon 09:75-10:00", "mon -"],
)
def test_what_says_no_hours_is_named(line):
    with pytest.raises(BadHours) as refused:
        read_hours(f"tue 09:00-10:00\n{line}")

    assert refused.value.line == line


def minutes():
    return st.integers(min_value=0, max_value=24 * 60 - 1)


def clock(minute):
    return f"{minute // 60:02d}:{minute % 60:02d}"


LINES = st.lists(
    st.builds(
        lambda day, start, end: f"{day} {clock(start)}-{clock(end)}",
        st.sampled_from(DAYS),
        minutes(),
        minutes(),
    ),
    max_size=8,
).map("\n".join)


@given(LINES)
def test_what_is_written_reads_back_the_same(text):
    windows = read_hours(text)

    assert read_hours(written_hours(windows)) == windows


def test_watches_follow_each_other_and_show_the_hole():
    people = [(read_hours("mon-fri 09:00-18:00"), "UTC"), (read_hours("mon 18:00-20:00"), "UTC")]

    found = watches(people, after=MONDAY)

    assert [watch.people for watch in found[:4]] == [(), (0,), (1,), ()]
    assert found[3].starts_at == MONDAY + timedelta(hours=20)
    assert found[-1].ends_at == MONDAY + timedelta(days=7)
    assert all(one.ends_at == two.starts_at for one, two in pairwise(found))


def test_somebody_always_on_call_leaves_no_hole():
    (only,) = watches([({}, "Asia/Kolkata")], after=MONDAY)

    assert only.people == (0,)
    assert only.ends_at - only.starts_at == timedelta(days=7)


def test_nobody_at_all_is_one_hole():
    assert [watch.people for watch in watches([], after=MONDAY)] == [()]


@given(LINES, st.sampled_from(["UTC", "Asia/Kolkata", "Europe/London", "America/New_York"]))
def test_a_watch_says_what_each_of_its_moments_does(text, zone):
    windows = read_hours(text)
    start = datetime(2026, 10, 22, 7, 30, tzinfo=UTC)  # clocks change within the week

    for watch in watches([(windows, zone)], after=start):
        middle = watch.starts_at + (watch.ends_at - watch.starts_at) / 2
        assert is_on_call(windows, zone=zone, at=middle) == bool(watch.people)
