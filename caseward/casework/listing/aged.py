"""Cases that have been open for long, those nobody decided about first, then the oldest."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from caseward.casework.listing.filters import Filters
from caseward.casework.listing.pages import ROWS, Page, page_from
from caseward.casework.listing.piles import Pile
from caseward.casework.listing.places import Place
from caseward.org.models import StaffMember

AGED_AFTER = timedelta(days=3)

# A case wants a decision when it is old, or its deadline has passed, and nobody has decided yet or
# it is time to look again: when that was said, or three days after it was handed on. Which cases
# are old is read from the index of unfinished ones.
AGED = """
    SELECT c.id, c.opened_at::text, r.at, r.outcome, r.next_step, r.look_again_at, s.name
    FROM casework_case c
    LEFT JOIN LATERAL (
        SELECT * FROM casework_casereview r WHERE r.case_id = c.id ORDER BY r.at DESC LIMIT 1
    ) r ON true
    LEFT JOIN org_staffmember s ON s.id = r.reviewer_id
    WHERE c.queue_id = ANY(%s) AND {where} AND (c.opened_at <= %s OR c.urgency < %s)
        AND coalesce(r.look_again_at, r.at + interval '3 days', c.opened_at) {due} %s
    ORDER BY c.opened_at {direction}, c.id {direction} LIMIT %s
"""


class LastReview(NamedTuple):
    """The last decision about a case; all empty where there is none."""

    at: datetime | None
    outcome: str | None
    next_step: str | None
    look_again_at: datetime | None
    reviewer: str | None


def aged_cases(
    pile: Pile,
    filters: Filters,
    *,
    by: StaffMember,
    now: datetime,
    day_ends_at: datetime,
    is_decided: bool = False,
    after: Place | None = None,
    before: Place | None = None,
) -> tuple[dict[int, LastReview], Page]:
    """Return a page of aged cases, oldest first, with the last decision about each.

    Args:
        is_decided: Those to be looked at again later, instead of those that want a decision now.
    """
    place, backwards = before or after, before is not None
    pile = pile.narrowed_by(filters)
    wanted = pile.conditions(by).joined(filters.conditions(now=now, day_ends_at=day_ends_at))
    if place is not None and place.is_moment:
        sign = "<" if backwards else ">"
        wanted.add(f"(c.opened_at, c.id) {sign} (%s::timestamptz, %s)", place.key, place.row_id)
    sql = AGED.format(
        where=wanted.sql, due=">" if is_decided else "<=", direction="DESC" if backwards else "ASC"
    )
    urgency = int(now.timestamp()) * 10
    values = [list(pile.queues or ()), *wanted.values, now - AGED_AFTER, urgency, now, ROWS + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = list(cursor.fetchall())
    places = [(row[0], row[1]) for row in found]
    page = page_from(places, is_after=after is not None, backwards=backwards)
    reviews = {row[0]: LastReview._make(row[2:]) for row in found}
    return {pk: reviews[pk] for pk in page.ids}, page
