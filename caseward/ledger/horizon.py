"""Up to which event the ledger is settled.

Numbers are given when an event is written but it appears when its transaction commits, so event 7
may appear after event 8. Whoever remembered "read up to 8" would never see it. A transaction that
writes events holds a lock on their table from before its first number is given until it has
committed. So: note the highest number given, then who holds that lock; once none of those does any
more, every event up to the noted number has appeared or never will.
"""

from typing import NamedTuple, Protocol

from django.db import connection

HIGHEST = "SELECT COALESCE(pg_sequence_last_value('ledger_event_id_seq'), 0)"
WRITING = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'ledger_event'::regclass AND granted
        AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Reader(Protocol):
    """Whoever reads the ledger bit by bit and remembers how far it was settled."""

    last_event_id: int
    settling_event_id: int
    settling_with: str


class Horizon(NamedTuple):
    """Everything up to `settled` is there; up to `settling` once the `writing` have ended."""

    settled: int
    settling: int
    writing: frozenset[str]


def look(reader: Reader) -> Horizon:
    """Say how far the ledger is settled now. Call it before reading events, not after."""
    with connection.cursor() as cursor:
        cursor.execute(HIGHEST)
        highest = cursor.fetchone()[0]
        cursor.execute(WRITING)
        writing = frozenset(row[0] for row in cursor)
    return _judge(reader, highest, writing)


def _judge(reader: Reader, highest: int, writing: frozenset[str]) -> Horizon:
    if not writing:
        return Horizon(highest, highest, writing)
    waited_for = frozenset(reader.settling_with.split())
    if reader.settling_event_id > reader.last_event_id and waited_for & writing:
        return Horizon(reader.last_event_id, reader.settling_event_id, waited_for)
    return Horizon(max(reader.last_event_id, reader.settling_event_id), highest, writing)
