"""What a list is ordered by: one key for each row, so that a page begins where the last ended."""

import re
from dataclasses import dataclass
from enum import StrEnum

from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.places import MOMENT, NUMBER, Place
from caseward.casework.models import Case, PersonalPlace
from caseward.org.models import StaffMember


class Order(StrEnum):
    """How the rows of a list follow each other; ties go by the case's number."""

    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"
    CHANGED = "changed"
    UNTOUCHED = "untouched"
    PRIORITY = "priority"
    MINE = "mine"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order as SQL; `key` is what its places look like."""

    expression: str
    kind: str
    key: re.Pattern[str]
    is_downwards: bool = False
    join: str = ""

    def direction(self, *, backwards: bool) -> str:
        return "DESC" if self.is_downwards != backwards else "ASC"

    def beyond(self, place: Place, *, backwards: bool) -> Conditions:
        """Return what the rows after a place fulfil; nothing for a place of another order."""
        found = Conditions()
        if self.key.fullmatch(place.key):
            sign = "<" if self.direction(backwards=backwards) == "DESC" else ">"
            here = f"(%s::{self.kind}, %s)"
            found.add(f"({self.expression}, c.id) {sign} {here}", place.key, place.row_id)
        return found


# One number: what comes first, times more than any urgency, plus the urgency.
_ABOVE_ANY_URGENCY = 100 * Case.NOTHING_RUNNING
_PUT_NOWHERE = PersonalPlace.MOST + 1

_ORDERINGS = {
    Order.DUE: Ordering("c.urgency", "bigint", NUMBER),
    Order.OLDEST: Ordering("c.opened_at", "timestamptz", MOMENT),
    Order.NEWEST: Ordering("c.opened_at", "timestamptz", MOMENT, is_downwards=True),
    Order.CHANGED: Ordering("c.updated_at", "timestamptz", MOMENT, is_downwards=True),
    Order.UNTOUCHED: Ordering("c.updated_at", "timestamptz", MOMENT),
    Order.FINISHED: Ordering("c.resolved_at", "timestamptz", MOMENT, is_downwards=True),
    Order.PRIORITY: Ordering(f"(c.priority * {_ABOVE_ANY_URGENCY} + c.urgency)", "bigint", NUMBER),
}


def ordering(order: Order, by: StaffMember) -> Ordering:
    """Return an order as SQL, for somebody: their own order is another one for each person."""
    if order is not Order.MINE:
        return _ORDERINGS[order]
    rank = f"coalesce(place.rank, {_PUT_NOWHERE})"
    return Ordering(
        f"({rank} * {_ABOVE_ANY_URGENCY} + c.urgency)",
        "bigint",
        NUMBER,
        join=(
            "LEFT JOIN casework_personalplace place"
            f" ON place.case_id = c.id AND place.staff_id = {by.pk:d}"
        ),
    )
