"""Questions of tier 2 to whoever raised an escalation; the case stays where it is."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from caseward.casework import access
from caseward.casework.models import EscalationQuestion
from caseward.casework.services.judging import running
from caseward.casework.services.recording import record
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.telling import tell
from caseward.core.masking import mask
from caseward.org.models import StaffMember


class NotYoursToAnswer(Exception):
    """Somebody else raised this escalation, or it was answered already."""


@transaction.atomic
def ask_back(*, reference: str, by: StaffMember, text: str, now: datetime) -> EscalationQuestion:
    """Ask whoever raised the running escalation something, without giving the case back.

    Raises:
        NothingToSay: there is no question.
        NotEscalated: no escalation runs, or it is not this person's.
    """
    if not text.strip():
        raise NothingToSay
    case, escalation = running(reference, by)
    question = EscalationQuestion.objects.create(
        escalation=escalation, asked_by=by, asked_at=now, text=mask(text.strip()).text
    )
    record(
        "escalation.asked", case, at=now, by=by,
        escalation_id=escalation.pk, question_id=question.pk, text=question.text,
    )  # fmt: skip
    if escalation.raised_by:
        tell([escalation.raised_by], case, "escalation.asked", nth=question.pk, at=now)
    return question


@transaction.atomic
def answer_question(
    *, reference: str, question_id: int, by: StaffMember, text: str, now: datetime
) -> EscalationQuestion:
    """Answer a question about an escalation one raised.

    Raises:
        access.CaseNotVisible: no such case or question.
        NothingToSay: there is no answer.
        NotYoursToAnswer: somebody else raised it, or it was answered meanwhile.
    """
    case = access.case_to_read(reference=reference, by=by)
    if not text.strip():
        raise NothingToSay
    of_case = EscalationQuestion.objects.filter(pk=question_id, escalation__case=case)
    question = of_case.select_related("escalation").first()
    if question is None:
        raise access.CaseNotVisible(reference)
    if question.escalation.raised_by_id != by.pk or not _write(of_case, by, text, now):
        raise NotYoursToAnswer(reference)
    record(
        "escalation.answered", case, at=now, by=by,
        escalation_id=question.escalation_id, question_id=question.pk,
        text=mask(text.strip()).text,
    )  # fmt: skip
    question.refresh_from_db()
    return question


def _write(
    questions: QuerySet[EscalationQuestion], by: StaffMember, text: str, now: datetime
) -> int:
    """Write the answer unless there is one; return how many rows took it."""
    return questions.filter(answered_at__isnull=True).update(
        answer=mask(text.strip()).text, answered_by=by, answered_at=now
    )
