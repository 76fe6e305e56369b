"""What a list says of each case, read in one go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from caseward.org import planned


class RowClock(NamedTuple):
    """A clock that runs or is held."""

    kind: str
    started_at: datetime
    duration: timedelta
    measured: str
    site_id: int | None
    market: str
    deadline_at: datetime | None
    pauses: list[int]
    stopped_at: datetime | None


class Row(NamedTuple):
    """One case in a list, with the tightest clock that has not stopped, if any."""

    id: int
    reference: str
    title: str
    preview: str
    language: str
    reason_id: int | None
    priority: int
    status: str
    assignee_id: int | None
    assignee_name: str | None
    opened_at: datetime
    clock: RowClock | None


# The preview is what the requester said last. Row-level security applies to every table here.
ROWS = """
    SELECT c.id, c.reference, c.title, COALESCE(said.text, ''), c.language, c.reason_id, c.priority,
        c.status, c.assignee_id, s.name, c.opened_at,
        k.kind, k.started_at, k.duration, k.measured, k.site_id, k.market, k.deadline_at, k.pauses,
        k.stopped_at
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS page (id, number)
    JOIN casework_case c ON c.id = page.id
    LEFT JOIN org_staffmember s ON s.id = c.assignee_id
    LEFT JOIN LATERAL (
        SELECT k.* FROM sla_clock k WHERE k.case_id = c.id AND k.stopped_at IS NULL
            AND k.kind NOT IN ('USER_WINDOW', 'PRESERVATION', 'ERASURE', 'EXTERNAL_BODY')
        ORDER BY k.deadline_at, k.kind LIMIT 1
    ) k ON true
    LEFT JOIN LATERAL (
        SELECT left(m.text, 160) AS text FROM casework_message m
        WHERE m.case_id = c.id AND m.direction = 'INBOUND'
        ORDER BY m.at DESC, m.id DESC LIMIT 1
    ) said ON true
    ORDER BY page.number
"""


FACTS = len(Row._fields) - 1


def rows_of(ids: Sequence[int]) -> list[Row]:
    """Return the rows of cases in the order of `ids`, without those the reader may not see."""
    if not ids:
        return []
    return [_row(values) for values in planned.rows(ROWS, [list(ids)])]


def _row(values: tuple[Any, ...]) -> Row:
    clock = RowClock._make(values[FACTS:])
    return Row._make((*values[:FACTS], clock if clock.kind else None))
