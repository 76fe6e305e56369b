"""The table of working time agrees with the maths it is faster than."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.calendars import Calendar, Span
from caseward.core.deadlines import Clock, Pause, deadline
from caseward.core.working_table import EPOCH, MICROSECOND, OutsideTheTable, WorkingTable, micros

DAY = Span(time(9), time(18))
NIGHT = Span(time(22), time(6))
CALENDARS = {
    "Gurugram": Calendar(
        zone=ZoneInfo("Asia/Kolkata"),
        weekly={key: [DAY] for key in range(1, 6)},
        exceptions={date(2026, 11, 9): [], date(2026, 11, 6): [Span(time(9), time(13))]},
    ),
    "nights in London": Calendar(
        zone=ZoneInfo("Europe/London"), weekly={key: [NIGHT] for key in range(1, 8)}
    ),
    "around the clock in New York": Calendar(
        zone=ZoneInfo("America/New_York"),
        weekly={key: [Span(time(0), time(0))] for key in range(1, 8)},
    ),
}
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
TABLES = {name: WorkingTable(calendar, FIRST, LAST) for name, calendar in CALENDARS.items()}
starts = st.datetimes(datetime(2026, 2, 1), datetime(2028, 4, 1))  # noqa: DTZ001
minutes = st.integers(1, 20_000)


@given(
    name=st.sampled_from(sorted(CALENDARS)),
    starts_at=starts,
    promised=minutes,
    gaps=st.lists(st.integers(0, 3_000), max_size=5),
)
def test_a_deadline_from_the_table_is_the_one_that_is_walked_to(name, starts_at, promised, gaps):
    starts_at = starts_at.replace(tzinfo=UTC)
    seconds, at = [], int(starts_at.timestamp()) + 1
    for gap in gaps:
        at += gap * 60
        seconds.append(at)
    moments = [datetime.fromtimestamp(second, UTC) for second in seconds]
    ends = [*moments[1::2], *[None] * (len(moments) % 2)]
    pauses = tuple(map(Pause, moments[::2], ends))
    walked = deadline(Clock(starts_at, timedelta(minutes=promised), CALENDARS[name], pauses))

    found = TABLES[name].deadline(
        micros(starts_at), timedelta(minutes=promised) // MICROSECOND, seconds
    )

    assert (EPOCH + found * MICROSECOND if found is not None else None) == walked


def test_what_lies_outside_its_years_is_refused_and_not_guessed():
    table = TABLES["Gurugram"]
    hour = timedelta(hours=1) // MICROSECOND

    with pytest.raises(OutsideTheTable):
        table.deadline(micros(FIRST) - 1, hour, [])
    with pytest.raises(OutsideTheTable):
        table.deadline(micros(LAST) - 1, 10_000 * hour, [])
