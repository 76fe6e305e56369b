"""Configuration kept in memory for as long as PostgreSQL says it has not changed."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps

from django.db import connection

# What `acting` read when it told PostgreSQL who acts: one round trip serves both.
known_revision: ContextVar[int | None] = ContextVar("known_revision", default=None)


def revision() -> int:
    """Return the number that moves whenever the configuration does, as this transaction began."""
    known = known_revision.get()
    return read_revision() if known is None else known


def read_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM org_revision")
        return int(cursor.fetchone()[0])


def look_again() -> None:
    """See configuration that this very transaction changed."""
    if known_revision.get() is not None:
        known_revision.set(read_revision())


def kept_per_revision[**P, T](read: Callable[P, T]) -> Callable[P, T]:
    """Keep what `read` returns until the configuration changes; arguments must be hashable."""
    kept: dict[object, T] = {}
    of_revision = -1

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        nonlocal of_revision, kept
        now = revision()
        if now != of_revision:
            kept, of_revision = {}, now
        mine = (
            kept  # another thread may start afresh meanwhile; this answer stays with its revision
        )
        key = (args, tuple(sorted(kwargs.items())))
        if key not in mine:
            mine[key] = read(*args, **kwargs)
        return mine[key]

    return reading
