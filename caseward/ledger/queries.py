"""Reading what happened, and finding out whether somebody tampered with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from caseward.ledger.models import Event


def timeline(case_id: int) -> QuerySet[Event]:
    """Return the events of a case, newest first."""
    return Event.objects.filter(case_id=case_id).order_by("-seq")


def last_number(case_id: int) -> int:
    """Return the number of the newest event of a case the reader may see; 0 when there is none."""
    newest = timeline(case_id).values_list("seq", flat=True).first()
    return newest or 0


def newer_by_others(case_id: int, *, than: int, actor_id: int | None) -> QuerySet[Event]:
    """Return what others did to a case after event number `than`, oldest first."""
    return Event.objects.filter(case_id=case_id, seq__gt=than).exclude(actor_id=actor_id).order_by("seq")


@dataclass(frozen=True, slots=True)
class Damage:
    """One place where a chain is broken."""

    case_id: int
    seq: int
    what: str


# One pass in chain order. An event whose number does not follow the one before it was preceded by a
# removed one; one whose digest differs was changed, or stands where another stood.
VERIFY = """
    WITH chained AS (
        SELECT e.case_id, e.seq, e.hash,
               lag(e.seq, 1, 0) OVER chain AS seq_before,
               ledger_event_digest(COALESCE(lag(e.hash) OVER chain, '\\x'), e) AS expected
        FROM ledger_event e
        WINDOW chain AS (PARTITION BY e.case_id ORDER BY e.seq)
    ), ends AS (
        SELECT case_id, max(seq) AS last FROM ledger_event GROUP BY case_id
    )
    SELECT case_id, seq_before + 1 AS seq, 'removed' AS what FROM chained WHERE seq <> seq_before + 1
    UNION ALL
    SELECT case_id, seq, 'changed' FROM chained WHERE seq = seq_before + 1 AND hash <> expected
    UNION ALL
    SELECT c.case_id, COALESCE(ends.last, 0) + 1, 'removed'
    FROM ledger_chain c LEFT JOIN ends USING (case_id)
    WHERE COALESCE(ends.last, 0) < c.length
    UNION ALL
    SELECT ends.case_id, ends.last, 'added'
    FROM ends LEFT JOIN ledger_chain c USING (case_id)
    WHERE c.length IS NULL OR ends.last > c.length
    UNION ALL
    SELECT e.case_id, e.seq, 'changed'
    FROM ledger_event e JOIN ledger_chain c ON c.case_id = e.case_id AND c.length = e.seq
    WHERE e.hash <> c.head
    ORDER BY 1, 2
"""


def damages() -> Iterator[Damage]:
    """Check every chain; yield each break: an event changed, removed, added or moved."""
    with connection.cursor() as cursor:
        cursor.execute(VERIFY)
        seen = set()
        for row in cursor:
            if row not in seen:
                seen.add(row)
                yield Damage(*row)
