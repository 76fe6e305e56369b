"""When running clocks end after a calendar or a promise changed, some thousand at once.

What many of them share is looked up once. Moments are microseconds since 1970, as in the tables.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from caseward.core import deadlines
from caseward.core.calendars import Calendar
from caseward.core.working_table import EPOCH, MICROSECOND, OutsideTheTable, WorkingTable, micros
from caseward.org.catalogue import kept_per_revision
from caseward.sla.measuring import calendar_for, facts_of
from caseward.sla.models import Measured, Promise
from caseward.sla.services.starting import promises_of
from caseward.sla.warning import WARN_AT

TABLE_BACK, TABLE_AHEAD = timedelta(days=900), timedelta(days=900)


class Row(NamedTuple):
    """A running clock with what is promised to its case."""

    id: int
    case_id: int
    kind: str
    stage: str
    preset_id: int | None
    duration: timedelta
    measured: str
    site_id: int | None
    market: str
    starts: int
    pauses: list[int]
    deadline: int | None
    warning: int | None
    lob_id: int
    priority: int

    @property
    def started_at(self) -> datetime:
        return EPOCH + self.starts * MICROSECOND

    @property
    def deadline_at(self) -> datetime | None:
        return None if self.deadline is None else EPOCH + self.deadline * MICROSECOND

    @property
    def stopped_at(self) -> None:
        """Return None: it runs."""

    @property
    def promise(self) -> tuple[timedelta, str, int | None, str]:
        return self.duration, self.measured, self.site_id, self.market


class Recounted(NamedTuple):
    """A clock whose promise or end is another now."""

    before: Row
    after: Row


def recounted(rows: Iterable[Row], changed: Collection[str], *, now: datetime) -> list[Recounted]:
    """Return which of some clocks end, or are promised, otherwise than was kept."""
    reckoner = _Reckoner(frozenset(changed), now)
    both = (Recounted(row, reckoner.worked_out(row)) for row in rows)
    return [each for each in both if each.after != each.before]


def name_of(lob_id: int, priority: int, kind: str) -> str:
    """Return the name of a promise among the facts of a recount."""
    return f"promise {lob_id} {priority} {kind}"


@dataclass
class _Reckoner:
    changed: frozenset[str]
    now: datetime

    def __post_init__(self) -> None:
        self._now = micros(self.now)
        self._table = cache(lambda site_id, market: _table(site_id, market, self.now.year))
        self._promise = cache(self._changed_promise)

    def worked_out(self, row: Row) -> Row:
        """Work out when a clock ends; where it ends as before, its warnings stay too."""
        row = self._as_promised(row)
        ends = self._moment(row, 1.0)
        if ends == row.deadline:
            return row
        return row._replace(deadline=ends, warning=row.warning and self._next_warning(row))

    def _as_promised(self, row: Row) -> Row:
        """Hold a clock to its promise where that changed; the law's clocks keep their version."""
        promise = None if row.stage else self._promise(row.lob_id, row.priority, row.kind)
        if promise is None:
            return row
        return row._replace(
            duration=promise.duration,
            measured=promise.measured,
            site_id=promise.site_id,
            market=promise.market,
        )

    def _changed_promise(self, lob_id: int, priority: int, kind: str) -> Promise | None:
        if name_of(lob_id, priority, kind) not in self.changed:
            return None
        return next((each for each in promises_of(lob_id, priority) if each.kind == kind), None)

    def _next_warning(self, row: Row) -> int | None:
        moments = (self._moment(row, share) for share in WARN_AT)
        return next((moment for moment in moments if moment and moment > self._now), None)

    def _moment(self, row: Row, share: float) -> int | None:
        """Return when a share of a promise is spent: from the table where there is one."""
        if row.measured == Measured.WORKING:
            promised = int(row.duration // MICROSECOND * share)
            try:
                table = self._table(row.site_id, row.market)
                return table.deadline(row.starts, promised, row.pauses)
            except OutsideTheTable:
                pass
        moment = deadlines.moment_of_share(facts_of(row), share)
        return None if moment is None else micros(moment)


@kept_per_revision
def _table(site_id: int | None, market: str, year: int) -> WorkingTable:
    calendar = calendar_for(Measured.WORKING, site_id, market)
    assert isinstance(calendar, Calendar)  # working time is always somebody's
    middle = EPOCH.replace(year=year, month=7)
    return WorkingTable(calendar, middle - TABLE_BACK, middle + TABLE_AHEAD)
