"""How many unfinished cases there are of each two kinds, such as language by age.

Counted in the index of unfinished cases, which holds everything asked for here, in one query.
"""

from datetime import datetime

from django.db import connection

from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import Due, Filters, aged, due_between
from caseward.casework.listing.piles import Pile
from caseward.org.models import StaffMember

AGES = ("0-1", "1-3", "3-7", "7-14", "14-")
DUES = (Due.MISSED, Due.TODAY, Due.WEEK, Due.LATER, Due.HELD)
COLUMNS = {
    "language": "c.language",
    "lob": "c.lob_id::text",
    "vendor": "coalesce(c.vendor_id, 0)::text",
    "reason": "coalesce(c.reason_id, 0)::text",
}
KINDS = ("age", "due", *COLUMNS)

CROSSED = """
    SELECT {row}, {column}, count(*) FROM casework_case c
    WHERE c.queue_id = ANY(%s) AND {where} GROUP BY 1, 2
"""

type Counts = dict[tuple[str, str], int]


def crossed(
    pile: Pile,
    filters: Filters,
    *,
    row: str,
    column: str,
    by: StaffMember,
    now: datetime,
    day_ends_at: datetime,
) -> Counts:
    """Count the unfinished cases of queues by two of `KINDS`; a key is what a list narrows by.

    A kind of age and one of deadline hold every case once.
    """
    pile = pile.narrowed_by(filters)
    parts = [_kind(kind, now=now, day_ends_at=day_ends_at) for kind in (row, column)]
    wanted = pile.conditions(by).joined(filters.conditions(now=now, day_ends_at=day_ends_at))
    sql = CROSSED.format(row=parts[0].sql, column=parts[1].sql, where=wanted.sql)
    values = [*parts[0].values, *parts[1].values, list(pile.queues or ()), *wanted.values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {(in_row, in_column): count for in_row, in_column, count in cursor}


def _kind(kind: str, *, now: datetime, day_ends_at: datetime) -> Conditions:
    """Return an expression that names the kind of a case, with its values."""
    if kind == "age":
        return _first_that_fits({age: aged(age, now=now) for age in AGES})
    if kind == "due":
        spans = {due: due_between(due, now=now, day_ends_at=day_ends_at) for due in DUES}
        return _first_that_fits(spans)
    return Conditions([COLUMNS[kind]])


def _first_that_fits(spans: dict[str, Conditions] | dict[Due, Conditions]) -> Conditions:
    cases = " ".join(f"WHEN {wanted.sql} THEN '{name}'" for name, wanted in spans.items())
    values = [value for wanted in spans.values() for value in wanted.values]
    return Conditions([f"CASE {cases} END"], values)
