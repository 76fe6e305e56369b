"""What a lead says to people: shown on their desks until they have read it."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from caseward.casework.floor.keeping import MayNotMove, check_mover, move_kept
from caseward.casework.floor.people import Scope, Worker, widest_scope
from caseward.casework.models import FloorMove, TeamMessage, TeamMessageReader
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org import queries as org
from caseward.org.models import StaffMember

SHOWN_FOR = timedelta(hours=8)


class NobodyToTell(Exception):
    """Nobody works in that part of the floor."""


class Unread(NamedTuple):
    """A message somebody has not read; `by_name` is empty where they may not know the name."""

    id: int
    text: str
    asks_for: str
    sent_at: datetime
    by_name: str


@transaction.atomic
def tell(*, scope: Scope, text: str, to: str, by: StaffMember, now: datetime) -> FloorMove:
    """Say something to everybody else in a part of the floor; `to` names that part.

    Raises:
        MayNotMove, NobodyToTell: see there.
    """
    check_mover(by)
    if not scope.lob_ids <= widest_scope(by).lob_ids:
        raise MayNotMove(by.key)
    others = [worker for worker in scope.people() if worker.id != by.pk]
    lobs = scope.lob_ids if scope.lob_id is None else {scope.lob_id}
    return _send(others, text, asks_for="", to=to, lob_ids=lobs, by=by, now=now)


@transaction.atomic
def ask_for_state(
    *, worker: Worker, state: str, text: str, by: StaffMember, now: datetime
) -> FloorMove:
    """Ask one person to change what they are doing; they change it themselves with one click."""
    check_mover(by)
    lobs = {queue.lob_id for queue in widest_scope(by).queues() if queue.pk in worker.own}
    if not lobs:
        raise MayNotMove(by.key)
    return _send([worker], text, asks_for=state, to=worker.name, lob_ids=lobs, by=by, now=now)


def unread_by(staff: StaffMember, *, now: datetime) -> list[Unread]:
    """Return what somebody has not read yet, newest first."""
    waiting = TeamMessageReader.objects.filter(
        staff=staff,
        read_at__isnull=True,
        message__until__gt=now,
        message__taken_back_at__isnull=True,
    )
    columns = ("message_id", "message__text", "message__asks_for", "message__sent_at")
    rows = waiting.order_by("-message_id").values_list(*columns, "message__by_id")
    return [Unread._make((*row[:-1], _name_for(staff, row[-1]))) for row in rows]


@transaction.atomic
def mark_read(*, message_id: int, staff: StaffMember, now: datetime) -> bool:
    """Note that somebody has read a message; doing so twice changes nothing."""
    mine = TeamMessageReader.objects.filter(
        message_id=message_id, staff=staff, read_at__isnull=True
    )
    has_read = bool(mine.update(read_at=now))
    if has_read:
        _tell_the_floor()
    return has_read


def is_for(*, message_id: int, staff: StaffMember) -> bool:
    """Say whether a message was for somebody, read or not."""
    return TeamMessageReader.objects.filter(message_id=message_id, staff=staff).exists()


def take_back(*, message_id: int, by: StaffMember, now: datetime) -> None:
    """Show a message no longer to those who have not read it."""
    TeamMessage.objects.filter(pk=message_id).update(taken_back_at=now)
    _record("team.message_taken_back", message_id, _vendors(message_id), by, now)


def receipts(message_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """Return how many have read each message, and how many it is for."""
    rows = TeamMessageReader.objects.filter(message_id__in=message_ids).values("message_id")
    counted = rows.annotate(seen=Count("read_at"), all=Count("pk"))
    return {row["message_id"]: (row["seen"], row["all"]) for row in counted}


def _send(
    people: Collection[Worker],
    text: str,
    *,
    asks_for: str,
    to: str,
    lob_ids: Collection[int],
    by: StaffMember,
    now: datetime,
) -> FloorMove:
    if not people:
        raise NobodyToTell(to)
    message = TeamMessage.objects.create(
        by=by, text=text, asks_for=asks_for, sent_at=now, until=now + SHOWN_FOR
    )
    TeamMessageReader.objects.bulk_create(
        TeamMessageReader(message=message, staff_id=worker.id) for worker in people
    )
    vendors = {worker.vendor_id for worker in people}
    _record("team.message_sent", message.pk, vendors, by, now)
    return move_kept(
        FloorMove.Kind.MESSAGE,
        by=by,
        now=now,
        about={
            "to": to,
            "people": len(people),
            "text": text,
            "asks_for": asks_for,
            "lob_ids": sorted(lob_ids),
        },
        before={},
        after={"message_id": message.pk},
    )


def _record(
    kind: str, message_id: int, vendors: Collection[int], by: StaffMember, now: datetime
) -> None:
    """Leave the trace, one for each employer: a vendor's pages hear of their own only."""
    for vendor_id in sorted(vendors):
        ledger.record(
            kind,
            at=now,
            actor_id=by.pk,
            actor_name=by.name,
            audience=Event.Audience.EVERYONE if vendor_id else Event.Audience.IN_HOUSE,
            data={"vendor_id": vendor_id or None, "message_id": message_id},
        )


def _tell_the_floor() -> None:
    """Have the floor count again; reading is no event, and no colleague hears of it."""
    news = {"case": 0, "kind": "message.read", "vendor": None, "audience": "IN_HOUSE"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('caseward', %s)", [json.dumps(news)])


def _vendors(message_id: int) -> set[int]:
    readers = TeamMessageReader.objects.filter(message_id=message_id)
    return {vendor_id or 0 for (vendor_id,) in readers.values_list("staff__vendor_id").distinct()}


def _name_for(reader: StaffMember, author_id: int) -> str:
    if not org.may_name(reader, author_id):
        return ""
    return org.name_of_leader(reader, author_id) or _name(author_id)


def _name(staff_id: int) -> str:
    return StaffMember.objects.filter(pk=staff_id).values_list("name", flat=True).first() or ""
