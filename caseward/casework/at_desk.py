"""What every page of the desk says of its reader, read in one go."""

from datetime import datetime
from typing import NamedTuple

from caseward.casework.services.noticing import MOST_SHOWN
from caseward.org import planned
from caseward.org.models import StaffMember
from caseward.routing.models import Availability

AVAILABILITY = [field.attname for field in Availability._meta.concrete_fields]

AT_DESK = """
    SELECT coalesce(p.is_split, false),
        (SELECT count(*) FROM (
            SELECT FROM casework_notice n
            WHERE n.staff_id = me.id AND n.read_at IS NULL LIMIT {at_most}
        ) unread),
        EXISTS (
            SELECT FROM casework_teammessagereader r
            JOIN casework_teammessage m ON m.id = r.message_id
            WHERE r.staff_id = me.id AND r.read_at IS NULL
                AND m.until > %s::timestamptz AND m.taken_back_at IS NULL
        ),
        {availability}
    FROM (SELECT %s::bigint AS id) me
    LEFT JOIN casework_preference p ON p.staff_id = me.id
    LEFT JOIN routing_availability a ON a.staff_id = me.id
"""


class AtDesk(NamedTuple):
    """How somebody wants their desk, what they do now, and what they have not read.

    Unread notices are counted to one more than a page shows.
    """

    is_split: bool
    unread_notices: int
    has_messages: bool
    availability: Availability | None


def at_desk(staff: StaffMember, *, now: datetime) -> AtDesk:
    """Return what stands around every page of somebody."""
    columns = ", ".join(f"a.{name}" for name in AVAILABILITY)
    sql = AT_DESK.format(at_most=MOST_SHOWN + 1, availability=columns)
    is_split, unread, has_messages, *held = planned.rows(sql, [now, staff.pk])[0]
    known = Availability.from_db(None, AVAILABILITY, held) if held[0] else None
    return AtDesk(is_split, unread, has_messages, known)
