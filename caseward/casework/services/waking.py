"""Showing a snoozed case again: its time has come, the requester wrote, or somebody went on."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.recording import record
from caseward.org.models import StaffMember


@transaction.atomic
def wake_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Show a case again before its time; waking one that is awake changes nothing."""
    case = access.case_to_change(reference=reference, by=by)
    end_snooze(case, at=now, because="HAND", by=by)
    return case


@transaction.atomic
def wake_due(*, now: datetime, at_most: int = 200) -> int:
    """Show the cases again whose time has come; return how many."""
    due = Case.objects.filter(snoozed_until__lte=now).order_by("snoozed_until", "pk")
    cases = list(due.select_for_update(skip_locked=True)[:at_most])
    # Chains in one order, so that two who write to several cannot wait for each other.
    for case in sorted(cases, key=lambda case: case.pk):
        end_snooze(case, at=now, because="TIME")
    return len(cases)


def end_snooze(case: Case, *, at: datetime, because: str, by: StaffMember | None = None) -> None:
    """Show a case again whose row is locked already; nothing happens to one that is awake.

    Args:
        because: `TIME`, `HAND`, `MESSAGE` (the requester wrote), or `MOVED` (somebody went on
            with the case).
    """
    if case.snoozed_until is None:
        return
    case.snoozed_until, case.snoozed_by, case.snoozed_why = None, None, ""
    case.save(update_fields=["snoozed_until", "snoozed_by", "snoozed_why"])
    record("case.woken", case, at=at, by=by, because=because)
