"""The worksheet of an emergency: one person fills it in, another approves; what was disclosed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from caseward.casework.models import Case, Disclosure, Emergency, Worksheet
from caseward.casework.services.recording import record, record_in_house
from caseward.casework.services.replying import NothingToSay
from caseward.org.models import StaffMember

QUESTIONS = ("who", "where", "what", "when", "why_imminent", "what_data", "legal_basis")
TO_DISCLOSE = QUESTIONS  # every question, before anything leaves
TO_DECIDE = ("what", "why_imminent")  # where nothing is disclosed


class Unanswered(Exception):
    """The worksheet lacks answers; `questions` names them."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class DecidedAlready(Exception):
    """Two people decided; the worksheet stays as it is."""


class NeedsAnotherPerson(Exception):
    """Whoever filled in the worksheet cannot approve it."""


class RewrittenMeanwhile(Exception):
    """The worksheet is not what the second person read; nothing was approved."""


class NotDecided(Exception):
    """Nothing may be disclosed, or ended, before two people have decided so."""


@transaction.atomic
def fill_in(
    *, emergency_id: int, by: StaffMember, answers: Mapping[str, str], decision: str, now: datetime
) -> Worksheet:
    """Keep the answers and the proposed decision; whoever writes last needs another's approval.

    Raises:
        DecidedAlready: it was approved, and stays as it is.
    """
    emergency = _locked(emergency_id)
    sheet = Worksheet.objects.select_for_update().get(pk=emergency.pk)
    if sheet.approved_by_id:
        raise DecidedAlready(emergency_id)
    for question in QUESTIONS:
        setattr(sheet, question, answers.get(question, "").strip())
    sheet.decision = Worksheet.Decision(decision) if decision else ""
    sheet.drafted_by, sheet.drafted_at = by, now
    sheet.save()
    record_in_house(
        "emergency.drafted", emergency.case, at=now, by=by,
        emergency_id=emergency.pk, decision=sheet.decision,
    )  # fmt: skip
    return sheet


def unanswered(sheet: Worksheet) -> list[str]:
    """Return the questions that the proposed decision still needs answered."""
    needed = TO_DISCLOSE if sheet.decision in Worksheet.DISCLOSING else TO_DECIDE
    return [question for question in needed if not getattr(sheet, question)]


@transaction.atomic
def approve(
    *, emergency_id: int, by: StaffMember, now: datetime, read: datetime | None = None
) -> Emergency:
    """Decide as the worksheet proposes, as the second person.

    Args:
        read: When the draft that the person read was written; None where that does not matter.
    Raises:
        RewrittenMeanwhile: it was written anew since.
        NotDecided: no decision is proposed yet.
        Unanswered: questions are open.
        NeedsAnotherPerson: they filled it in themselves.
        DecidedAlready: it was approved before.
    """
    emergency = _locked(emergency_id)
    sheet = Worksheet.objects.select_for_update().get(pk=emergency.pk)
    if sheet.approved_by_id:
        raise DecidedAlready(emergency_id)
    if not sheet.decision:
        raise NotDecided(emergency_id)
    if sheet.drafted_by_id == by.pk:
        raise NeedsAnotherPerson(by.key)
    if open_questions := unanswered(sheet):
        raise Unanswered(open_questions)
    if read is not None and read != sheet.drafted_at:
        raise RewrittenMeanwhile(emergency_id)
    sheet.approved_by, sheet.approved_at = by, now
    sheet.save(update_fields=["approved_by", "approved_at"])
    emergency.state = Emergency.State.DECIDED
    emergency.save(update_fields=["state"])
    record_in_house(
        "emergency.decided", emergency.case, at=now, by=by,
        emergency_id=emergency.pk, decision=sheet.decision, drafted_by_id=sheet.drafted_by_id,
        met=now <= emergency.decision_due_at,
    )  # fmt: skip
    return emergency


@transaction.atomic
def disclose(
    *, emergency_id: int, by: StaffMember, agency: str, contact: str, what_data: str, now: datetime
) -> Disclosure:
    """Write down what was given to an agency; the entry can never be changed.

    Raises:
        NothingToSay: the agency, its contact or the data is missing.
        NotDecided: two people have not decided to disclose.
    """
    if not (agency.strip() and contact.strip() and what_data.strip()):
        raise NothingToSay
    emergency = _locked(emergency_id)
    sheet = Worksheet.objects.get(pk=emergency.pk)
    if sheet.approved_by_id is None or sheet.decision not in Worksheet.DISCLOSING:
        raise NotDecided(emergency_id)
    other = sheet.drafted_by_id if sheet.approved_by_id == by.pk else sheet.approved_by_id
    assert other is not None  # an approved worksheet names both, a constraint sees to it
    entry = Disclosure.objects.create(
        emergency=emergency,
        agency=agency.strip(),
        contact=contact.strip(),
        what_data=what_data.strip(),
        legal_basis=sheet.legal_basis,
        disclosed_at=now,
        disclosed_by=by,
        approved_by_id=other,
    )
    record_in_house(
        "emergency.disclosed", emergency.case, at=now, by=by,
        emergency_id=emergency.pk, disclosure_id=entry.pk, agency=entry.agency,
        approved_by_id=other,
    )  # fmt: skip
    return entry


@transaction.atomic
def end_emergency(*, emergency_id: int, by: StaffMember, now: datetime) -> Emergency:
    """End a decided emergency; its case is worked on as any other, but never closed by itself.

    Raises:
        NotDecided: two people have to decide first.
    """
    emergency = _locked(emergency_id)
    if emergency.state != Emergency.State.DECIDED:
        raise NotDecided(emergency_id)
    emergency.state, emergency.ended_at = Emergency.State.ENDED, now
    emergency.save(update_fields=["state", "ended_at"])
    record("emergency.ended", emergency.case, at=now, by=by, emergency_id=emergency.pk)
    return emergency


def _locked(emergency_id: int) -> Emergency:
    """Return a running emergency, its case's row locked first and then its own."""
    known = Emergency.objects.get(pk=emergency_id)
    Case.objects.select_for_update().get(pk=known.case_id)
    running = Emergency.objects.select_related("case").filter(state__in=Emergency.RUNNING)
    return running.select_for_update(of=("self",)).get(pk=emergency_id)
