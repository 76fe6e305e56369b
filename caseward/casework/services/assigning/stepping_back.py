"""Undoing that somebody came back to work by taking a case."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.services.assigning.giving import put_back
from caseward.ledger import queries as ledger
from caseward.org.models import StaffMember
from caseward.routing import availability


@transaction.atomic
def step_back(
    *,
    reference: str,
    by: StaffMember,
    state: str,
    why: str,
    until: datetime | None,
    now: datetime,
) -> bool:
    """Put a case back that was just taken, and its taker where they were; return whether it went.

    A case that something happened to since stays where it is. An end that has passed is none.

    Raises:
        access.CaseNotVisible: no such case, or not theirs.
    """
    goes_back = _put_back(reference, by, now)
    end = until if until is not None and until > now else None
    availability.set_state(staff=by, state=state, why=why, now=now, until=end)
    return goes_back


def _put_back(reference: str, by: StaffMember, now: datetime) -> bool:
    try:
        case = access.case_to_change(reference=reference, by=by)
    except access.NotYoursToChange:
        return False
    is_untouched = ledger.timeline(case.pk)[0].kind == "case.assigned"
    if case.assignee_id != by.pk or not is_untouched:
        return False
    put_back(case, by=by, now=now)
    return True
