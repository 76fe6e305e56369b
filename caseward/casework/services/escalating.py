"""From tier 1 to tier 2 and back, with a verdict on whether it was needed."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, Escalation
from caseward.casework.services.recording import record
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.waking import end_snooze
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.routing import services as routing


class AlreadyEscalated(Exception):
    """The case is with tier 2 already."""


class NotEscalated(Exception):
    """The case has no running escalation, or it is not this person's to judge."""


@transaction.atomic
def escalate_case(
    *,
    reference: str,
    by: StaffMember,
    why: str,
    tried: str,
    now: datetime,
    seen: int | None = None,
    lob: LineOfBusiness | None = None,
) -> Escalation:
    """Hand a case to tier 2, saying why and what was tried.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NothingToSay: the reason or what was tried is missing.
        AlreadyEscalated: tier 2 has it.
        routing.NowhereToWait: tier 2 has no queue for it.
    """
    if not why.strip() or not tried.strip():
        raise NothingToSay
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if case.tier == 2 or case.is_finished:
        raise AlreadyEscalated(reference)
    escalation = Escalation.objects.create(
        case=case,
        from_lob_id=case.lob_id,
        raised_by=by,
        raised_at=now,
        why=why.strip(),
        tried=tried.strip(),
    )
    # Recorded first: once the case is in tier 2, its vendor's staff may read but not change it.
    record(
        "case.escalated",
        case,
        at=now,
        by=by,
        escalation_id=escalation.pk,
        why=escalation.why,
        tried=escalation.tried,
        to_lob_id=lob.pk if lob else case.lob_id,
        team_id=by.team_id,
        site_id=by.site_id,
    )
    _move(
        case, tier=2, lob_id=lob.pk if lob else case.lob_id, status=Case.Status.ESCALATED, now=now
    )
    return escalation


def _move(case: Case, *, tier: int, lob_id: int, status: str, now: datetime) -> None:
    end_snooze(case, at=now, because="MOVED")
    case.queue = routing.queue_of(
        tier=tier,
        vendor_id=case.vendor_id if tier == 1 else None,
        lob_id=lob_id,
        language=case.language,
    )
    case.tier, case.lob_id, case.status = tier, lob_id, status
    case.assignee, case.updated_at = None, now
    case.save(update_fields=["queue", "tier", "lob", "status", "assignee", "updated_at"])


@transaction.atomic
def accept_escalation(*, reference: str, by: StaffMember, now: datetime) -> Escalation:
    """Take an escalated case to settle or return it. Accepting twice changes nothing."""
    case, escalation = _running(reference, by)
    if escalation.accepted_by_id == by.pk:
        return escalation
    escalation.accepted_by, escalation.accepted_at = by, now
    escalation.save(update_fields=["accepted_by", "accepted_at"])
    end_snooze(case, at=now, because="MOVED", by=by)
    case.assignee, case.updated_at = by, now
    case.save(update_fields=["assignee", "updated_at"])
    record("escalation.accepted", case, at=now, by=by, escalation_id=escalation.pk)
    return escalation


@transaction.atomic
def settle_escalation(
    *, reference: str, by: StaffMember, verdict: str, note: str, now: datetime
) -> Escalation:
    """Judge an escalation and keep the case in tier 2, to be answered there."""
    case, escalation = _running(reference, by)
    _judge(escalation, by, Escalation.Outcome.SETTLED, verdict, note, now)
    case.assignee, case.updated_at = case.assignee or by, now
    case.save(update_fields=["assignee", "updated_at"])
    record("escalation.settled", case, at=now, by=by, **_facts(escalation))
    return escalation


@transaction.atomic
def return_escalation(
    *, reference: str, by: StaffMember, verdict: str, note: str, now: datetime
) -> Escalation:
    """Judge an escalation and give the case back to whoever raised it, with a note what to do.

    Raises:
        NothingToSay: tier 1 is not told what to do.
        NotEscalated: nothing to return, or the case never had a tier 1.
    """
    if not note.strip():
        raise NothingToSay
    case, escalation = _running(reference, by)
    if case.vendor_id is None:
        raise NotEscalated(reference)
    _judge(escalation, by, Escalation.Outcome.RETURNED, verdict, note, now)
    _move(case, tier=1, lob_id=escalation.from_lob_id, status=Case.Status.OPEN, now=now)
    if escalation.raised_by and escalation.raised_by.is_active:
        case.assignee = escalation.raised_by
        case.save(update_fields=["assignee"])
    record("escalation.returned", case, at=now, by=by, **_facts(escalation))
    return escalation


def _running(reference: str, by: StaffMember) -> tuple[Case, Escalation]:
    case = access.case_to_change(reference=reference, by=by)
    running = case.escalations.filter(ended_at__isnull=True).select_related("raised_by").first()
    if running is None or by.vendor_id:
        raise NotEscalated(reference)
    return case, running


def _judge(
    escalation: Escalation, by: StaffMember, outcome: str, verdict: str, note: str, now: datetime
) -> None:
    escalation.accepted_by = escalation.accepted_by or by
    escalation.accepted_at = escalation.accepted_at or now
    escalation.ended_at, escalation.outcome = now, outcome
    escalation.verdict, escalation.verdict_note = Escalation.Verdict(verdict), note.strip()
    escalation.save()


def _facts(escalation: Escalation) -> dict[str, object]:
    return {
        "escalation_id": escalation.pk,
        "verdict": escalation.verdict,
        "note": escalation.verdict_note,
        "raised_by_id": escalation.raised_by_id,
    }
