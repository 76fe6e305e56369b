"""What somebody may still be given, and what they have met.

`room_of` answers routing and nobody else: it reads as Caseward itself and tells numbers, not why.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from caseward.core.exposure import WEEK, InHand, Left, Look, Shift, what_is_left
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.wellbeing import models
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.shifts import shifts_of

A_RUN = timedelta(hours=12)
"""Further back, what weighs nothing tells nothing: not even how long a run is."""


@dataclass(frozen=True, slots=True)
class Room:
    """How severe somebody's next case may be, and what it must not be about.

    `until` is when more may come back if nothing more is met; None when that is not known.
    """

    max_severity: int
    blocked_categories: frozenset[str]
    until: datetime | None

    def takes(self, severity: int, category: str) -> bool:
        """Say whether a case may be given to whoever has this room."""
        return severity <= self.max_severity and category not in self.blocked_categories


def room_of(staff_id: int, now: datetime) -> Room:
    """Return what one person may be given next."""
    return rooms_of([staff_id], now)[staff_id]


def rooms_of(staff_ids: Iterable[int], now: datetime) -> dict[int, Room]:
    """Return what each of these people may be given next, for as many as they are by one look."""
    ids = sorted(set(staff_ids))
    with acting(Actor.system("wellbeing")):
        left = left_of(ids, now)
        blocked = _opt_outs(ids)
    return {
        staff: Room(left[staff].max_severity, frozenset(blocked[staff]), left[staff].until)
        for staff in ids
    }


def left_of(staff_ids: Sequence[int], now: datetime) -> dict[int, Left]:
    """Return what is left below everybody's caps; of oneself, or all as Caseward itself."""
    shifts = shifts_of(staff_ids, now)
    looks = looks_of(staff_ids, shifts, now)
    hands = _in_hand(staff_ids)
    return {
        staff: what_is_left(
            caps=caps_of(staff),
            looks=looks[staff],
            in_hand=hands[staff],
            shift=shifts[staff],
            now=now,
        )
        for staff in staff_ids
    }


def looks_of(
    staff_ids: Sequence[int], shifts: dict[int, Shift], now: datetime
) -> dict[int, list[Look]]:
    """Return what people met in the last week, oldest first, with what they look at now."""
    found: dict[int, list[Look]] = defaultdict(list)
    columns = ("staff_id", "case_id", "severity", "began_at", "ended_at", "modality")
    matters = Q(weight__gt=0) | Q(severity__gte=3) | Q(ended_at__gt=now - A_RUN)
    met = models.Exposure.objects.filter(
        matters, staff_id__in=staff_ids, ended_at__gt=now - WEEK, began_at__lte=now
    )
    for staff, *look in met.order_by("began_at", "pk").values_list(*columns):
        found[staff].append(Look(*look))
    for row in models.Looking.objects.filter(staff_id__in=staff_ids):
        ends = max(row.began_at, min(now, row.counts_until))
        found[row.staff_id].append(
            Look(row.case_id, row.severity, row.began_at, ends, row.modality)
        )
    return found


def _in_hand(staff_ids: Sequence[int]) -> dict[int, list[InHand]]:
    found: dict[int, list[InHand]] = defaultdict(list)
    rows = models.InHand.objects.filter(staff_id__in=staff_ids)
    for staff, case, severity in rows.values_list("staff_id", "case_id", "severity"):
        found[staff].append(InHand(case, severity))
    return found


def _opt_outs(staff_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = models.OptOut.objects.filter(staff_id__in=staff_ids)
    for staff, category in rows.values_list("staff_id", "category"):
        found[staff].add(category)
    return found


def opt_outs_of(staff: StaffMember) -> set[str]:
    """Return what somebody does not want to meet, asked by themselves."""
    return _opt_outs([staff.pk])[staff.pk]


@dataclass(frozen=True, slots=True)
class Sums:
    """What an employer's people met in four whole weeks. `employer` 0 is in-house, None is all."""

    employer: int | None
    people: int
    minutes: float
    shifts: int
    kept: int

    @property
    def kept_share(self) -> float:
        return self.kept / self.shifts if self.shifts else 1.0


def sums(now: datetime) -> list[Sums]:
    """Return sums of groups large enough to be told; that the asker looked is kept.

    PostgreSQL refuses whoever leads nobody, and anybody at a vendor.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wellbeing.sums(%s)", [now])
        return [Sums(*row) for row in cursor.fetchall()]


def may_take_severe(staff_ids: Iterable[int], *, by: StaffMember, now: datetime) -> dict[int, bool]:
    """Say of people whether the next case may be a severe one, never why not; the look is kept.

    What they do not want to meet plays no part in it.
    """
    rooms = rooms_of(staff_ids, now)
    with acting(Actor.system("wellbeing")):
        models.Glance.objects.bulk_create(
            [models.Glance(staff=by, what="state", at=_hour(now))], ignore_conflicts=True
        )
    return {staff: room.max_severity >= 3 for staff, room in rooms.items()}


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
