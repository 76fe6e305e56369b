"""Lists of cases: which cases a list is about, what narrows it, one page of it, how long it is."""

from caseward.casework.listing.crossing import AGES, DUES, KINDS, Counts, crossed
from caseward.casework.listing.escalated import Escalated, count_escalated, escalated_by
from caseward.casework.listing.filters import DAYS_OLD, Due, Filters
from caseward.casework.listing.neighbours import Neighbour, Neighbours, neighbours_of
from caseward.casework.listing.orders import Order
from caseward.casework.listing.pages import Page, page_of
from caseward.casework.listing.piles import Pile
from caseward.casework.listing.places import Place
from caseward.casework.listing.rows import Row, RowClock, rows_of
from caseward.casework.listing.sizes import (
    AT_MOST,
    Size,
    sizes_in_hands,
    sizes_of_each,
    sizes_of_queues,
)

__all__ = [
    "AGES",
    "AT_MOST",
    "DAYS_OLD",
    "DUES",
    "KINDS",
    "Counts",
    "Due",
    "Escalated",
    "Filters",
    "Neighbour",
    "Neighbours",
    "Order",
    "Page",
    "Pile",
    "Place",
    "Row",
    "RowClock",
    "Size",
    "count_escalated",
    "crossed",
    "escalated_by",
    "neighbours_of",
    "page_of",
    "rows_of",
    "sizes_in_hands",
    "sizes_of_each",
    "sizes_of_queues",
]
