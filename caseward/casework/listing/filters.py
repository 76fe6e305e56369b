"""What narrows a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from caseward.casework.listing.conditions import Conditions
from caseward.casework.models import Case

SOON = timedelta(hours=1)
SOME_DAYS = timedelta(days=6)
DAYS_OLD: dict[str, tuple[int, int | None]] = {
    **{f"{days}-": (days, None) for days in (1, 2, 3, 7, 14, 30)},
    "0-1": (0, 1),
    "1-3": (1, 3),
    "3-7": (3, 7),
    "7-14": (7, 14),
}
"""How many days old the cases of an age are: from, and below; None for no end."""


class Due(StrEnum):
    """When the tightest deadline of a case is; held clocks have none."""

    MISSED = "missed"
    SOON = "soon"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; what is None narrows nothing.

    `assignee_id` 0 stands for cases nobody has, `reason_id` and `vendor_id` 0 for those without
    one. `age` is one of `DAYS_OLD`.
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
    age: str | None = None

    @classmethod
    def named(cls, values: Mapping[str, str]) -> Self:
        """Return the filters an address of a list names, empty ones are none."""

        def number(name: str) -> int | None:
            return int(values[name]) if values.get(name) else None

        return cls(
            status=values.get("status") or None,
            language=values.get("language") or None,
            reason_id=number("reason"),
            lob_id=number("lob"),
            priority=number("priority"),
            due=Due(values["due"]) if values.get("due") else None,
            assignee_id=number("who"),
            vendor_id=number("vendor"),
            team_id=number("team"),
            channel=values.get("channel") or None,
            tag=values.get("tag") or None,
            age=values.get("age") or None,
        )

    def conditions(self, *, now: datetime, day_ends_at: datetime) -> Conditions:
        """Return what a case must fulfil.

        Args:
            day_ends_at: When today ends for the reader.
        """
        found = Conditions()
        for column in ("status", "language", "lob_id", "priority", "channel"):
            if (value := getattr(self, column)) is not None:
                found.add(f"c.{column} = %s", value)
        for column in ("reason_id", "vendor_id"):
            if (value := getattr(self, column)) is not None:
                found.add(f"c.{column} = %s" if value else f"c.{column} IS NULL", *_said(value))
        if self.tag is not None:
            found.add("c.tags @> ARRAY[%s]::varchar[]", self.tag)
        if self.due is not None:
            found = found.joined(due_between(self.due, now=now, day_ends_at=day_ends_at))
        if self.age is not None:
            found = found.joined(aged(self.age, now=now))
        return found.joined(self._people())

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


def due_between(due: Due, *, now: datetime, day_ends_at: datetime) -> Conditions:
    """Return what a case with such a deadline fulfils."""
    week_ends_at, never = day_ends_at + SOME_DAYS, 10 * Case.NOTHING_RUNNING
    spans: dict[Due, tuple[int | None, int | None]] = {
        Due.MISSED: (None, urgency_at(now)),
        Due.SOON: (urgency_at(now), urgency_at(now + SOON)),
        Due.TODAY: (urgency_at(now), urgency_at(day_ends_at)),
        Due.WEEK: (urgency_at(day_ends_at), urgency_at(week_ends_at)),
        Due.LATER: (urgency_at(week_ends_at), never),
        Due.HELD: (never, None),
    }
    start, end = spans[due]
    found = Conditions()
    if start is not None:
        found.add("c.urgency >= %s", start)
    if end is not None:
        found.add("c.urgency < %s", end)
    return found


def aged(age: str, *, now: datetime) -> Conditions:
    """Return what a case of such an age fulfils."""
    youngest, oldest = DAYS_OLD[age]
    found = Conditions()
    found.add("c.opened_at <= %s", now - timedelta(days=youngest))
    if oldest is not None:
        found.add("c.opened_at > %s", now - timedelta(days=oldest))
    return found


def urgency_at(at: datetime) -> int:
    """Return the smallest urgency of a case due at a moment; see `Case`."""
    return int(at.timestamp()) * 10


def _said(value: int) -> tuple[int, ...]:
    return (value,) if value else ()
