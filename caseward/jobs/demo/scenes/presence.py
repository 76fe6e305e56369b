"""Who is on: the shifts of two weeks behind and one ahead, and what people are doing now.

Those whom visitors sign in as have no roster: they may work whenever somebody looks at the demo.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from caseward.jobs.demo.demand import DAY
from caseward.jobs.demo.people import PEOPLE
from caseward.jobs.demo.scenes.stage import Stage
from caseward.jobs.demo.shifts import SHIFTS, days_off
from caseward.jobs.demo.world import members_by_key
from caseward.org.models import Shift, StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability
from caseward.sla.calendars import calendar_of

DAYS_BEHIND, DAYS_AHEAD = 14, 7
ON_NOW = 0.55  # of everybody, at any hour the demo is begun
LONG_ENOUGH = timedelta(hours=8)
THERE_FOR = timedelta(hours=2)
"""So long their pages count as open, as if somebody sat before them."""
VISITORS = frozenset(who.key for who in PEOPLE)
State = Availability.State
DOING = {
    (State.AVAILABLE, ""): 46,
    (State.BUSY, ""): 34,
    (State.BREAK, ""): 9,
    (State.TRAINING, ""): 4,
    (State.DECOMPRESSING, ""): 4,
}
LASTS = {State.BREAK: 15, State.TRAINING: 60, State.DECOMPRESSING: 20}


def play(stage: Stage) -> None:
    people = [one for one in members_by_key() if one.key not in VISITORS]
    on_now = set(stage.random.sample([p.pk for p in people], round(len(people) * ON_NOW)))
    rows = [
        shift
        for number, one in enumerate(people)
        for shift in _shifts(stage, one, number, is_on=one.pk in on_now)
    ]
    Shift.objects.bulk_create(rows)
    for one in people:
        if one.pk in on_now:
            _begin(stage, one)
    for visitor in members_by_key():
        if visitor.key in VISITORS:
            availability.set_state(
                staff=visitor, state=State.AVAILABLE, why="", now=stage.ago(minutes=20), by=visitor
            )
    Availability.objects.filter(state__in=availability.AT_WORK).update(
        seen_at=stage.now + THERE_FOR
    )


def _shifts(stage: Stage, staff: StaffMember, number: int, *, is_on: bool) -> list[Shift]:
    """Return somebody's shifts; the one that runs now is theirs only if they are on."""
    calendar = calendar_of(staff.site_id or 0)
    hours = [span for span, people in SHIFTS for _ in range(people)][number % 10]
    today = stage.now.astimezone(calendar.zone).date()
    off = days_off(number, calendar)
    found = [
        _shift(staff, on, hours, calendar.zone)
        for on in (today + n * DAY for n in range(-DAYS_BEHIND, DAYS_AHEAD + 1))
        if on.weekday() not in off
    ]
    now_on = _running(stage.now, staff, Random(f"{staff.key} {stage.now}"))
    clear = [one for one in found if one.ends_at <= now_on.starts_at - 6 * HOUR]
    clear += [one for one in found if one.starts_at >= now_on.ends_at + 6 * HOUR]
    return [*clear, now_on] if is_on else [s for s in found if not _covers(s, stage.now)]


HOUR = timedelta(hours=1)


def _shift(staff: StaffMember, on: date, hours: tuple[int, int], zone: object) -> Shift:
    begins_at = datetime.combine(on, time(hours[0]), zone).astimezone(UTC)  # type: ignore[arg-type]
    return Shift(staff=staff, starts_at=begins_at, ends_at=begins_at + HOUR * (hours[1] - hours[0]))


def _running(now: datetime, staff: StaffMember, random: Random) -> Shift:
    starts_at = now - timedelta(minutes=30 * random.randint(1, 11))
    return Shift(staff=staff, starts_at=starts_at, ends_at=starts_at + LONG_ENOUGH)


def _covers(shift: Shift, now: datetime) -> bool:
    return shift.starts_at <= now < shift.ends_at


def _begin(stage: Stage, staff: StaffMember) -> None:
    (state, why), *_rest = stage.random.choices(list(DOING), weights=list(DOING.values()))
    longest = LASTS.get(state, 150)
    since = stage.ago(minutes=stage.random.randint(1, longest - 1))
    until = since + timedelta(minutes=longest) if state in LASTS else None
    availability.set_state(staff=staff, state=state, why=why, now=since, by=staff, until=until)
