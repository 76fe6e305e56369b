"""The one verb: record that something happened, on one case or on many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from caseward.ledger.models import Event

INSERT = """
    INSERT INTO ledger_event (case_id, kind, at, actor_id, actor_name, audience, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb) RETURNING seq
"""


def record(
    kind: str,
    *,
    at: datetime,
    actor_id: int | None,
    actor_name: str,
    case_id: int = 0,
    audience: str = Event.Audience.EVERYONE,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Write one event in the caller's transaction; return its number in the case's chain.

    PostgreSQL numbers it, chains it to the event before and tells those who listen.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [case_id, kind, at, actor_id, actor_name, audience, orjson.dumps(data or {}).decode()],
        )
        return int(cursor.fetchone()[0])


# One text for thousands of values is read far faster than a list of them is written.
RECORD_MANY = """
    SELECT ledger_record_many(
        %s, %s, %s, %s, %s::bigint[], ARRAY(SELECT jsonb_array_elements(%s::jsonb))
    )
"""


def record_many(
    kind: str,
    *,
    at: datetime,
    actor_name: str,
    data: Sequence[tuple[int, str]],
    audience: str = Event.Audience.EVERYONE,
) -> None:
    """Write one event of a kind on each of many cases, in three statements: of Caseward itself.

    The chains are what `record` would have made of them. Listeners are told once.

    Args:
        data: The case's id, each once, and the data of its event as JSON.
    """
    case_ids = ",".join([str(case_id) for case_id, _ in data])
    said = ",".join([each for _, each in data])
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD_MANY, [kind, at, actor_name, audience, f"{{{case_ids}}}", f"[{said}]"]
        )
