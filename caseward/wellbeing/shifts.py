"""Which span a shift's cap is for: the shift somebody is on, or their day without a roster."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from caseward.core.exposure import Shift
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Shift as Planned
from caseward.org.models import StaffMember

LOOKED_AROUND = timedelta(days=14)
"""Whoever has no shift planned in this time on either side works without a roster."""


def shifts_of(staff_ids: Sequence[int], now: datetime) -> dict[int, Shift]:
    """Return the span that each person's cap for a shift is counted in now."""
    near = Planned.objects.filter(
        staff_id__in=staff_ids,
        ends_at__gt=now - LOOKED_AROUND,
        starts_at__lt=now + LOOKED_AROUND,
    ).order_by("staff_id", "starts_at")
    planned = {staff: list(rows) for staff, rows in groupby(near, key=lambda row: row.staff_id)}
    return {
        staff: _on_roster(planned[staff], now) if staff in planned else _day(staff, now)
        for staff in staff_ids
    }


def shift_day(staff_id: int, shift: Shift) -> str:
    """Return the day a shift began, at the person's site."""
    return shift.starts_at.astimezone(_zone(staff_id)).date().isoformat()


def _on_roster(planned: Sequence[Planned], now: datetime) -> Shift:
    """Return the shift that runs, or the gap between two, which is overtime."""
    for row in planned:
        if row.starts_at <= now < row.ends_at:
            return Shift(row.starts_at, row.ends_at)
    before = [row.ends_at for row in planned if row.ends_at <= now]
    after = [row.starts_at for row in planned if row.starts_at > now]
    return Shift(
        starts_at=max(before, default=now - LOOKED_AROUND),
        ends_at=min(after, default=now + LOOKED_AROUND),
        is_overtime=True,
    )


def _day(staff_id: int, now: datetime) -> Shift:
    zone = _zone(staff_id)
    midnight = datetime.combine(now.astimezone(zone).date(), time(0), zone)
    tomorrow = datetime.combine(midnight.date() + timedelta(days=1), time(0), zone)
    return Shift(midnight, tomorrow, is_planned=False)


def _zone(staff_id: int) -> ZoneInfo:
    site = org.sites().get(_sites_of_people()[staff_id] or 0)
    return ZoneInfo(site.timezone if site else "UTC")


@kept_per_revision
def _sites_of_people() -> dict[int, int | None]:
    """Return where everybody works, read as Caseward itself."""
    with acting(Actor.system("shifts")):
        return dict(StaffMember.objects.values_list("pk", "site_id"))
