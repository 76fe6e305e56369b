"""Which cases a list is about, before anybody narrows it.

The statuses are spelled out as the partial indexes of `Case` do, which hold just these cases in the
order they are worked: only then can PostgreSQL use them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from caseward.casework import access
from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import Filters
from caseward.casework.models import Case
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Queue


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases of some queues, in one person's hands, or both."""

    statuses: tuple[str, ...]
    queues: tuple[int, ...] | None = None
    assignee_id: int | None = None
    nobody_has_it: bool = False
    finished_since: datetime | None = None
    snoozed_for: int | None = None
    hides_snoozed: bool = False

    @classmethod
    def waiting(cls, queues: Iterable[int]) -> Self:
        """Cases nobody has taken yet, of some queues."""
        waiting = tuple(Case.WAITING)
        return cls(waiting, queues=tuple(queues), nobody_has_it=True, hides_snoozed=True)

    @classmethod
    def unfinished(cls, queues: Iterable[int]) -> Self:
        """Every case of some queues that still needs somebody, taken or not."""
        return cls(tuple(Case.UNFINISHED), queues=tuple(queues))

    @classmethod
    def in_hands(cls, staff: StaffMember) -> Self:
        """What somebody works on now."""
        return cls(tuple(Case.WAITING), assignee_id=staff.pk, hides_snoozed=True)

    @classmethod
    def snoozed(cls, staff: StaffMember) -> Self:
        """What somebody snoozed, or has in hand and somebody else did."""
        return cls(tuple(Case.UNFINISHED), snoozed_for=staff.pk)

    @classmethod
    def held(cls, staff: StaffMember) -> Self:
        """What somebody waits for the requester with."""
        return cls((Case.Status.PENDING,), assignee_id=staff.pk)

    @classmethod
    def finished(cls, staff: StaffMember, *, since: datetime) -> Self:
        """What somebody has resolved, newest first."""
        return cls(tuple(Case.FINISHED), assignee_id=staff.pk, finished_since=since)

    def narrowed_by(self, filters: Filters) -> Self:
        """Leave out the queues in which no case can pass the filters.

        One person's cases are so few that their own index serves them better than the queues'.
        """
        if self.queues is None:
            return self
        known = routing.queues()
        queues = tuple(pk for pk in self.queues if _may_hold(known[pk], filters))
        return replace(self, queues=queues, assignee_id=filters.assignee_id or None)

    @property
    def is_by_queue(self) -> bool:
        """Say whether the indexes of its queues find its cases, or that of one person."""
        return self.queues is not None and self.assignee_id is None

    def conditions(self, by: StaffMember) -> Conditions:
        """Return what the rows of this pile fulfil, and that `by` may see them."""
        found = Conditions()
        if self.statuses == tuple(Case.UNFINISHED):
            found.add(f"c.status NOT IN ({_listed(Case.FINISHED)})")
        else:
            found.add(f"c.status IN ({_listed(self.statuses)})")
        if self.nobody_has_it:
            found.add("c.assignee_id IS NULL")
        if self.assignee_id is not None:
            found.add("c.assignee_id = %s", self.assignee_id)
        if self.assignee_id is not None and self.queues is not None:
            found.add("c.queue_id = ANY(%s::bigint[])", list(self.queues))
        if self.hides_snoozed:
            found.add("c.snoozed_until IS NULL")
        if self.snoozed_for is not None:
            found.add("c.snoozed_until IS NOT NULL")
            found.add("%s IN (c.assignee_id, c.snoozed_by_id)", self.snoozed_for)
        if self.finished_since is not None:
            found.add("c.resolved_at >= %s", self.finished_since)
        return found.joined(visible_to(by))


def _listed(statuses: Iterable[str]) -> str:
    return ", ".join(f"'{Case.Status(status).value}'" for status in statuses)


def _may_hold(queue: Queue, filters: Filters) -> bool:
    """Say whether a queue can hold such cases. One of tier 2 holds those of every vendor."""
    return (
        filters.lob_id in {None, queue.lob_id}
        and filters.language in {None, queue.language}
        and (queue.vendor_id is None or filters.vendor_id in {None, queue.vendor_id})
    )


def visible_to(by: StaffMember) -> Conditions:
    """Say in SQL what `access.visible_cases` says."""
    found = Conditions()
    found.add("c.lob_id = ANY(%s::bigint[])", sorted(access.lobs_of(by)))
    if by.vendor_id:
        found.add("c.vendor_id = %s", by.vendor_id)
    return found
