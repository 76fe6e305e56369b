"""Letting a case wait elsewhere: in another queue of its work, or in somebody's hands."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.assigning.giving import assign_case
from caseward.casework.services.promising import hold_to_promises
from caseward.casework.services.recording import record, refresh_urgency
from caseward.casework.services.waking import end_snooze
from caseward.org.models import StaffMember
from caseward.routing.models import Queue


@transaction.atomic
def move_case(
    *,
    reference: str,
    by: StaffMember,
    why: str,
    now: datetime,
    to_queue: Queue | None = None,
    to_staff: StaffMember | None = None,
    seen: int | None = None,
) -> Case:
    """Move a case to a queue, or to a person; exactly one of them is given.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        CannotTakeIt: a hard rule speaks against the person.
    """
    if (to_queue is None) == (to_staff is None):
        raise ValueError("expected either a queue or a person, got both or neither")
    if to_staff is not None:
        return assign_case(
            reference=reference, to=to_staff, by=by, now=now, override_reason=why, seen=seen
        )
    assert to_queue is not None
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    put_into_queue(case, to_queue, by=by, why=why, now=now)
    return case


def put_into_queue(
    case: Case, queue: Queue, *, by: StaffMember | None, why: str, now: datetime, rule: str = ""
) -> None:
    """Let a case wait in another queue, whose vendor has it from now on; its row is locked.

    A case that goes to tier 2 keeps the vendor it came from, as an escalated one does. In another
    line of business it has no reason yet, and its clocks are held to the promises made there.
    """
    end_snooze(case, at=now, because="MOVED", by=by)
    from_queue_id, from_lob_id, from_tier = case.queue_id, case.lob_id, case.tier
    case.queue, case.tier, case.lob_id = queue, queue.tier, queue.lob_id
    case.vendor_id, case.language = queue.vendor_id or case.vendor_id, queue.language
    case.assignee, case.updated_at = None, now
    if case.lob_id != from_lob_id:
        case.reason = None
        hold_to_promises(case, at=now, by=by)
    elif case.tier != from_tier:
        refresh_urgency(case)
    case.save(
        update_fields=[
            "queue", "tier", "lob", "vendor", "language", "reason", "assignee", "urgency",
            "updated_at",
        ]
    )  # fmt: skip
    about = {"rule": rule} if rule else {}
    record(
        "case.moved",
        case,
        at=now,
        by=by,
        from_queue_id=from_queue_id,
        to_queue_id=queue.pk,
        why=why,
        **about,
    )
