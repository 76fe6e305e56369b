"""Deciding how a case goes on that has been open for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, CaseReview
from caseward.casework.services.assigning import transfer_case
from caseward.casework.services.escalating import escalate_case
from caseward.casework.services.recording import record
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.resolving import AlreadyResolved, resolve_case
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy.models import Disposition

LONGEST = timedelta(days=60)


class LookAgainWhen(Exception):
    """A kept case names no moment to look at it again, one that is past, or one too far away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What was decided; `look_again_at` is for a case that is kept, the rest for the others."""

    outcome: str
    next_step: str
    look_again_at: datetime | None = None
    disposition: Disposition | None = None
    lob: LineOfBusiness | None = None
    language: str = ""


@transaction.atomic
def review_case(
    *, reference: str, by: StaffMember, review: Review, now: datetime, seen: int | None = None
) -> CaseReview:
    """Keep a case with a next step, or escalate, move or resolve it; leave a trace of either.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NothingToSay: no next step, or nothing that says why.
        LookAgainWhen: see there.
        AlreadyResolved: nothing is left to decide.
        And what escalating, transferring and resolving raise.
    """
    if not review.next_step.strip():
        raise NothingToSay
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if case.is_finished:
        raise AlreadyResolved(reference)
    again_at = _look_again_at(review, now)
    made = CaseReview.objects.create(
        case=case,
        reviewer=by,
        at=now,
        outcome=review.outcome,
        next_step=review.next_step.strip(),
        look_again_at=again_at,
    )
    record(
        "case.reviewed",
        case,
        at=now,
        by=by,
        outcome=made.outcome,
        next_step=made.next_step,
        look_again_at=again_at.isoformat() if again_at else None,
    )
    _go_on(case, by, review, now)
    return made


def _look_again_at(review: Review, now: datetime) -> datetime | None:
    if review.outcome != CaseReview.Outcome.KEPT:
        return None
    at = review.look_again_at
    if at is None or not now < at <= now + LONGEST:
        raise LookAgainWhen(at)
    return at


def _go_on(case: Case, by: StaffMember, review: Review, now: datetime) -> None:
    step, outcomes = review.next_step.strip(), CaseReview.Outcome
    if review.outcome == outcomes.ESCALATED:
        escalate_case(reference=case.reference, by=by, why=step, tried=step, facts={}, now=now)
    elif review.outcome == outcomes.MOVED:
        transfer_case(
            reference=case.reference,
            by=by,
            lob=review.lob or case.lob,
            language=review.language or case.language,
            why=step,
            now=now,
        )
    elif review.outcome == outcomes.RESOLVED and review.disposition is not None:
        resolve_case(reference=case.reference, by=by, disposition=review.disposition, now=now)
