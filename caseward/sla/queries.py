"""Questions about the clocks of a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from caseward.sla.models import IN_HOUSE_ONLY, NOT_OUR_WORK, Clock, ClockKind


class Ending(Protocol):
    """A clock, planned or kept."""

    @property
    def kind(self) -> str: ...
    @property
    def deadline_at(self) -> datetime | None: ...


def current(case_id: int) -> QuerySet[Clock]:
    """Return the clocks of a case that count: of each kind and stage the latest."""
    return Clock.objects.filter(case_id=case_id, turn=0).order_by("pk")


def running(case_id: int) -> QuerySet[Clock]:
    """Return the clocks of a case that have not stopped, locked until the transaction ends."""
    return current(case_id).filter(stopped_at__isnull=True).select_for_update()


def tightest_of(clocks: Iterable[Ending], *, in_house: bool = False) -> datetime | None:
    """Return the earliest deadline of our own work among some clocks; see `tightest_deadline`."""
    left_out = _left_out(in_house)
    ours = (clock.deadline_at for clock in clocks if clock.kind not in left_out)
    return min((deadline for deadline in ours if deadline), default=None)


def tightest_deadline(case_id: int, *, in_house: bool = False) -> datetime | None:
    """Return the earliest deadline of our own work still running on a case.

    What others may do until then, and what must be kept, hurries nobody.

    Args:
        in_house: Count what a vendor's staff may not know of as well.
    """
    return (
        current(case_id)
        .filter(stopped_at__isnull=True, deadline_at__isnull=False)
        .exclude(kind__in=_left_out(in_house))
        .order_by("deadline_at")
        .values_list("deadline_at", flat=True)
        .first()
    )


def _left_out(in_house: bool) -> tuple[ClockKind, ...]:
    return NOT_OUR_WORK if in_house else (*NOT_OUR_WORK, *IN_HOUSE_ONLY)
