"""What a case is: its priority, its reason, its tags."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.clocking import look_at_law
from caseward.casework.services.recording import record, refresh_urgency
from caseward.org.models import StaffMember
from caseward.policy.models import Reason
from caseward.sla import services as sla

MOST_TAGS = 20


@transaction.atomic
def change_priority(*, reference: str, by: StaffMember, priority: int, now: datetime) -> Case:
    """Change how urgent a case is; its running clocks are held to the promises of that priority."""
    case = access.case_to_change(reference=reference, by=by)
    if case.priority == priority:
        return case
    before, case.priority, case.updated_at = case.priority, priority, now
    sla.restart_under(case_id=case.pk, lob_id=case.lob_id, priority=priority)
    refresh_urgency(case)
    case.save(update_fields=["priority", "urgency", "updated_at"])
    record("case.prioritised", case, at=now, by=by, before=before, after=priority)
    return case


@transaction.atomic
def change_reason(*, reference: str, by: StaffMember, reason: Reason, now: datetime) -> Case:
    """Say what a case is about.

    Raises:
        ValueError: the reason belongs to another line of business; transfer the case instead.
    """
    case = access.case_to_change(reference=reference, by=by)
    if reason.lob_id != case.lob_id:
        raise ValueError(f"{reason.key} is no reason of line of business {case.lob_id}")
    before, case.reason, case.updated_at = case.reason_id, reason, now
    case.save(update_fields=["reason", "updated_at"])
    record("case.recognised", case, at=now, by=by, before=before, reason_id=reason.pk)
    _find_laws(case, by, now)
    return case


@transaction.atomic
def set_tags(*, reference: str, by: StaffMember, tags: Iterable[str], now: datetime) -> Case:
    """Replace the tags of a case: lower case, each once, at most 20 of at most 40 characters."""
    case = access.case_to_change(reference=reference, by=by)
    clean = list(dict.fromkeys(tag.strip().lower()[:40] for tag in tags if tag.strip()))[:MOST_TAGS]
    if clean != case.tags:
        case.tags, case.updated_at = clean, now
        case.save(update_fields=["tags", "updated_at"])
        record("case.tagged", case, at=now, by=by, tags=clean)
        _find_laws(case, by, now)
    return case


def _find_laws(case: Case, by: StaffMember, now: datetime) -> None:
    if look_at_law(case, at=now, by=by):
        refresh_urgency(case)
        case.save(update_fields=["urgency"])
