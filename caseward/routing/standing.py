"""What `core.matching` is told of people: who they are, what they can do, how much more fits now.

What is configuration is read once per revision; what changes by the minute is read each time, for
as many people as are asked about in a fixed number of queries.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from caseward.core.matching import Worker
from caseward.org import planned
from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Certification, Shift, Skill, StaffMember
from caseward.routing.models import Availability, Capacity
from caseward.wellbeing import queries as wellbeing

UNITS_IN_ALL = 20.0  # where the operation does not say
NEW_FOR = timedelta(days=60)
SHIFTS_ARE_PLANNED = timedelta(days=7)

# A case that waits for the requester is not in work.
HELD = """
    SELECT assignee_id, channel, count(*) FROM casework_case
    WHERE assignee_id = ANY(%s::bigint[]) AND status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    GROUP BY assignee_id, channel
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """A worker as configuration has them, and what of it depends on the day."""

    worker: Worker
    zone: ZoneInfo
    certified: tuple[tuple[str, date | None], ...]
    joined_on: date | None


@kept_per_revision
def _known(staff_id: int) -> _Known:
    staff = StaffMember.objects.select_related("vendor").get(pk=staff_id)
    held = Certification.objects.filter(staff_id=staff_id).values_list("key", "expires_on")
    site = org.sites().get(staff.site_id or 0)
    worker = Worker(
        id=staff.pk,
        tier=staff.tier,
        vendor_id=staff.vendor_id,
        skills=levels_of(staff_id),
        may_work=staff.is_active and (staff.vendor is None or staff.vendor.is_active),
    )
    return _Known(worker, ZoneInfo(site.timezone if site else "UTC"), tuple(held), staff.joined_on)


@kept_per_revision
def levels_of(staff_id: int) -> dict[tuple[int, str], int]:
    """Return how well somebody commands each language, by line of business."""
    rows = Skill.objects.filter(staff_id=staff_id).values_list("lob_id", "language", "level")
    return {(lob_id, language): level for lob_id, language, level in rows}


@kept_per_revision
def capacities() -> dict[str, Capacity]:
    return {row.channel: row for row in Capacity.objects.all()}


def units_of(channel: str) -> float:
    """Return the room one case of a channel takes."""
    row = capacities().get(channel)
    return row.units if row else 1.0


def worker_on(staff_id: int, *, now: datetime) -> Worker:
    """Return somebody as far as configuration and the day say."""
    known = _known(staff_id)
    today = now.astimezone(known.zone).date()
    valid = (key for key, last in known.certified if last is None or last >= today)
    is_new = known.joined_on is not None and today < known.joined_on + NEW_FOR
    return replace(known.worker, certifications=frozenset(valid), is_new=is_new)


def worker_now(staff_id: int, *, now: datetime) -> Worker:
    """Return somebody as they are this minute, as far as hard rules go."""
    return workers_now([staff_id], now=now)[staff_id]


def workers_now(staff_ids: Collection[int], *, now: datetime) -> dict[int, Worker]:
    """Return people as they are this minute.

    Exposure left and opt-outs are nobody's to read but the person's: what the router makes of them
    is one refusal among others.
    """
    states = Availability.objects.in_bulk(list(staff_ids))
    on_shift, held = _on_shift(staff_ids, now), _held(staff_ids)
    rooms = wellbeing.rooms_of(staff_ids, now)
    return {
        staff_id: replace(
            with_room(worker_on(staff_id, now=now), held.get(staff_id, Counter())),
            max_severity=rooms[staff_id].max_severity,
            opted_out=rooms[staff_id].blocked_categories,
            is_on_shift=on_shift[staff_id],
            is_available=_is_available(states.get(staff_id)),
        )
        for staff_id in staff_ids
    }


def worker_asking(staff_id: int, *, now: datetime) -> Worker:
    """Return somebody who asks for work: they are there, whatever their shift says.

    What they may still meet is not looked at: `with_exposure` does before harm goes out.
    """
    held = _held([staff_id]).get(staff_id, Counter())
    return with_room(worker_on(staff_id, now=now), held)


def has_full_hands(staff_id: int, channels: Iterable[str], *, now: datetime) -> bool:
    """Say whether no case of any channel fits into somebody's hands beside those they hold."""
    worker = worker_asking(staff_id, now=now)
    return all(units_of(channel) > worker.room_for(channel) for channel in channels)


def with_exposure(worker: Worker, *, now: datetime) -> Worker:
    """Return somebody with what they may still meet and do not want to."""
    room = wellbeing.room_of(worker.id, now)
    return replace(
        worker, max_severity=room.max_severity, opted_out=frozenset(room.blocked_categories)
    )


def _is_available(state: Availability | None) -> bool:
    return state is not None and state.state == Availability.State.AVAILABLE


def _on_shift(staff_ids: Collection[int], now: datetime) -> dict[int, bool]:
    """Say who is on shift; whoever has none planned around now may work at any hour."""
    near = Shift.objects.filter(
        staff_id__in=staff_ids,
        ends_at__gt=now - SHIFTS_ARE_PLANNED,
        starts_at__lt=now + SHIFTS_ARE_PLANNED,
    ).values_list("staff_id", "starts_at", "ends_at")
    found: dict[int, bool] = {}
    for staff_id, starts_at, ends_at in near:
        found[staff_id] = found.get(staff_id, False) or starts_at <= now < ends_at
    return {staff_id: found.get(staff_id, True) for staff_id in staff_ids}


def _held(staff_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """Return how many cases of each channel are in somebody's hands."""
    held: dict[int, Counter[str]] = {}
    for staff_id, channel, count in planned.rows(HELD, [list(staff_ids)]):
        held.setdefault(staff_id, Counter())[channel] = count
    return held


def with_room(worker: Worker, held: Mapping[str, int]) -> Worker:
    """Return somebody with the room their cases leave them."""
    limits = capacities()
    used = {channel: units_of(channel) * count for channel, count in held.items()}
    in_all = limits[""].at_most if "" in limits else UNITS_IN_ALL
    room = {
        channel: row.at_most - used.get(channel, 0.0) for channel, row in limits.items() if channel
    }
    busy = sum(held.values()) * worker_minutes()
    return replace(worker, room=room, room_in_all=in_all - sum(used.values()), busy_minutes=busy)


def worker_minutes() -> float:
    """Return what a case in hand counts in minutes of work still to be done."""
    return 8.0
