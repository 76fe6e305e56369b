"""Lists of cases: which cases a list is about, what narrows it, one page of it, how long it is."""

from caseward.casework.listing.escalated import Escalated, count_escalated, escalated_by
from caseward.casework.listing.filters import Due, Filters
from caseward.casework.listing.pages import Page, Place, page_of
from caseward.casework.listing.piles import Pile
from caseward.casework.listing.rows import Row, RowClock, rows_of
from caseward.casework.listing.sizes import AT_MOST, Size, sizes_in_hands, sizes_of_queues

__all__ = [
    "AT_MOST",
    "Due",
    "Escalated",
    "Filters",
    "Page",
    "Pile",
    "Place",
    "Row",
    "RowClock",
    "Size",
    "count_escalated",
    "escalated_by",
    "page_of",
    "rows_of",
    "sizes_in_hands",
    "sizes_of_queues",
]
