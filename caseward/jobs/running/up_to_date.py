"""Whether an installation is ready for its processes, asked without loading Django.

Loading it takes seconds, and on every start but the first there is nothing to migrate or fill. A
doubt counts as no: the first steps, taken then, look closely.
"""

from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

from caseward import settings

APPLIED = "SELECT name FROM django_migrations"
IS_FILLED = "SELECT EXISTS (SELECT FROM jobs_demomark) OR EXISTS (SELECT FROM casework_case)"


def is_ready(owner_url: str) -> bool:
    """Say whether every migration on disk was applied and there is work or a demo already."""
    try:
        with psycopg.connect(owner_url, autocommit=True, connect_timeout=5) as connection:
            applied = Counter(name for (name,) in connection.execute(APPLIED))
            return not unapplied(applied) and _is_filled(connection)
    except psycopg.Error:
        return False


def unapplied(applied: Counter[str]) -> Counter[str]:
    """Return the names on disk that were applied less often than there are files of that name."""
    return Counter(_names_on_disk()) - applied


def _is_filled(connection: psycopg.Connection) -> bool:
    row = connection.execute(IS_FILLED).fetchone()
    return bool(row and row[0])


def _names_on_disk() -> Iterator[str]:
    for app in settings.INSTALLED_APPS:
        for migration in (_folder(app) / "migrations").glob("[0-9]*.py"):
            yield migration.stem


def _folder(app: str) -> Path:
    """Return where an app lies; only its outermost package is looked up, and none is loaded."""
    outermost, *inner = app.split(".")
    spec = find_spec(outermost)
    places = spec.submodule_search_locations if spec else None
    return Path(*(places or ())[:1], *inner)
