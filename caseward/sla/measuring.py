"""From what is kept of a clock to plain facts, and to its deadline."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from caseward.core import deadlines, local_days
from caseward.core.calendars import Calendar
from caseward.sla.calendars import calendar_of
from caseward.sla.markets import calendar_of_market, zone_of
from caseward.sla.models import Measured

A_MONTH = timedelta(days=30)  # how a month is kept in a duration, as in PostgreSQL


class Kept(Protocol):
    """What is kept of a clock, as a row of its table or of a list."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def duration(self) -> timedelta: ...
    @property
    def measured(self) -> str: ...
    @property
    def site_id(self) -> int | None: ...
    @property
    def market(self) -> str: ...
    @property
    def pauses(self) -> list[int]: ...
    @property
    def stopped_at(self) -> datetime | None: ...


def facts_of(clock: Kept) -> deadlines.Clock:
    """Return the clock as plain facts, for `core.deadlines`."""
    return deadlines.Clock(
        started_at=clock.started_at,
        promised=promised(clock),
        calendar=calendar_for(clock.measured, clock.site_id, clock.market),
        pauses=tuple(_pairs(clock.pauses)),
        stopped_at=clock.stopped_at,
    )


def deadline_of(clock: Kept) -> datetime | None:
    return deadlines.deadline(facts_of(clock))


def promised(clock: Kept) -> timedelta:
    """Return what was promised as a length of time; days and months end where the calendar says."""
    if clock.measured in {Measured.ELAPSED, Measured.WORKING}:
        return clock.duration
    return _end_in_days(clock) - clock.started_at


def _end_in_days(clock: Kept) -> datetime:
    match clock.measured:
        case Measured.DAYS:
            zone = zone_of(clock.market)
            return local_days.end_of_days(zone, clock.started_at, clock.duration.days)
        case Measured.MONTHS:
            zone, months = zone_of(clock.market), clock.duration // A_MONTH
            return local_days.end_of_months(zone, clock.started_at, months)
        case Measured.BUSINESS_DAYS:
            calendar = calendar_of_market(clock.market)
            return local_days.end_of_business_days(calendar, clock.started_at, clock.duration.days)
    raise ValueError(f"a clock counts in one of {Measured.values}, got {clock.measured!r}")


def calendar_for(measured: str, site_id: int | None, market: str) -> Calendar | None:
    """Return whose working time counts; None where all time does."""
    if measured != Measured.WORKING:
        return None
    return calendar_of(site_id) if site_id else calendar_of_market(market)


def second(at: datetime) -> int:
    return int(at.timestamp())


def _pairs(seconds: list[int]) -> Iterable[deadlines.Pause]:
    moments = [datetime.fromtimestamp(second, UTC) for second in seconds]
    ends: list[datetime | None] = [*moments[1::2]]
    if len(moments) % 2:
        ends.append(None)
    return (deadlines.Pause(start, end) for start, end in zip(moments[::2], ends, strict=True))
