"""Minutes that run out while a case is worked: who comes near a cap, and who has passed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseward.core.exposure import Because, before_a_cap
from caseward.org.acting import Actor, acting
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import InHand, Looking
from caseward.wellbeing.queries import left_of

WARN_BEFORE = timedelta(minutes=5)
"""So long before a cap somebody hears of it on the page they work on."""


@dataclass(frozen=True, slots=True)
class Nearing:
    """What is on somebody's screen, and how long it can stay there before which cap.

    `span` is below zero once the cap is passed. `max_severity` is what they may be given now.
    """

    staff_id: int
    case_id: int
    severity: int
    began_at: datetime
    span: timedelta
    because: Because
    max_severity: int

    @property
    def is_over(self) -> bool:
        return self.span <= timedelta(0)

    def began_before_the_cap(self, now: datetime) -> bool:
        """Say whether the cap was passed while this was on the screen already."""
        return self.began_at <= now + self.span


def near_a_cap(staff_id: int, now: datetime) -> Nearing | None:
    """Return how near to a cap somebody is with what they look at; None while it is far away."""
    with acting(Actor.system("wellbeing")):
        found = _nearing([staff_id], now)
    return next((one for one in found if one.span <= WARN_BEFORE), None)


def over_a_cap(now: datetime) -> list[Nearing]:
    """Return who has passed a cap with what is on their screen; only Caseward itself asks."""
    looking = Looking.objects.filter(weight__gt=0, counts_until__gte=now)
    ids = list(looking.order_by("staff_id").values_list("staff_id", flat=True))
    return [one for one in _nearing(ids, now) if one.is_over]


def held_past_a_cap(now: datetime) -> dict[int, int]:
    """Return how severe a case may still be for whoever has passed a cap and holds severe cases."""
    holders = InHand.objects.filter(severity__gt=0).order_by("staff_id")
    ids = list(holders.values_list("staff_id", flat=True).distinct())
    left = left_of(ids, now)
    return {
        one: left[one].max_severity for one in ids if before_a_cap(caps_of(one), left[one])[0] <= 0
    }


def _nearing(staff_ids: Sequence[int], now: datetime) -> list[Nearing]:
    looking = list(Looking.objects.filter(staff_id__in=staff_ids, weight__gt=0))
    left = left_of([row.staff_id for row in looking], now) if looking else {}
    found = []
    for row in looking:
        counted, because = before_a_cap(caps_of(row.staff_id), left[row.staff_id])
        span = timedelta(minutes=counted / row.weight)
        about = (row.staff_id, row.case_id, row.severity, row.began_at, span, because)
        found.append(Nearing(*about, left[row.staff_id].max_severity))
    return found
