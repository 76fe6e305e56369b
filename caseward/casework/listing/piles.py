"""Which cases a list is about, before anybody narrows it.

The statuses are spelled out in each, for only then can PostgreSQL use the partial index that holds
just these cases in the order they are worked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from caseward.casework import access
from caseward.casework.listing.conditions import Conditions
from caseward.casework.models import Case
from caseward.org.models import StaffMember


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases of some queues, or in one person's hands."""

    statuses: tuple[str, ...]
    queues: tuple[int, ...] | None = None
    assignee_id: int | None = None
    nobody_has_it: bool = False
    finished_since: datetime | None = None

    @classmethod
    def waiting(cls, queues: Iterable[int]) -> Self:
        """Cases nobody has taken yet, of some queues."""
        return cls(tuple(Case.WAITING), queues=tuple(queues), nobody_has_it=True)

    @classmethod
    def unfinished(cls, queues: Iterable[int]) -> Self:
        """Every case of some queues that still needs somebody, taken or not."""
        return cls(tuple(Case.UNFINISHED), queues=tuple(queues))

    @classmethod
    def in_hands(cls, staff: StaffMember) -> Self:
        """What somebody works on now."""
        return cls(tuple(Case.WAITING), assignee_id=staff.pk)

    @classmethod
    def held(cls, staff: StaffMember) -> Self:
        """What somebody waits for the requester with."""
        return cls((Case.Status.PENDING,), assignee_id=staff.pk)

    @classmethod
    def finished(cls, staff: StaffMember, *, since: datetime) -> Self:
        """What somebody has resolved, newest first."""
        return cls(tuple(Case.FINISHED), assignee_id=staff.pk, finished_since=since)

    def conditions(self, by: StaffMember) -> Conditions:
        """Return what the rows of this pile fulfil, and that `by` may see them."""
        found = Conditions()
        found.add(f"c.status IN ({', '.join(['%s'] * len(self.statuses))})", *self.statuses)
        if self.nobody_has_it:
            found.add("c.assignee_id IS NULL")
        if self.assignee_id is not None:
            found.add("c.assignee_id = %s", self.assignee_id)
        if self.finished_since is not None:
            found.add("c.resolved_at >= %s", self.finished_since)
        return found.joined(visible_to(by))


def visible_to(by: StaffMember) -> Conditions:
    """Say in SQL what `access.visible_cases` says."""
    found = Conditions()
    found.add("c.lob_id = ANY(%s)", sorted(access.lobs_of(by)))
    if by.vendor_id:
        found.add("c.vendor_id = %s", by.vendor_id)
    return found
