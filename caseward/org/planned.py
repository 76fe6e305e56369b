"""Statements that PostgreSQL plans once for each connection, instead of each time they run."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def rows(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that runs all day: planning is most of what a small one costs.

    Its text stays the same from call to call, and what its best plan depends on is written out in
    it: what partial indexes are about, and limits. Other values are sent apart from it, so it says
    their types where PostgreSQL could not tell.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        bare = psycopg.Cursor(connection.connection)
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with make(bare) as cursor:  # type: ignore[arg-type]  # a cursor of psycopg, as Django's own is
        cursor.execute(sql, values)
        return list(cursor.fetchall())
