"""How long a case has been in whose hands, as its ledger tells."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caseward.casework.models import Case
from caseward.core.hands import Hand, Move, time_in_hands
from caseward.ledger.models import Event
from caseward.routing import queries as routing
from caseward.web.look import brief

CAME_BACK = frozenset({"escalation.returned", "emergency.taken_back"})
LABELS = {
    Hand.TIER_1_QUEUE: _("Waited in tier 1"),
    Hand.TIER_1: _("In tier 1"),
    Hand.TIER_2_QUEUE: _("Waited in tier 2"),
    Hand.TIER_2: _("In tier 2"),
    Hand.REQUESTER: _("With the requester"),
}


def hands(case: Case, *, now: datetime) -> list[dict[str, Any]]:
    """Return how long each hand has had a case so far, in the order a case passes them."""
    events = Event.objects.filter(case_id=case.pk).order_by("seq")
    rows = list(events.values_list("kind", "at", "data"))
    tier = next((data.get("tier") for kind, _at, data in rows if kind == "case.opened"), 1) or 1
    moves = [_move(*row) for row in rows]
    spans = time_in_hands(moves, opened_at=case.opened_at, until=now, tier=tier)
    whole = sum((span.total_seconds() for span in spans.values()), 0.0) or 1.0
    return [
        {
            "hand": hand.value,
            "label": label,
            "span": brief(spans[hand]),
            "share": round(spans[hand].total_seconds() / whole, 4),
        }
        for hand, label in LABELS.items()
        if hand in spans
    ]


def _move(kind: str, at: datetime, data: dict[str, Any]) -> Move:
    if kind == "case.moved":
        queue = routing.queues().get(data["to_queue_id"])
        return Move(kind, at, tier=queue.tier if queue else None)
    if kind in CAME_BACK and "to_tier" in data:
        return Move(kind, at, tier=data["to_tier"], is_held=data["to_id"] is not None)
    return Move(kind, at, bool(data.get("is_pending")))
