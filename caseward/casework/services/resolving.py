"""The final answer, its closing after a while, and opening again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef

from caseward.casework import access
from caseward.casework.emergency.history import had_emergency
from caseward.casework.models import Case, Draft
from caseward.casework.services.assigning.giving import refuse_if_had_a_part
from caseward.casework.services.assigning.landing import land
from caseward.casework.services.clocking import hear
from caseward.casework.services.playbook import refuse_if_blocked
from caseward.casework.services.recording import record, refresh_urgency, urgency_of, work_place
from caseward.casework.services.waking import end_snooze
from caseward.org.models import StaffMember
from caseward.policy.models import Disposition
from caseward.sla import services as sla
from caseward.sla.models import ClockKind


class AlreadyResolved(Exception):
    """The case was resolved before this request arrived; nothing was changed."""


class NotResolved(Exception):
    """The case is not resolved, so it cannot be opened again."""


@transaction.atomic
def resolve_case(
    *,
    reference: str,
    by: StaffMember,
    disposition: Disposition,
    now: datetime,
    seen: int | None = None,
) -> Case:
    """Give the case its disposition, stop its clocks, leave a trace.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        AlreadyResolved: somebody got there first; nothing was changed.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    finish(case, by=by, disposition=disposition, now=now)
    return case


def finish(case: Case, *, by: StaffMember, disposition: Disposition, now: datetime) -> None:
    """Resolve a case whose row is locked already; its playbook may still stand in the way."""
    if case.is_finished:
        raise AlreadyResolved(case.reference)
    refuse_if_had_a_part(case, by=by)
    refuse_if_blocked(case, disposition, by=by)
    end_snooze(case, at=now, because="MOVED", by=by)
    case.status, case.resolved_at = Case.Status.RESOLVED, now
    case.disposition, case.updated_at = disposition, now
    case.assignee_id = case.assignee_id or by.pk
    clocks = hear(case, "case.resolved", at=now, by=by)
    case.urgency = urgency_of(None, case.priority)
    case.save(
        update_fields=[
            "status", "resolved_at", "disposition", "assignee", "urgency", "updated_at",
        ]
    )  # fmt: skip
    Draft.objects.filter(case=case, staff_id=by.pk).delete()
    record(
        "case.resolved",
        case,
        at=now,
        by=by,
        disposition_id=disposition.pk,
        met=clocks.met(ClockKind.RESOLUTION),
        first_met=clocks.met(ClockKind.FIRST_RESPONSE),
        **work_place(by),
    )


@transaction.atomic
def reopen_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Open a resolved case again by hand.

    Raises:
        NotResolved: there is nothing to open again.
    """
    case = access.case_to_change(reference=reference, by=by)
    if not case.is_finished or case.merged_into_id:
        raise NotResolved(reference)
    open_again(case, now=now, by=by)
    case.save(update_fields=["status", "urgency", "updated_at"])
    return case


def open_again(case: Case, *, now: datetime, by: StaffMember | None = None) -> None:
    """Make a finished case wait again with its promise running on; the caller saves `status`."""
    case.status, case.resolved_at, case.disposition = Case.Status.REOPENED, None, None
    case.reopened_count += 1
    case.updated_at = now
    land(case, now=now, by=by)
    sla.start_clock_again(case_id=case.pk, kind=ClockKind.RESOLUTION, at=now)
    refresh_urgency(case)
    case.save(update_fields=["status", "resolved_at", "disposition", "reopened_count"])
    record("case.reopened", case, at=now, by=by, deadline=_deadline(case))


def _deadline(case: Case) -> str | None:
    due_at = sla.tightest_deadline(case.pk)
    return due_at.isoformat() if due_at else None


@transaction.atomic
def close_resolved_cases(*, now: datetime, after: timedelta, at_most: int = 200) -> int:
    """Close cases that have been resolved for `after`; return how many."""
    due = Case.objects.filter(status=Case.Status.RESOLVED, resolved_at__lte=now - after)
    due = due.exclude(had_emergency(OuterRef("pk")))  # those a person closes
    cases = list(due.select_for_update(skip_locked=True).order_by("resolved_at", "pk")[:at_most])
    for case in cases:
        case.status, case.updated_at = Case.Status.CLOSED, now
        case.save(update_fields=["status", "updated_at"])
        record("case.closed", case, at=now)
    return len(cases)
