"""Questions about the clocks of a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from caseward.sla.models import NOT_OUR_WORK, Clock


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


def tightest_of(clocks: Iterable[Ending]) -> datetime | None:
    """Return the earliest deadline of our own work among some clocks that run."""
    ours = (clock.deadline_at for clock in clocks if clock.kind not in NOT_OUR_WORK)
    return min((deadline for deadline in ours if deadline), default=None)


def tightest_deadline(case_id: int) -> datetime | None:
    """Return the earliest deadline of our own work still running on a case.

    What others may do until then, and what must be kept, hurries nobody.
    """
    return (
        current(case_id)
        .filter(stopped_at__isnull=True, deadline_at__isnull=False)
        .exclude(kind__in=NOT_OUR_WORK)
        .order_by("deadline_at")
        .values_list("deadline_at", flat=True)
        .first()
    )
