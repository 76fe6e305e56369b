"""How many cases came in and how many were resolved lately, by quarter of an hour."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection

QUARTER = timedelta(minutes=15)
IN, OUT = "case.opened", "case.resolved"

COUNTED = """
    SELECT kind, (data ->> 'lob_id')::bigint, floor(extract(epoch FROM %(until)s - at) / 900)::int,
        count(*)
    FROM ledger_event
    WHERE kind IN ('case.opened', 'case.resolved') AND at > %(since)s AND at <= %(until)s
    GROUP BY 1, 2, 3
"""


def arrivals_and_ends(*, until: datetime, hours: timedelta) -> dict[str, dict[int, list[int]]]:
    """Return counts by kind and line of business, the oldest quarter of an hour first."""
    length = hours // QUARTER
    found: dict[str, dict[int, list[int]]] = {
        kind: defaultdict(lambda: [0] * length) for kind in (IN, OUT)
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"until": until, "since": until - hours})
        for kind, lob_id, quarters_ago, count in cursor:
            found[kind][lob_id or 0][length - 1 - quarters_ago] = count
    return found
