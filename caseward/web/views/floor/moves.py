"""What leads did lately, in words, and what has not been undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework.floor import saying
from caseward.casework.floor.people import Scope
from caseward.casework.models import FloorMove
from caseward.routing import queries as routing
from caseward.web.views.floor.queues import queue_name
from caseward.web.views.floor.times import short

MOST = 8
LATELY = timedelta(hours=12)
ICONS = {
    FloorMove.Kind.MOVE: "forward",
    FloorMove.Kind.BORROW: "user-plus",
    FloorMove.Kind.PAUSE: "pause",
    FloorMove.Kind.RESUME: "play",
    FloorMove.Kind.MESSAGE: "message-square-text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    icon: str
    what: str
    who: str
    at: str
    when: str
    more: str
    undo_url: str
    undone: str


def move_rows(scope: Scope, now: datetime) -> list[MoveRow]:
    """Return the newest moves that concern a part of the floor."""
    lately = FloorMove.objects.filter(at__gt=now - LATELY).select_related("by", "undone_by")
    moves = [move for move in lately.order_by("-at", "-id")[: 4 * MOST] if concerns(move, scope)]
    read = saying.receipts([move.after["message_id"] for move in moves if _is_message(move)])
    return [_row(move, read) for move in moves[:MOST]]


def words_of(move: FloorMove) -> str:
    """Say what a move did."""
    return {
        FloorMove.Kind.MOVE: _moved,
        FloorMove.Kind.BORROW: _borrowed,
        FloorMove.Kind.PAUSE: _paused,
        FloorMove.Kind.RESUME: _resumed,
        FloorMove.Kind.MESSAGE: _told,
    }[FloorMove.Kind(move.kind)](move.about)


def _row(move: FloorMove, read: Mapping[int, tuple[int, int]]) -> MoveRow:
    undone_by = move.undone_by
    return MoveRow(
        icon=ICONS[FloorMove.Kind(move.kind)],
        what=words_of(move),
        who=move.by.name,
        at=move.at.isoformat(),
        when=short(move.at),
        more=_read_by(read[move.after["message_id"]]) if _is_message(move) else kept_words(move),
        undo_url="" if undone_by else reverse("floor-undo", args=[move.pk]),
        undone=_("Undone by %(name)s") % {"name": undone_by.name} if undone_by else "",
    )


def concerns(move: FloorMove, scope: Scope) -> bool:
    """Say whether somebody may know of a move: those in their lines of business alone."""
    if not set(move.about.get("lob_ids", ())) <= scope.lob_ids:
        return False
    queue = routing.queues().get(move.before.get("queue_id") or move.about.get("queue_id") or 0)
    return queue is None or queue.lob_id in scope.lob_ids


def kept_words(move: FloorMove) -> str:
    """Say which cases stayed as they are when the rest of a move was undone."""
    kept = move.after.get("kept", [])
    words = ngettext(
        "%(references)s stays as it is: something happened to it since.",
        "%(references)s stay as they are: something happened to them since.",
        len(kept),
    )
    return words % {"references": ", ".join(kept)} if kept else ""


def _is_message(move: FloorMove) -> bool:
    return move.kind == FloorMove.Kind.MESSAGE


def _read_by(read: tuple[int, int]) -> str:
    return _("Read by %(seen)s of %(all)s") % {"seen": read[0], "all": read[1]}


def _moved(about: Mapping[str, Any]) -> str:
    said = {**about, "count": about["cases"], "queue": _queue(about.get("to_queue_id"))}
    if about.get("to_queue_id"):
        words = ngettext(
            "%(count)d case moved to %(queue)s", "%(count)d cases moved to %(queue)s", said["count"]
        )
        return words % said
    if about.get("to"):
        return _("%(reference)s given to %(to)s") % said
    return _("%(reference)s put back into its queue") % said


def _borrowed(about: Mapping[str, Any]) -> str:
    said = {**about, "queue": _queue(about["queue_id"]), "until": _until(about)}
    return _("%(name)s works only %(queue)s until %(until)s") % said


def _paused(about: Mapping[str, Any]) -> str:
    said = {**about, "queue": _queue(about["queue_id"]), "until": _until(about)}
    if about["until"]:
        return _("%(queue)s paused until %(until)s: %(why)s") % said
    return _("%(queue)s paused: %(why)s") % said


def _resumed(about: Mapping[str, Any]) -> str:
    return _("%(queue)s resumed") % {"queue": _queue(about["queue_id"])}


def _told(about: Mapping[str, Any]) -> str:
    if about["asks_for"]:
        return _("%(to)s was asked to change what they do") % about
    return _("To %(to)s: “%(text)s”") % about


def _queue(queue_id: int | None) -> str:
    queue = routing.queues().get(queue_id or 0)
    return queue_name(queue) if queue else _("a queue that is no more")


def _until(about: Mapping[str, Any]) -> str:
    return short(datetime.fromisoformat(about["until"])) if about["until"] else ""
