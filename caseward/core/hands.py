"""How long a case was in whose hands, from the events that moved it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Hand(StrEnum):
    """Who could act: somebody who has it, nobody yet, or the requester we wait for."""

    TIER_1_QUEUE = "TIER_1_QUEUE"
    TIER_1 = "TIER_1"
    TIER_2_QUEUE = "TIER_2_QUEUE"
    TIER_2 = "TIER_2"
    REQUESTER = "REQUESTER"
    NOBODY = "NOBODY"  # finished


class Move(NamedTuple):
    """An event that may pass a case on, by its kind.

    `is_pending`: an answer that asks back. `tier` and `is_held` say where the case is from then on
    and whether somebody has it, where the event knows; None leaves both to its kind.
    """

    kind: str
    at: datetime
    is_pending: bool = False
    tier: int | None = None
    is_held: bool | None = None


_WAITS = {1: Hand.TIER_1_QUEUE, 2: Hand.TIER_2_QUEUE}
_HELD = {1: Hand.TIER_1, 2: Hand.TIER_2}
_TO_TIER = {
    "case.escalated": 2,
    "escalation.accepted": 2,
    "escalation.settled": 2,
    "escalation.rerouted": 2,
    "escalation.returned": 1,
    "emergency.acknowledged": 2,
}
_TAKEN = frozenset(
    {"case.assigned", "escalation.accepted", "escalation.settled", "escalation.returned",
     "emergency.acknowledged"}
)  # fmt: skip
_PUT_DOWN = frozenset(
    {
        "case.escalated",
        "case.released",
        "case.moved",
        "case.transferred",
        "escalation.rerouted",
        "emergency.taken_back",
    }
)
_FINISHED = frozenset({"case.resolved", "case.closed", "case.merged"})
_ON_AGAIN = frozenset({"case.reopened", "case.resumed", "case.unmerged"})


def time_in_hands(
    moves: Iterable[Move], *, opened_at: datetime, until: datetime, tier: int = 1
) -> dict[Hand, timedelta]:
    """Return how long each hand had a case from its opening until a moment.

    The spans add up to the whole time. Who answers without having taken a case has it from then on.

    Args:
        moves: What happened, oldest first; kinds that move nothing are passed over.
        tier: Where the case began, 1 or 2.
    """
    spans: dict[Hand, timedelta] = {}
    hand, since, is_held = _WAITS[tier], opened_at, False
    for move in moves:
        tier = move.tier or _TO_TIER.get(move.kind, tier)
        is_held = _is_held(move, is_held)
        after = _hand_after(move, hand, _HELD[tier] if is_held else _WAITS[tier])
        if after is not hand:
            _add(spans, hand, move.at - since)
            hand, since = after, move.at
    _add(spans, hand, until - since)
    return spans


def _is_held(move: Move, was_held: bool) -> bool:
    if move.is_held is not None:
        return move.is_held
    if move.kind in _PUT_DOWN:
        return False
    return was_held or move.kind in _TAKEN or move.kind == "message.sent"


def _hand_after(move: Move, hand: Hand, ours: Hand) -> Hand:
    if move.kind in _FINISHED:
        return Hand.NOBODY
    if move.kind == "message.sent":
        return Hand.REQUESTER if move.is_pending else ours
    if move.kind in _ON_AGAIN or move.kind in _TAKEN or move.kind in _PUT_DOWN:
        return ours
    return hand


def _add(spans: dict[Hand, timedelta], hand: Hand, span: timedelta) -> None:
    if span > timedelta(0):
        spans[hand] = spans.get(hand, timedelta(0)) + span
