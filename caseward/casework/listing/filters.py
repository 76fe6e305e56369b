"""What narrows a list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce

from caseward.casework.listing.conditions import Conditions

SOON = timedelta(hours=1)


class Due(StrEnum):
    """When the tightest deadline of a case is."""

    MISSED = "missed"
    SOON = "soon"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; what is None narrows nothing.

    `assignee_id` 0 stands for cases nobody has.
    """

    status: str | None = None
    language: str | None = None
    reason_id: int | None = None
    lob_id: int | None = None
    priority: int | None = None
    due: Due | None = None
    assignee_id: int | None = None
    vendor_id: int | None = None
    team_id: int | None = None
    channel: str | None = None
    tag: str | None = None

    def conditions(self, *, now: datetime, day_ends_at: datetime) -> Conditions:
        """Return what a case must fulfil.

        Args:
            day_ends_at: When today ends for the reader.
        """
        found = Conditions()
        for column in ("status", "language", "reason_id", "lob_id", "priority", "vendor_id"):
            if (value := getattr(self, column)) is not None:
                found.add(f"c.{column} = %s", value)
        if self.channel is not None:
            found.add("c.channel = %s", self.channel)
        if self.tag is not None:
            found.add("c.tags @> ARRAY[%s]::varchar[]", self.tag)
        return reduce(
            Conditions.joined, [found, self._people(), self._due(now=now, day_ends_at=day_ends_at)]
        )

    def _people(self) -> Conditions:
        found = Conditions()
        if self.assignee_id == 0:
            found.add("c.assignee_id IS NULL")
        elif self.assignee_id is not None:
            found.add("c.assignee_id = %s", self.assignee_id)
        if self.team_id is not None:
            found.add(
                "c.assignee_id IN (SELECT s.id FROM org_staffmember s WHERE s.team_id = %s)",
                self.team_id,
            )
        return found

    def _due(self, *, now: datetime, day_ends_at: datetime) -> Conditions:
        found = Conditions()
        if self.due is None:
            return found
        if self.due is not Due.MISSED:
            found.add("c.urgency >= %s", _urgency(now))
        ends = {Due.MISSED: now, Due.SOON: now + SOON, Due.TODAY: day_ends_at}
        found.add("c.urgency < %s", _urgency(ends[self.due]))
        return found


def _urgency(at: datetime) -> int:
    """Return the smallest urgency of a case due at a moment; see `Case`."""
    return int(at.timestamp()) * 10
