"""Deciding which queue a case waits in."""

from caseward.org.catalogue import kept_per_revision
from caseward.org.models import VendorShare
from caseward.routing.models import Queue


class NowhereToWait(Exception):
    """No vendor serves this line of business in this language, and neither does tier 2."""


@kept_per_revision
def _queues() -> dict[tuple[int, int | None, int, str], Queue]:
    return {(q.tier, q.vendor_id, q.lob_id, q.language): q for q in Queue.objects.all()}


ROUND = 50.0
"""Cases within which what a vendor is owed is made up for."""


@kept_per_revision
def _shares(lob_id: int, language: str) -> list[tuple[int, float]]:
    """Return what each vendor is to get of the next cases: its share, and what it is owed."""
    wanted = VendorShare.objects.filter(lob_id=lob_id, language=language, vendor__is_active=True)
    rows = list(wanted.order_by("vendor_id").values_list("vendor_id", "share", "owed__cases"))
    whole = sum(share for _, share, _ in rows)
    quanta = [(v, max(0.0, ROUND * share / whole + (owed or 0.0))) for v, share, owed in rows]
    return quanta if any(quantum for _, quantum in quanta) else [(v, s) for v, s, _ in rows]


def place(*, lob_id: int, language: str, number: int) -> Queue:
    """Return the tier-1 queue of the vendor whose turn it is; tier 2's where no vendor serves.

    `number` is any number that differs from case to case. Until shares are counted again the same
    number names the same vendor, and vendors get cases in proportion to their contracted shares and
    what they are owed (`routing.sharing`). Opening a case locks no count: intake never queues up.
    """
    shares = _shares(lob_id, language)
    if not shares:
        return queue_of(tier=2, vendor_id=None, lob_id=lob_id, language=language)
    return queue_of(tier=1, vendor_id=whose_turn(shares, number), lob_id=lob_id, language=language)


def whose_turn(shares: list[tuple[int, float]], number: int) -> int:
    """Return the vendor a number falls to; over many numbers each gets its share of them."""
    # Multiplying by the golden ratio spreads successive numbers evenly over [0, 1).
    point = (number * 0.6180339887498949) % 1.0 * sum(share for _, share in shares)
    for vendor_id, share in shares:
        if point < share:
            return vendor_id
        point -= share
    return shares[-1][0]


def queue_of(*, tier: int, vendor_id: int | None, lob_id: int, language: str) -> Queue:
    """Return the queue of exactly these four.

    Raises:
        NowhereToWait: the operation has no such queue.
    """
    try:
        return _queues()[tier, vendor_id, lob_id, language]
    except KeyError:
        raise NowhereToWait(
            f"No queue: tier {tier}, vendor {vendor_id}, line of business {lob_id}, {language}."
        ) from None
