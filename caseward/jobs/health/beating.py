"""A process says that it is well, again and again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from caseward.jobs.pacing import repeating

EVERY_SECONDS = 5.0

# By PostgreSQL's clock, which every process shares.
BEAT = """
    INSERT INTO jobs_heartbeat (part, at) VALUES (%s, clock_timestamp())
    ON CONFLICT (part) DO UPDATE SET at = EXCLUDED.at
"""


def beat(part: str) -> None:
    """Say that a part is well now."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [part])


@contextmanager
def beating(part: str) -> Iterator[None]:
    """Say that a part is well for as long as the block runs."""
    with repeating(lambda: beat(part), every_seconds=EVERY_SECONDS, name=f"{part}-heartbeat"):
        yield
