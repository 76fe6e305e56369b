"""Finding out whether somebody tampered with the ledger, and naming what they touched.

Each event's hash covers every column of it and the hash before; the chain's row holds its length
and last hash. So one pass in chain order shows what was changed, removed, added or moved. Whoever
owns the tables could forge a whole chain anew, its row included: against that, compare with a
backup or with the printed heads of an earlier day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection

CASES_AT_ONCE = 10_000
MOST_MOVES = 40
"""Of more damaged events than this in one case nobody asks which took whose place."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One event that is not what was recorded; `what` says which way."""

    case_id: int
    seq: int
    what: str


# The rows of a range of cases, each beside the number and hash before it. After a gap the hash
# before is unknown, so the event that follows a removed one vouches only for those after it.
RANGE = """
    WITH chained AS (
        SELECT e.case_id, e.seq, e.hash, lag(e.seq, 1, 0) OVER chain AS seq_before,
               ledger_event_digest(COALESCE(lag(e.hash) OVER chain, '\\x'), e) AS expected
        FROM ledger_event e WHERE e.case_id BETWEEN %(first)s AND %(last)s
        WINDOW chain AS (PARTITION BY e.case_id ORDER BY e.seq)
    ), ends AS (
        SELECT COALESCE(e.case_id, c.case_id) AS case_id, COALESCE(e.last, 0) AS last,
               c.length, c.head
        FROM (SELECT case_id, max(seq) AS last FROM ledger_event
              WHERE case_id BETWEEN %(first)s AND %(last)s GROUP BY case_id) e
        FULL JOIN (SELECT * FROM ledger_chain
                   WHERE case_id BETWEEN %(first)s AND %(last)s) c ON c.case_id = e.case_id
    )
    SELECT case_id, missing AS seq, 'removed' AS what
    FROM chained, generate_series(seq_before + 1, seq - 1) AS missing
    UNION ALL
    SELECT case_id, seq, 'changed' FROM chained WHERE seq = seq_before + 1 AND hash <> expected
    UNION ALL
    SELECT case_id, missing, 'removed' FROM ends, generate_series(last + 1, length) AS missing
    UNION ALL
    SELECT ends.case_id, e.seq, 'added'
    FROM ends JOIN ledger_event e ON e.case_id = ends.case_id AND e.seq > ends.length
    UNION ALL
    SELECT case_id, last, 'unchained' FROM ends WHERE length IS NULL
    UNION ALL
    SELECT ends.case_id, ends.length, 'head'
    FROM ends JOIN ledger_event e ON e.case_id = ends.case_id AND e.seq = ends.length
    WHERE e.hash <> ends.head
    ORDER BY 1, 2, 3
"""

# Which damaged events are whole in themselves and stand where another damaged one stood: with the
# number of that place, and after some event of the case, their digest is one that was recorded.
MOVED = """
    WITH damaged AS (
        SELECT e FROM ledger_event e WHERE e.case_id = %(case)s AND e.seq = ANY(%(seqs)s)
    ), befores AS (
        SELECT hash FROM ledger_event WHERE case_id = %(case)s UNION ALL SELECT '\\x'::bytea
    )
    SELECT DISTINCT (here.e).seq
    FROM damaged here, unnest(%(seqs)s) AS place, befores,
        ledger_event_digest(
            befores.hash, jsonb_populate_record(here.e, jsonb_build_object('seq', place))
        ) AS digest
    WHERE place <> (here.e).seq AND digest IN (SELECT (d.e).hash FROM damaged d)
"""
ENDS = """
    SELECT COALESCE(least((SELECT min(case_id) FROM ledger_event),
                          (SELECT min(case_id) FROM ledger_chain)), 0),
           COALESCE(greatest((SELECT max(case_id) FROM ledger_event),
                             (SELECT max(case_id) FROM ledger_chain)), 0)
"""


def damages(progress: Callable[[int, int], None] | None = None) -> Iterator[Damage]:
    """Check every chain; yield each event that was changed, moved, removed or added.

    A chain whose row was tampered with is named too: `head` where its last hash is not the last
    event's, `unchained` where the row is gone.

    Args:
        progress: Told how many case numbers are checked, and of how many.
    """
    lowest, highest = _rows(ENDS)[0]  # chains below zero are those of people
    for first in range(min(lowest, 0), highest + 1, CASES_AT_ONCE):
        last = first + CASES_AT_ONCE - 1
        found = _rows(RANGE, {"first": first, "last": last})
        for case_id, rows in groupby(found, key=lambda row: row[0]):
            yield from _named(case_id, [(seq, what) for _, seq, what in rows])
        if progress:
            progress(max(min(last, highest), 0), max(highest, 0))


def _named(case_id: int, found: list[tuple[int, str]]) -> Iterator[Damage]:
    changed = [seq for seq, what in found if what == "changed"]
    moved = _moved(case_id, changed) if 1 < len(changed) <= MOST_MOVES else set()
    for seq, what in found:
        if what == "head" and (seq, "changed") in found:
            continue  # the same hand: the last event's hash is not the chain's
        yield Damage(case_id, seq, "moved" if what == "changed" and seq in moved else what)


def _moved(case_id: int, seqs: list[int]) -> set[int]:
    return {row[0] for row in _rows(MOVED, {"case": case_id, "seqs": seqs})}


def _rows(sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
