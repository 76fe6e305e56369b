"""Hiding a case from those who work until a time, or until the requester writes.

Nothing is promised later for it: every clock runs on.
"""

from datetime import datetime, timedelta

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.recording import record
from caseward.casework.services.resolving import AlreadyResolved
from caseward.org.models import StaffMember

LONGEST = timedelta(days=30)
LETTERS = 200


class NotWhen(Exception):
    """The moment is past, or further away than a case may be out of sight."""


class NoReason(Exception):
    """Nothing says why the case is hidden."""


@transaction.atomic
def snooze_case(
    *,
    reference: str,
    by: StaffMember,
    until: datetime,
    why: str,
    now: datetime,
    seen: int | None = None,
) -> Case:
    """Hide a case until a moment; snoozing it again moves the moment.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        AlreadyResolved: the case is finished; nothing was changed.
        NotWhen, NoReason: see there.
    """
    if not now < until <= now + LONGEST:
        raise NotWhen(until)
    if not (reason := why.strip()[:LETTERS]):
        raise NoReason(reference)
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if case.is_finished:
        raise AlreadyResolved(reference)
    case.snoozed_until, case.snoozed_by, case.snoozed_why = until, by, reason
    case.updated_at = now
    case.save(update_fields=["snoozed_until", "snoozed_by", "snoozed_why", "updated_at"])
    record("case.snoozed", case, at=now, by=by, until=until.isoformat(), why=reason)
    return case
