"""What comes before and after a case in the list somebody opened it from."""

from dataclasses import dataclass
from datetime import datetime

from caseward.casework.listing.filters import Filters
from caseward.casework.listing.orders import Order
from caseward.casework.listing.pages import ordering_of, rows_around
from caseward.casework.listing.piles import Pile
from caseward.casework.listing.places import Place
from caseward.org.models import StaffMember


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case beside another in a list, and its place there."""

    reference: str
    place: Place


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases above and below a place; None at the ends of the list."""

    above: Neighbour | None
    below: Neighbour | None


def neighbours_of(
    pile: Pile,
    filters: Filters,
    *,
    by: StaffMember,
    now: datetime,
    day_ends_at: datetime,
    place: Place,
    order: Order = Order.DUE,
) -> Neighbours:
    """Return what is beside a place, whether or not its case is still in the list: one query.

    A place of another order has nothing beside it.
    """
    ordered, pile = ordering_of(pile, order, by), pile.narrowed_by(filters)
    if not ordered.key.fullmatch(place.key):
        return Neighbours(None, None)
    wanted = pile.conditions(by).joined(filters.conditions(now=now, day_ends_at=day_ends_at))
    found = {
        is_above: Neighbour(reference, Place(key, row_id))
        for is_above, row_id, key, reference in rows_around(pile, wanted, ordered, place)
    }
    return Neighbours(above=found.get(True), below=found.get(False))
