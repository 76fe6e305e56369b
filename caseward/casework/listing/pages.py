"""One page of a list, found from where the page before ended: as fast deep down as at the top."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import Filters
from caseward.casework.listing.orders import Order, Ordering, ordering
from caseward.casework.listing.piles import Pile
from caseward.casework.listing.places import Place
from caseward.org import planned
from caseward.org.models import StaffMember

ROWS = 50


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page in order; `above` and `below` name where more are, None where none."""

    ids: list[int]
    above: Place | None
    below: Place | None
    places: tuple[Place, ...] = ()


# The head of each queue by its own index, then the most urgent of these: one query over all queues
# at once would sort every case in them (measured: 30 times slower).
OF_QUEUES = """
    SELECT head.id, head.key::text FROM unnest(%s::bigint[]) AS q (id), LATERAL (
        SELECT c.id, {key} AS key FROM casework_case c {join}
        WHERE c.queue_id = q.id AND {where}
        ORDER BY {key} {direction}, c.id {direction} LIMIT {at_most}
    ) head
    ORDER BY head.key {direction}, head.id {direction} LIMIT {at_most}
"""
IN_HANDS = """
    SELECT c.id, {key}::text FROM casework_case c {join} WHERE {where}
    ORDER BY {key} {direction}, c.id {direction} LIMIT {at_most}
"""
ONE_SIDE = "(SELECT {is_above} AS is_above, row.* FROM ({rows}) AS row (id, key))"
BESIDE = """
    SELECT row.is_above, row.id, row.key, c.reference FROM ({rows}) AS row
    JOIN casework_case c ON c.id = row.id
"""


def page_of(
    pile: Pile,
    filters: Filters,
    *,
    by: StaffMember,
    now: datetime,
    day_ends_at: datetime,
    after: Place | None = None,
    before: Place | None = None,
    order: Order = Order.DUE,
) -> Page:
    """Return the page of a list that begins after, or ends before, a place."""
    place, backwards = before or after, before is not None
    pile = pile.narrowed_by(filters)
    wanted = pile.conditions(by).joined(filters.conditions(now=now, day_ends_at=day_ends_at))
    ordered = ordering_of(pile, order, by)
    found = read_rows(
        pile, wanted, ordered, from_place=place, backwards=backwards, at_most=ROWS + 1
    )
    return page_from(found, is_after=after is not None, backwards=backwards)


def ordering_of(pile: Pile, order: Order, by: StaffMember) -> Ordering:
    """Return the order of a list; what is finished is shown newest first."""
    return ordering(Order.FINISHED if pile.finished_since else order, by)


def page_from(found: list[tuple[int, str]], *, is_after: bool, backwards: bool) -> Page:
    """Return a page from its rows and perhaps the next one beyond, read in reading direction."""
    has_more, found = len(found) > ROWS, found[:ROWS]
    if not found:
        return Page([], None, None)
    places = [Place(key, row_id) for row_id, key in (reversed(found) if backwards else found)]
    has_above = has_more if backwards else is_after
    has_below = backwards or has_more
    return Page(
        [place.row_id for place in places],
        above=places[0] if has_above else None,
        below=places[-1] if has_below else None,
        places=tuple(places),
    )


def read_rows(
    pile: Pile,
    wanted: Conditions,
    ordered: Ordering,
    *,
    from_place: Place | None,
    backwards: bool,
    at_most: int,
) -> list[tuple[int, str]]:
    """Return the numbers and keys of the rows from a place on, nearest first."""
    if from_place is not None:
        wanted = wanted.joined(ordered.beyond(from_place, backwards=backwards))
    sql, values = _question(pile, wanted, ordered, backwards=backwards, at_most=at_most)
    return planned.rows(sql, values)


def rows_around(
    pile: Pile, wanted: Conditions, ordered: Ordering, place: Place
) -> list[tuple[bool, int, str, str]]:
    """Return the rows right above and below a place: whether above, number, key, reference."""
    parts, values = [], []
    for is_above in (True, False):
        there = wanted.joined(ordered.beyond(place, backwards=is_above))
        sql, needed = _question(pile, there, ordered, backwards=is_above, at_most=1)
        parts.append(ONE_SIDE.format(is_above=is_above, rows=sql))
        values += needed
    return planned.rows(BESIDE.format(rows=" UNION ALL ".join(parts)), values)


def _question(
    pile: Pile, wanted: Conditions, ordered: Ordering, *, backwards: bool, at_most: int
) -> tuple[str, list[Any]]:
    names = {
        "key": ordered.expression,
        "join": ordered.join,
        "where": wanted.sql,
        "direction": ordered.direction(backwards=backwards),
        "at_most": str(at_most),
    }
    if not pile.is_by_queue:
        return IN_HANDS.format(**names), wanted.values
    return OF_QUEUES.format(**names), [list(pile.queues or ()), *wanted.values]
