"""A further message from the requester: the case goes on where it stood."""

from datetime import datetime

from django.db import transaction

from caseward.casework.models import Case, Message, MessageOriginal
from caseward.casework.services.assigning.landing import land
from caseward.casework.services.clocking import hear
from caseward.casework.services.recording import record, refresh_urgency
from caseward.casework.services.resolving import open_again
from caseward.casework.services.waking import end_snooze
from caseward.core.direction import without_direction_marks
from caseward.core.masking import mask
from caseward.sla import services as sla


@transaction.atomic
def receive_message(
    *,
    case_id: int,
    channel: str,
    text: str,
    now: datetime,
    quoted: str = "",
    html: str = "",
    language: str = "",
    author_name: str = "",
    is_automatic: bool = False,
    problem: str = "",
) -> Message:
    """Add what the requester said; wake the case unless a machine said it.

    A pending case is open again and its clocks run on; a finished one is reopened. Whoever had it
    has it again, or it waits (`assigning.landing`). A message to a merged case is added to the case
    it was merged into.
    """
    case = _final(case_id)
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.INBOUND,
        channel=channel,
        at=now,
        author_name=mask(without_direction_marks(author_name)).text[:120],
        text=mask(text).text,
        quoted=mask(quoted).text if quoted else "",
        language=language or case.language,
        has_html=bool(html),
        is_automatic=is_automatic,
        problem=problem[:200],
    )
    MessageOriginal.objects.create(message=message, text=text, html=html)
    record(
        "message.received",
        case,
        at=now,
        message_id=message.pk,
        channel=channel,
        is_automatic=is_automatic,
    )
    if not is_automatic:
        _wake(case, now)
    return message


def _final(case_id: int) -> Case:
    """Lock the case that goes on, and no duplicate of it: a merge locks in another order."""
    while (case := _locked_unless_merged(_goes_on_as(case_id))) is None:
        pass
    return case


def _goes_on_as(case_id: int) -> int:
    while merged := Case.objects.values_list("merged_into_id", flat=True).get(pk=case_id):
        case_id = merged
    return case_id


def _locked_unless_merged(case_id: int) -> Case | None:
    """Lock a case; if it was merged while we waited, let its lock go again."""
    savepoint = transaction.savepoint_create()
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.merged_into_id is None:
        transaction.savepoint_commit(savepoint)
        return case
    transaction.savepoint_rollback(savepoint)
    return None


def _wake(case: Case, now: datetime) -> None:
    if case.is_finished:
        open_again(case, now=now)
    elif case.status == Case.Status.PENDING:
        case.status = Case.Status.ESCALATED if case.tier == 2 else Case.Status.OPEN
        land(case, now=now)
        sla.resume_clocks(case_id=case.pk, at=now)
        refresh_urgency(case)
        record("case.resumed", case, at=now)
    if hear(case, "message.received", at=now).started:
        refresh_urgency(case)
    end_snooze(case, at=now, because="MESSAGE")
    case.updated_at = now
    case.save(update_fields=["status", "urgency", "updated_at"])
