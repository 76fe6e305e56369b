"""Handing a case on inside its tier: to another line of business or language."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.promising import hold_to_promises
from caseward.casework.services.recording import record
from caseward.casework.services.waking import end_snooze
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.routing import services as routing


@transaction.atomic
def transfer_case(
    *,
    reference: str,
    by: StaffMember,
    lob: LineOfBusiness,
    language: str,
    why: str,
    now: datetime,
    seen: int | None = None,
) -> Case:
    """Hand a case to another line of business or language inside its tier.

    In tier 1 the case stays with its vendor where that vendor serves the new queue; in-house staff
    may hand it to whichever vendor does.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        routing.NowhereToWait: the vendor does not serve that line of business and language.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    queue = routing.queue_of(
        tier=case.tier,
        vendor_id=case.vendor_id if case.tier == 1 else None,
        lob_id=lob.pk,
        language=language,
    )
    end_snooze(case, at=now, because="MOVED", by=by)
    from_lob_id, case.lob, case.language, case.queue = case.lob_id, lob, language, queue
    case.reason = case.reason if case.reason and case.reason.lob_id == lob.pk else None
    case.assignee, case.updated_at = None, now
    record(
        "case.transferred", case, at=now, by=by, from_lob_id=from_lob_id, language=language, why=why
    )
    hold_to_promises(case, at=now, by=by)
    case.save(
        update_fields=["lob", "language", "queue", "reason", "assignee", "updated_at", "urgency"]
    )
    return case
