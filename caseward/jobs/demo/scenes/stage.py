"""What every scene stands on: its people by name, a moment before now, a case nobody else uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from caseward.casework.models import Case
from caseward.org.acting import Actor, acting
from caseward.org.models import LineOfBusiness, StaffMember

CALM = timedelta(minutes=2)
"""So long nothing has happened on a case that a scene takes."""


class Stage:
    """The finished history, with what earlier scenes took from it."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now, self.random = now, Random(f"{seed} scenes")
        self._taken: set[int] = set()

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)

    def cases(self, at_most: int, **wanted: object) -> list[Case]:
        """Take unfinished cases no other scene uses, the oldest first; perhaps fewer."""
        return self.take(Case.objects.filter(status__in=Case.UNFINISHED, **wanted), at_most)

    def take(self, cases: QuerySet[Case], at_most: int) -> list[Case]:
        calm = cases.filter(updated_at__lte=self.now - CALM).exclude(pk__in=self._taken)
        found = list(calm.select_related("assignee", "lob", "reason").order_by("pk")[:at_most])
        self._taken |= {case.pk for case in found}
        return found

    def moment(self, case: Case, **span: float) -> datetime:
        """Return a moment so long ago, or the first one after what last happened on a case."""
        case.refresh_from_db(fields=["updated_at"])
        soon = case.updated_at + timedelta(seconds=20)
        return min(max(self.ago(**span), soon), self.now)


def person(key: str) -> StaffMember:
    return StaffMember.objects.get(key=key)


def line(key: str) -> LineOfBusiness:
    return LineOfBusiness.objects.get(key=key)


@contextmanager
def as_(staff: StaffMember) -> Iterator[StaffMember]:
    """Let somebody act."""
    with acting(Actor.staff(staff)):
        yield staff
