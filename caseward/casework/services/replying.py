"""Answering the requester, and taking the answer back while it has not left."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, Draft, Message, Outgoing
from caseward.casework.services.assigning.giving import (
    refuse_if_had_a_part,
    refuse_what_is_too_much,
)
from caseward.casework.services.assigning.landing import lands_on
from caseward.casework.services.clocking import hear
from caseward.casework.services.recording import record, refresh_urgency, work_place
from caseward.casework.services.resolving import AlreadyResolved, finish
from caseward.casework.services.silence import refuse_to_disclose
from caseward.casework.services.sorting import sort_back
from caseward.ledger import queries as ledger
from caseward.org.models import StaffMember
from caseward.policy.models import Disposition
from caseward.sla import services as sla
from caseward.sla.models import ClockKind


class NothingToSay(Exception):
    """The text is empty."""


class TooLate(Exception):
    """The reply has left already and cannot be taken back."""


@transaction.atomic
def reply(
    *,
    reference: str,
    by: StaffMember,
    text: str,
    now: datetime,
    undo: timedelta,
    seen: int | None = None,
    is_pending: bool = False,
    disposition: Disposition | None = None,
    language: str = "",
    sorted_before: dict[str, Any] | None = None,
    takes: bool = True,
) -> Message:
    """Answer the requester; then wait for them, resolve, or keep the case.

    Args:
        undo: How long the answer can be taken back before it leaves.
        is_pending: Wait for the requester: clocks are held.
        disposition: Resolve the case with it.
        sorted_before: What macros sorted otherwise, so that taking the answer back undoes it.
        takes: A case that nobody has is the writer's from then on; not where an answer is sent in
            passing, as to many at once.
    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NothingToSay: the answer is empty.
        AlreadyResolved: somebody resolved the case first; nothing was sent.
        CannotTakeIt: nobody has the case and a hard rule keeps it from the writer, or they had a
            part in what it is about.
        MustKeepSilent: it tells of a report of which nothing may be said.
    """
    if not text.strip():
        raise NothingToSay
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if case.is_finished:
        raise AlreadyResolved(reference)
    refuse_to_disclose(case, text, by=by)
    before = {
        "status": case.status, "assignee_id": case.assignee_id, **(sorted_before or {}),
    }  # fmt: skip
    if takes:
        _make_theirs(case, by, now)
    message = _say(case, by, text, language or case.language, now)
    Outgoing.objects.create(
        case=case, message=message, kind=Outgoing.Kind.REPLY, send_after=now + undo
    )
    is_first = case.first_replied_at is None
    met = hear(case, "message.sent", at=now, by=by).met(ClockKind.FIRST_RESPONSE)
    _go_on(case, by, now, is_pending=is_pending)
    record(
        "message.sent",
        case,
        at=now,
        by=by,
        message_id=message.pk,
        is_first=is_first,
        met=met,
        before=before,
        is_pending=is_pending,
        **work_place(by),
    )
    if disposition is not None:
        finish(case, by=by, disposition=disposition, now=now)
    return message


def _say(case: Case, by: StaffMember, text: str, language: str, now: datetime) -> Message:
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.OUTBOUND,
        channel=case.channel,
        at=now,
        author_id=by.pk,
        author_name=by.name,
        text=text.strip(),
        language=language,
    )
    Draft.objects.filter(case=case, staff_id=by.pk).delete()
    return message


def _make_theirs(case: Case, by: StaffMember, now: datetime) -> None:
    """Let whoever answers a case that nobody has work on it, as far as they may."""
    refuse_if_had_a_part(case, by=by)
    if case.assignee_id is None and not by._state.adding:
        refuse_what_is_too_much(case, to=by, now=now)
        case.assignee_id = by.pk


def _go_on(case: Case, by: StaffMember, now: datetime, *, is_pending: bool) -> None:
    case.first_replied_at = case.first_replied_at or now
    case.updated_at = now
    if is_pending:
        case.status = Case.Status.PENDING
        sla.pause_clocks(case_id=case.pk, at=now)
    elif case.status in {Case.Status.NEW, Case.Status.REOPENED, Case.Status.PENDING}:
        case.status = Case.Status.ESCALATED if case.tier == 2 else Case.Status.OPEN
        sla.resume_clocks(case_id=case.pk, at=now)
    refresh_urgency(case)
    case.save(update_fields=["assignee", "first_replied_at", "updated_at", "status", "urgency"])


@transaction.atomic
def take_back_reply(*, message_id: int, by: StaffMember, now: datetime) -> Case:
    """Take back an answer that has not left; case, clocks and draft are as they were before it.

    What its macros did to tags, priority and reason is undone too.

    Raises:
        access.CaseNotVisible: not this person's message.
        TooLate: it has left, or something else has happened on the case since.
    """
    message = Message.objects.filter(pk=message_id, author=by).select_related("case").first()
    if message is None:
        raise access.CaseNotVisible(str(message_id))
    case = _still_changeable(message.case, by)
    sent = _event_of(case, message)
    cancelled = Outgoing.objects.filter(
        message=message, state=Outgoing.State.QUEUED, send_after__gt=now
    ).delete()[0]
    if not cancelled or sent is None:
        raise TooLate(case.reference)
    _put_back(case, sent, by, now)
    _put_clocks_back(case, sent, message.at)
    refresh_urgency(case)
    case.save(update_fields=["urgency"])
    sort_back(reference=case.reference, by=by, before=sent["before"], now=now)
    Draft.objects.update_or_create(
        case=case, staff=by, defaults={"text": message.text, "updated_at": now}
    )
    message.delete()
    record(
        "message.taken_back", case, at=now, by=by, message_id=message_id, is_first=sent["is_first"]
    )
    return case


def _still_changeable(case: Case, by: StaffMember) -> Case:
    try:
        return access.case_to_change(reference=case.reference, by=by)
    except access.NotYoursToChange:
        raise TooLate(case.reference) from None


def _event_of(case: Case, message: Message) -> dict[str, Any] | None:
    """Return what `message.sent` recorded, unless something else has happened since."""
    for event in ledger.timeline(case.pk)[:3]:
        if event.kind == "message.sent" and event.data["message_id"] == message.pk:
            return dict(event.data)
        if event.kind not in {"case.resolved", "case.woken"}:
            return None
    return None


def _put_back(case: Case, sent: dict[str, Any], by: StaffMember, now: datetime) -> None:
    before, was_in_work = sent["before"], case.status in Case.WAITING
    case.status, case.assignee_id = before["status"], before["assignee_id"]
    if not was_in_work and case.status in Case.WAITING:
        case.assignee_id = lands_on(case, case.assignee_id, now=now, by=by)
    case.resolved_at = case.disposition = None
    case.updated_at = now
    if sent["is_first"]:
        case.first_replied_at = None
    case.save(
        update_fields=[
            "status", "assignee", "resolved_at", "disposition", "updated_at", "first_replied_at",
        ]
    )  # fmt: skip


def _put_clocks_back(case: Case, sent: dict[str, Any], at: datetime) -> None:
    """Undo what the answer did to the clocks at `at`, the last thing first."""
    was_pending = case.status == Case.Status.PENDING
    sla.undo_stop(case_id=case.pk, kind=ClockKind.RESOLUTION)
    sla.undo_stop(case_id=case.pk, kind=ClockKind.NEXT_RESPONSE, at=at)
    if sent["is_pending"] and not was_pending:
        sla.undo_pause(case_id=case.pk, at=at)
    if was_pending and not sent["is_pending"]:
        sla.undo_resume(case_id=case.pk, at=at)
    if sent["is_first"]:
        sla.undo_stop(case_id=case.pk, kind=ClockKind.FIRST_RESPONSE)
