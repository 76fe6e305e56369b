"""The escalations somebody raised and what became of them, newest news first."""

from datetime import datetime
from typing import NamedTuple

from caseward.casework.listing.pages import ROWS, Page, page_from
from caseward.casework.listing.piles import visible_to
from caseward.casework.listing.places import Place
from caseward.org import planned
from caseward.org.models import StaffMember

# One person's escalations, found by their index; when something last happened to each is worked
# out here, as there are never so many that sorting them would show.
RAISED = """
    SELECT e.id, news.at::text, c.reference, c.title, c.language, left(e.why, 200), e.accepted_at,
        e.outcome, e.verdict, left(e.verdict_note, 200), e.raised_at, e.ended_at, e.quality,
        left(e.quality_note, 300), EXISTS (SELECT FROM casework_escalationquestion a
            WHERE a.escalation_id = e.id AND a.answered_at IS NULL)
    FROM casework_escalation e
    JOIN casework_case c ON c.id = e.case_id
    CROSS JOIN LATERAL (SELECT coalesce(e.ended_at, e.accepted_at, e.raised_at) AS at) news
    WHERE e.raised_by_id = %s AND {where}
    ORDER BY news.at {direction}, e.id {direction} LIMIT {at_most}
"""
COUNTED = """
    SELECT count(*) FILTER (WHERE e.ended_at IS NULL),
        count(*) FILTER (WHERE e.ended_at IS NOT NULL)
    FROM casework_escalation e JOIN casework_case c ON c.id = e.case_id
    WHERE e.raised_by_id = %s AND (e.ended_at IS NULL OR e.ended_at >= %s) AND {where}
"""


class Escalated(NamedTuple):
    """An escalation: what was handed over, and what tier 2 has said so far."""

    reference: str
    title: str
    language: str
    why: str
    accepted_at: datetime | None
    outcome: str
    verdict: str
    note: str
    raised_at: datetime
    ended_at: datetime | None
    quality: str
    quality_note: str
    is_asked: bool


def escalated_by(
    staff: StaffMember, *, after: Place | None = None, before: Place | None = None
) -> tuple[list[Escalated], Page]:
    """Return a page of the escalations somebody raised, of cases they may see."""
    place, backwards = before or after, before is not None
    wanted = visible_to(staff)
    if place is not None and place.is_moment:
        sign = ">" if backwards else "<"
        wanted.add(f"(news.at, e.id) {sign} (%s::timestamptz, %s)", place.key, place.row_id)
    direction = "ASC" if backwards else "DESC"
    sql = RAISED.format(where=wanted.sql, direction=direction, at_most=ROWS + 1)
    found = planned.rows(sql, [staff.pk, *wanted.values])
    places = [(row[0], row[1]) for row in found]
    page = page_from(places, is_after=after is not None, backwards=backwards)
    shown = {row[0]: Escalated._make(row[2:]) for row in found}
    return [shown[pk] for pk in page.ids], page


def count_escalated(staff: StaffMember, *, since: datetime) -> tuple[int, int]:
    """Return how many escalations somebody raised are not judged yet, and judged since a moment."""
    wanted = visible_to(staff)
    values = [staff.pk, since, *wanted.values]
    running, judged = planned.rows(COUNTED.format(where=wanted.sql), values)[0]
    return running, judged
