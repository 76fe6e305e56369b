"""A table of a million cases in about a minute: one in ten unfinished, the newest.

The rows are written as the superuser with triggers and foreign keys off and the indexes that are no
constraint built afterwards. Every case has what opening it writes, the first event and the head of
its chain included, so the ledger verifies. What came after is left out: finished cases have one
short message and stopped clocks.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
from psycopg import sql

from bench.letters import LANGUAGES, letters
from bench.sizes import SHARE_UNFINISHED
from caseward.casework.models import Case
from caseward.jobs.embedded import Cluster
from caseward.jobs.embedded.cluster import DATABASE

SHARE_TAKEN = 0.02  # of the unfinished: some thirty in the hands of each agent
TEXTS = 200
TABLES = (
    "casework_case",
    "casework_party",
    "casework_partycontact",
    "casework_message",
    "casework_messageoriginal",
    "sla_clock",
    "ledger_event",
    "ledger_chain",
)


def fill(
    cluster: Cluster, cases: int, *, lanes: int = 2, unfinished: float = SHARE_UNFINISHED
) -> None:
    """Add this many cases; the tables keep what is in them."""
    with _connect(cluster) as admin:
        _lay_out_world(admin)
        first = _next_number(admin)
        indexes = _drop_indexes(admin)
    values = _values(first, cases, unfinished)
    with ThreadPoolExecutor(lanes) as pool:
        _all(pool.map(lambda lane: _write(cluster, lane, values), LANES))
        _all(pool.map(lambda index: _execute(cluster, index), sorted(indexes, key=_longest_first)))
        _all(pool.map(lambda table: _settle(cluster, table), TABLES))
    _execute(cluster, "DROP SCHEMA bench CASCADE")
    _execute(cluster, "CHECKPOINT")


def _values(first: int, cases: int, unfinished: float) -> dict[str, sql.Composable]:
    numbers = {
        "first": first,
        "last": first + cases - 1,
        "unfinished": first + round(cases * (1 - unfinished)),
        "taken": SHARE_TAKEN,
        "nothing_running": 10 * Case.NOTHING_RUNNING,
        "texts_in_a_language": TEXTS // len(LANGUAGES),
    }
    values: dict[str, sql.Composable] = {n: sql.Literal(v) for n, v in numbers.items()}
    return values | {"cases": sql.SQL(CASES).format(**values)}


def _connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.server.conninfo(cluster.port, DATABASE), autocommit=True)


def _execute(cluster: Cluster, statement: str) -> None:
    with _connect(cluster) as admin:
        admin.execute("SET maintenance_work_mem = '1GB'")
        admin.execute(statement.encode())


def _write(
    cluster: Cluster, lane: Sequence[LiteralString], values: dict[str, sql.Composable]
) -> None:
    with _connect(cluster) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("SET synchronous_commit = off")
        for statement in lane:
            admin.execute(sql.SQL(statement).format(**values))


def _settle(cluster: Cluster, table: str) -> None:
    """Leave a table as months of use would: sequence moved on, statistics known, vacuumed."""
    with _connect(cluster) as admin:
        has_id = admin.execute(
            "SELECT pg_get_serial_sequence(%(t)s, 'id') FROM information_schema.columns"
            " WHERE table_name = %(t)s AND column_name = 'id'",
            {"t": table},
        ).fetchone()
        if has_id:
            admin.execute(f"SELECT setval('{has_id[0]}', (SELECT max(id) FROM {table}))".encode())
        admin.execute(f"VACUUM (ANALYZE) {table}".encode())


def _next_number(admin: psycopg.Connection) -> int:
    """Return a number above every id in use, so that one number serves all tables."""
    found = (
        admin.execute(f"SELECT COALESCE(max(id), 0) FROM {table}".encode()).fetchone()
        for table in ("casework_case", "casework_party", "casework_message", "ledger_event")
    )
    return 1 + max(int(row[0]) for row in found if row)


def _drop_indexes(admin: psycopg.Connection) -> list[str]:
    """Drop the indexes that are no constraint and return how they were made."""
    found = admin.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(TABLES)],
    ).fetchall()
    for name, _ in found:
        admin.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


def _longest_first(definition: str) -> tuple[bool, bool]:
    return ("USING gin" not in definition, "casework_message" not in definition)


def _all(results: Iterable[None]) -> None:
    """Wait for every piece of work, and fail where one of them did."""
    for _ in results:
        pass


def _lay_out_world(admin: psycopg.Connection) -> None:
    """Write the queues, who can take from them, and some texts where statements can join them."""
    admin.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    admin.execute("CREATE SCHEMA bench")
    admin.execute(QUEUES)
    admin.execute("CREATE TABLE bench.text (language text, number int, title text, body text)")
    with admin.cursor().copy("COPY bench.text FROM STDIN") as copy:
        numbers = dict.fromkeys(LANGUAGES, 0)
        for letter in letters(TEXTS, batch="filling"):
            row = (letter.language, numbers[letter.language], letter.subject[:180], letter.text)
            copy.write_row(row)
            numbers[letter.language] += 1
    admin.execute("CREATE UNIQUE INDEX ON bench.text (language, number)")
    admin.execute("ANALYZE bench.text")


QUEUES = """
    CREATE TABLE bench.queue AS
    SELECT row_number() OVER (ORDER BY q.id, copy) - 1 AS number, count(*) OVER () AS count,
        q.id, q.tier, q.vendor_id, q.lob_id, q.language,
        (SELECT array_agg(s.id ORDER BY s.id) FROM org_staffmember s
            JOIN org_team t ON t.id = s.team_id
            JOIN org_skill k ON k.staff_id = s.id
            WHERE s.is_active AND t.tier = q.tier AND s.vendor_id IS NOT DISTINCT FROM q.vendor_id
                AND k.lob_id = q.lob_id AND k.language = q.language) AS able
    FROM routing_queue q, generate_series(1, CASE q.tier WHEN 1 THEN 4 ELSE 1 END) AS copy
"""
# Everything about a case that several statements need, worked out from its number alone.
CASES = """(
    SELECT n, q.*, n < {unfinished} AS is_finished, 1 + n % 4 AS priority,
        CASE WHEN n >= {unfinished} AND (n * 7919) % 1000 < 1000 * {taken}
            THEN q.able[1 + n % cardinality(q.able)] END AS assignee_id,
        CASE WHEN n < {unfinished}
            THEN now() - interval '2 years' * ({last} - n) / ({last} - {first} + 1)
            ELSE now() - interval '5 days' * ({last} - n) / ({last} - {unfinished} + 1)
        END AS opened_at,
        interval '1 hour' * (2 + (n * 104729) % 150) AS promised
    FROM generate_series({first}::bigint, {last}) AS n
    JOIN bench.queue q ON q.number = (n * 2654435761) % q.count
)"""


LANES: tuple[tuple[LiteralString, ...], ...] = (
    (
        """
        INSERT INTO casework_case (id, reference, title, status, priority, channel, language,
            country, lob_id, reason_id, tier, vendor_id, queue_id, assignee_id, urgency, tags,
            opened_at, updated_at, resolved_at, reopened_count)
        SELECT n, 'CW-' || lpad(n::text, 8, '0'), t.title,
            CASE WHEN is_finished THEN 'CLOSED' WHEN tier = 2 THEN 'ESCALATED'
                WHEN assignee_id IS NULL THEN 'NEW' ELSE 'OPEN' END,
            priority, 'EMAIL', c.language, '', lob_id, NULL, tier, vendor_id, c.id, assignee_id,
            CASE WHEN is_finished THEN {nothing_running}
                ELSE extract(epoch FROM opened_at + promised)::bigint * 10 END + priority,
            ARRAY[]::text[], opened_at, opened_at,
            CASE WHEN is_finished THEN opened_at + interval '1 hour' END, 0
        FROM {cases} c JOIN bench.text t
            ON t.language = c.language AND t.number = n % {texts_in_a_language}
        """,
        """
        INSERT INTO casework_party (id, case_id, part, name, handle, masked_email, masked_phone)
        SELECT n, n, 'REQUESTER', 'Requester ' || n, '', 'r•••@e•••.com', '' FROM {cases} c
        """,
        """
        INSERT INTO sla_clock (case_id, kind, duration, measured, site_id, started_at, pauses,
            deadline_at, stopped_at, was_met)
        SELECT n, k.kind, promised * k.times, 'ELAPSED', NULL, opened_at, ARRAY[]::bigint[],
            opened_at + promised * k.times,
            CASE WHEN is_finished THEN opened_at + interval '1 hour' END,
            CASE WHEN is_finished THEN true WHEN opened_at + promised * k.times < now() THEN false
            END
        FROM {cases} c CROSS JOIN
            (VALUES ('FIRST_RESPONSE', 1), ('RESOLUTION', 3)) AS k (kind, times)
        """,
    ),
    (
        """
        INSERT INTO casework_message (id, case_id, direction, channel, at, author_name, text,
            quoted, language, has_html, is_automatic, in_house_only, problem)
        SELECT n, n, 'INBOUND', 'EMAIL', opened_at, 'Requester ' || n,
            CASE WHEN is_finished THEN t.title ELSE t.body END, '', c.language, false, false,
            false, ''
        FROM {cases} c JOIN bench.text t
            ON t.language = c.language AND t.number = n % {texts_in_a_language}
        """,
        """
        INSERT INTO casework_messageoriginal (message_id, text, html)
        SELECT id, text, '' FROM casework_message WHERE id >= {first}
        """,
        """
        INSERT INTO casework_partycontact (party_id, email, phone)
        SELECT n, 'requester.' || n || '@example.com', '' FROM {cases} c
        """,
        """
        INSERT INTO ledger_event (id, case_id, seq, kind, at, actor_id, actor_name, audience, data,
            hash)
        SELECT (e).id, (e).case_id, (e).seq, (e).kind, (e).at, (e).actor_id, (e).actor_name,
            (e).audience, (e).data, ledger_event_digest('', e)
        FROM (
            SELECT ROW(n, n, 1, 'case.opened', opened_at, NULL, 'Caseward (mail)', 'EVERYONE',
                jsonb_build_object('vendor_id', vendor_id, 'lob_id', lob_id, 'message_id', n),
                '')::ledger_event AS e
            FROM {cases} c OFFSET 0
        ) made
        """,
        """
        INSERT INTO ledger_chain (case_id, length, head)
        SELECT case_id, 1, hash FROM ledger_event WHERE id >= {first}
        """,
    ),
)
