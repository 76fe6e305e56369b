"""What escalations write (`casework.services.escalating` and `judging`)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from caseward.casework.models import Case, Escalation
from caseward.casework.services.escalating import PICKED_UP_WITHIN
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, row, work_place
from caseward.policy.escalation_templates import facts_of
from caseward.routing import services as routing

if TYPE_CHECKING:
    from caseward.jobs.demo.world import Member


def escalate(book: Book, act: acts.Escalate) -> None:
    case, lob_id = book.case, act.lob_id or book.case.lob_id
    escalation = row(
        Escalation,
        id=book.registry.of("escalation"),
        case_id=case.pk,
        from_lob_id=case.lob_id,
        to_lob_id=lob_id,
        kind=Escalation.Kind.LOB if act.lob_id else Escalation.Kind.TIER_2,
        pickup_due_at=act.at + PICKED_UP_WITHIN,
        raised_by_id=act.by.id,
        raised_at=act.at,
        why=act.why.strip(),
        tried=act.tried.strip(),
        asked=[fact.stored() for fact in facts_of(case.lob_id, case.reason_id)],
        facts=dict(act.facts),
        handover=act.handover,
    )
    book.escalations.append(escalation)
    book.record(
        "case.escalated",
        act.at,
        act.by,
        escalation_id=escalation.pk,
        escalation_kind=escalation.kind,
        why=escalation.why,
        tried=escalation.tried,
        to_lob_id=lob_id,
        to_staff_id=None,
        incident_id=None,
        pickup_due_at=(act.at + PICKED_UP_WITHIN).isoformat(),
        **work_place(act.by),
    )
    _move(book, act.at, tier=2, lob_id=lob_id, status=Case.Status.ESCALATED)


def _move(book: Book, at: datetime, *, tier: int, lob_id: int, status: str) -> None:
    case = book.case
    queue = routing.queue_of(
        tier=tier,
        vendor_id=case.vendor_id if tier == 1 else None,
        lob_id=lob_id,
        language=case.language,
    )
    case.queue_id, case.tier, case.lob_id, case.status = queue.pk, tier, lob_id, status
    case.assignee_id, case.updated_at = None, at


def accept(book: Book, act: acts.Accept) -> None:
    escalation = _running(book)
    escalation.accepted_by_id, escalation.accepted_at = act.by.id, act.at
    book.case.assignee_id, book.case.updated_at = act.by.id, act.at
    book.record("escalation.accepted", act.at, act.by, escalation_id=escalation.pk)


def settle(book: Book, act: acts.Settle) -> None:
    escalation = _judged(book, act, Escalation.Outcome.SETTLED)
    book.case.assignee_id, book.case.updated_at = book.case.assignee_id or act.by.id, act.at
    _record(book, "escalation.settled", escalation, act.at, act.by)


def return_(book: Book, act: acts.Return) -> None:
    escalation = _judged(book, act, Escalation.Outcome.RETURNED)
    _move(book, act.at, tier=1, lob_id=escalation.from_lob_id, status=Case.Status.OPEN)
    book.case.assignee_id = escalation.raised_by_id
    back = {"to_tier": 1, "to_id": escalation.raised_by_id}
    _record(book, "escalation.returned", escalation, act.at, act.by, **back)


def _judged(book: Book, act: acts.Settle | acts.Return, outcome: str) -> Escalation:
    escalation = _running(book)
    escalation.accepted_by_id = escalation.accepted_by_id or act.by.id
    escalation.accepted_at = escalation.accepted_at or act.at
    escalation.ended_at, escalation.outcome = act.at, outcome
    escalation.verdict, escalation.verdict_note = act.verdict, act.note.strip()
    escalation.quality, escalation.quality_note = act.quality, act.quality_note
    return escalation


def _running(book: Book) -> Escalation:
    escalation = book.running_escalation
    if escalation is None:
        raise ValueError(f"expected a running escalation on {book.case.reference}")
    return escalation


def _record(
    book: Book, kind: str, escalation: Escalation, at: datetime, by: "Member", **more: Any
) -> None:
    book.record(
        kind,
        at,
        by,
        escalation_id=escalation.pk,
        verdict=escalation.verdict,
        note=escalation.verdict_note,
        quality=escalation.quality,
        quality_note=escalation.quality_note,
        raised_by_id=escalation.raised_by_id,
        **more,
    )
