"""Stored mail that waits to be read: claiming it, and writing down what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import F

from caseward.channels.models import RawMail

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

MOST_BYTES_AT_ONCE = 8_000_000

FRESH = "attempts = 0"
LEFT_OVER = "(attempts > 0 OR received_at < %(before)s)"

# Locked by size first, so that a few huge mails are not all held in memory.
CLAIM = """
    SELECT id, octet_length(content) FROM channels_rawmail
    WHERE state = 'WAITING' AND {which} ORDER BY id LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
"""
READ = """
    SELECT id, received_at, sender, recipients, content FROM channels_rawmail
    WHERE id = ANY(%s) ORDER BY id
"""
FINISH = """
    UPDATE channels_rawmail AS r SET state = f.state, outcome = f.outcome, case_id = f.case_id,
        message_id = f.message_id
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
        AS f (id, state, outcome, case_id, message_id)
    WHERE r.id = f.id
"""


class Stored(NamedTuple):
    """A raw mail that waits."""

    id: int
    received_at: datetime
    sender: str
    recipients: list[str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail."""

    state: str
    says: str = ""
    case_id: int | None = None
    message_id: int | None = None


def claim_fresh(*, at_most: int) -> list[Stored]:
    """Return mail nobody has tried yet, locked until the transaction ends; others pass it by."""
    return _claim(FRESH, at_most=at_most)


def left_over(*, before: datetime, at_most: int) -> list[int]:
    """Return the ids of mail that failed before, or that waits since before then, oldest first."""
    return [mail_id for mail_id, _size in _ids(LEFT_OVER, at_most=at_most, before=before)]


def count_attempt(mail_id: int, by: int = 1) -> None:
    """Count an attempt about to be made; committed first, it also counts those that end all."""
    held = _held(mail_id).values("pk")
    RawMail.objects.filter(pk__in=held).update(attempts=F("attempts") + by)


def claim_one(mail_id: int) -> Stored | None:
    """Return one mail, locked; None when another process has it or is done with it."""
    return _read([mail_id])[0] if _held(mail_id).first() else None


def finish(outcomes: Iterable[tuple[int, Outcome]]) -> None:
    """Write down what became of each mail."""
    rows = [(i, o.state, o.says[:200], o.case_id, o.message_id) for i, o in outcomes]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(FINISH, [list(column) for column in zip(*rows, strict=True)])


def _held(mail_id: int) -> QuerySet[RawMail, int]:
    waits = RawMail.objects.filter(pk=mail_id, state=RawMail.State.WAITING)
    return waits.select_for_update(skip_locked=True).values_list("pk", flat=True)


def _claim(which: str, *, at_most: int) -> list[Stored]:
    chosen: list[int] = []
    size = 0
    for mail_id, length in _ids(which, at_most=at_most):
        size += length
        if chosen and size > MOST_BYTES_AT_ONCE:
            break
        chosen.append(mail_id)
    return _read(chosen) if chosen else []


def _ids(which: str, **values: int | datetime) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(which=which), values)
        return list(cursor.fetchall())


def _read(ids: list[int]) -> list[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(READ, [ids])
        rows = cursor.fetchall()
    return [Stored(i, at, sender, to, bytes(content)) for i, at, sender, to, content in rows]
