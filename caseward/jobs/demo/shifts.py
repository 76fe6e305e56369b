"""When each member works: a shift inside the hours of the site, less days off and absences."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from caseward.core.calendars import Calendar, Opening
from caseward.core.working_time import openings_between
from caseward.jobs.demo.demand import DAY, INCIDENT_WEEK, WEEKS
from caseward.jobs.demo.world import Member

# First and last hour on the site's clock, and how many of ten people have that shift.
SHIFTS = (((8, 16), 4), ((10, 18), 2), ((14, 22), 4))
DAYS_OFF_A_WEEK = 2
SICK = 0.03
SHORT_STAFFED = "northstar-security"  # in the week that went wrong
MISSING_THEN = 0.45
OVERTIME = timedelta(hours=3)  # what the same team adds a day in the two weeks after
TODAY = timedelta(hours=7)  # a short day for most: what is left undone is the present backlog
ABSENT_TODAY = 0.55


class Rota:
    """The working hours of one member in the eight weeks, in order."""

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.openings = openings
        self._starts = [opening.opens_at for opening in openings]

    def at_work_until(self, at: datetime) -> datetime | None:
        """Return when the stretch of work going on at a moment ends, or None when off."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or self.openings[index].closes_at <= at:
            return None
        return self.openings[index].closes_at


def rotas(
    members: Sequence[Member],
    calendars: Mapping[int, Calendar],
    *,
    now: datetime,
    random: Random,
) -> dict[int, Rota]:
    """Return everybody's working hours."""
    start = now - WEEKS * 7 * DAY
    shifts = [hours for hours, people in SHIFTS for _ in range(people)]
    made = {}
    for number, member in enumerate(members):
        calendar = calendars[member.site_id]
        shift = shifts[number % len(shifts)]
        days = _working_days(member, number, calendar, start, random)
        openings = (
            cut
            for on in days
            for cut in _hours(member, calendar, on, shift, start)
            if cut.closes_at > start
        )
        made[member.id] = Rota(_without_today(list(openings), now, random))
    return made


def _working_days(
    member: Member, number: int, calendar: Calendar, start: datetime, random: Random
) -> list[date]:
    first = start.astimezone(calendar.zone).date()
    off = days_off(number, calendar)
    days = []
    for offset in range(WEEKS * 7 + 1):
        on = first + timedelta(days=offset)
        is_away = random.random() < _absence(member, offset)
        if on.weekday() not in off and not is_away:
            days.append(on)
    return days


def days_off(number: int, calendar: Calendar) -> set[int]:
    """Return on which days of the week, Monday being 0, somebody does not work."""
    if not calendar.weekly.get(7):  # the site is closed on Sundays: one more day off is enough
        return {6, number % 6}
    return {(number * 2 + extra) % 7 for extra in range(DAYS_OFF_A_WEEK)}


def _absence(member: Member, offset: int) -> float:
    is_short = member.team_key == SHORT_STAFFED and offset // 7 == INCIDENT_WEEK - 1
    return MISSING_THEN if is_short else SICK


def _hours(
    member: Member, calendar: Calendar, on: date, shift: tuple[int, int], start: datetime
) -> list[Opening]:
    """Return a shift on a day, cut to the hours of the site."""
    begins_at = datetime.combine(on, time(shift[0]), calendar.zone).astimezone(UTC)
    ends_at = begins_at + timedelta(hours=shift[1] - shift[0])
    week = (begins_at - start) // (7 * DAY)
    if member.team_key == SHORT_STAFFED and week in {INCIDENT_WEEK, INCIDENT_WEEK + 1}:
        begins_at, ends_at = begins_at - OVERTIME / 2, ends_at + OVERTIME / 2
    return list(openings_between(calendar, begins_at, ends_at))


def _without_today(openings: list[Opening], now: datetime, random: Random) -> list[Opening]:
    if random.random() >= ABSENT_TODAY:
        return openings
    return [opening for opening in openings if opening.closes_at <= now - TODAY]
