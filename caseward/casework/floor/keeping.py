"""Keeping a move so that it can be undone, and what keeps one from being made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from caseward.casework.access import lobs_of
from caseward.casework.floor.people import moves_on_the_floor
from caseward.casework.models import FloorMove
from caseward.org.models import StaffMember
from caseward.routing.models import Queue


class MayNotMove(Exception):
    """This person sees the floor and moves nothing on it, or not this part of it."""


def move_kept(
    kind: FloorMove.Kind,
    *,
    by: StaffMember,
    now: datetime,
    about: Mapping[str, Any],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> FloorMove:
    """Keep a move: what to say of it, what it found, and how it left that."""
    return FloorMove.objects.create(
        kind=kind, by=by, at=now, about=dict(about), before=dict(before), after=dict(after)
    )


def check_mover(by: StaffMember) -> None:
    """Raise MayNotMove for whoever moves nothing on the floor."""
    if not moves_on_the_floor(by):
        raise MayNotMove(by.key)


def check_queue(queue: Queue, by: StaffMember) -> None:
    """Raise MayNotMove where a queue is not one this person may change."""
    check_mover(by)
    if queue.lob_id not in lobs_of(by):
        raise MayNotMove(by.key)
