"""What somebody is shown about themselves, and about nobody else."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from caseward.core.exposure import MOST_SEVERE, WEEK, Caps, Left
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.wellbeing import queries
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import Exposure, Glance


@dataclass(slots=True)
class Day:
    """What was met in the shifts that began on one day, in minutes."""

    on: date
    counted: float = 0.0
    by_severity: list[float] = field(default_factory=lambda: [0.0] * (MOST_SEVERE + 1))


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's caps, what is left below them, and how they got there."""

    caps: Caps
    left: Left
    days: list[Day]
    categories: list[tuple[str, float]]


def own_of(staff: StaffMember, now: datetime) -> Own:
    """Return what somebody sees about themselves; the caller shows it to nobody else."""
    with acting(Actor.system("wellbeing")):
        left = queries.left_of([staff.pk], now)[staff.pk]
    met = Exposure.objects.filter(staff=staff, ended_at__gt=now - WEEK)
    return Own(caps_of(staff.pk), left, _days(met), _categories(met))


def _days(met: QuerySet[Exposure]) -> list[Day]:
    sums = met.values("shift_on", "severity").annotate(
        minutes=Sum("seconds") / 60.0, counted=Sum(F("seconds") * F("weight")) / 60.0
    )
    days: dict[date, Day] = {}
    for row in sums.order_by("shift_on", "severity"):
        day = days.setdefault(row["shift_on"], Day(row["shift_on"]))
        day.counted += row["counted"]
        day.by_severity[row["severity"]] += row["minutes"]
    return list(days.values())


def _categories(met: QuerySet[Exposure]) -> list[tuple[str, float]]:
    found: dict[str, float] = defaultdict(float)
    sums = met.exclude(category="").values_list("category").annotate(Sum("seconds"))
    for category, seconds in sums.order_by("category"):
        found[category] += seconds / 60
    return sorted(found.items(), key=lambda one: -one[1])


def who_looked(since: datetime) -> list[Glance]:
    """Return who looked at sums about people, newest first: it is published to everybody."""
    looked = Glance.objects.filter(at__gte=since).order_by("-at", "staff_id", "what")
    return list(looked[:50])
