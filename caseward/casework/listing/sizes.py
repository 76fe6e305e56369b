"""How many cases lists hold, counted only so far that the cost does not grow with the backlog."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import urgency_at
from caseward.casework.listing.piles import Pile
from caseward.org import planned
from caseward.org.models import StaffMember

AT_MOST = 1_000

# The late ones come first, so counting so far counts all of them.
IN_HANDS = """
    SELECT count(*), count(*) FILTER (WHERE urgency < %s::bigint) FROM (
        SELECT c.urgency FROM casework_case c WHERE {where} ORDER BY c.urgency LIMIT {so_far}
    ) counted
"""
OF_ONE_QUEUE_EACH = """
    SELECT size.* FROM unnest(%s::bigint[]) WITH ORDINALITY AS q (id, number), LATERAL (
        SELECT count(*), count(*) FILTER (WHERE urgency < %s::bigint) FROM (
            SELECT c.urgency FROM casework_case c
            WHERE c.queue_id = q.id AND {where} ORDER BY c.urgency LIMIT {so_far}
        ) counted
    ) size ORDER BY q.number
"""
# Over several queues the late ones are counted apart, for no index has them first.
OF_QUEUES = """
    SELECT pile.number,
        (SELECT count(*) FROM (
            SELECT FROM unnest(pile.queues) AS q (id), LATERAL (
                SELECT FROM casework_case c WHERE c.queue_id = q.id AND {where}
            ) c LIMIT %s) counted),
        (SELECT count(*) FROM (
            SELECT FROM unnest(pile.queues) AS q (id), LATERAL (
                SELECT FROM casework_case c
                WHERE c.queue_id = q.id AND {where} AND c.urgency < %s
            ) c LIMIT %s) counted)
    FROM (VALUES {piles}) AS pile (number, queues)
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases, and how many of them past their deadline; exact up to `AT_MOST`."""

    cases: int
    late: int

    def __add__(self, other: "Size") -> "Size":
        return Size(self.cases + other.cases, self.late + other.late)


def sizes_in_hands(piles: Sequence[Pile], *, by: StaffMember, now: datetime) -> list[Size]:
    """Return the sizes of lists of one person's own cases."""
    parts, values = [], []
    for pile in piles:
        wanted = pile.conditions(by)
        parts.append(IN_HANDS.format(where=wanted.sql, so_far=AT_MOST + 1))
        values += [urgency_at(now), *wanted.values]
    return [Size(*row) for row in planned.rows(" UNION ALL ".join(parts), values)]


def sizes_of_each(pile: Pile, *, by: StaffMember, now: datetime) -> list[Size]:
    """Return how much of a list is in each of its queues, in their order."""
    wanted = pile.conditions(by)
    sql = OF_ONE_QUEUE_EACH.format(where=wanted.sql, so_far=AT_MOST + 1)
    values = [list(pile.queues or ()), urgency_at(now), *wanted.values]
    return [Size(*row) for row in planned.rows(sql, values)]


def sizes_of_queues(piles: Sequence[Pile], *, by: StaffMember, now: datetime) -> list[Size]:
    """Return the sizes of lists that differ in nothing but their queues."""
    if not piles:
        return []
    wanted: Conditions = piles[0].conditions(by)
    numbered = [value for n, pile in enumerate(piles) for value in (n, list(pile.queues or ()))]
    sql = OF_QUEUES.format(where=wanted.sql, piles=", ".join(["(%s, %s::bigint[])"] * len(piles)))
    counted = [*wanted.values, AT_MOST + 1, *wanted.values, urgency_at(now), AT_MOST + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*counted, *numbered])
        found = {number: Size(cases, late) for number, cases, late in cursor}
    return [found[number] for number in range(len(piles))]
