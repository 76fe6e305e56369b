"""The one verb: record that something happened."""

from collections.abc import Mapping
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
