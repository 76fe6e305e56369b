"""Asking colleagues for help on a case that stays in one's own hands."""

from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, HelpRequest, Message
from caseward.casework.services.recording import record, record_in_house
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.telling import group_of, tell
from caseward.core.masking import mask
from caseward.org.models import LineOfBusiness, StaffMember

MOST_OPEN = 5  # on one case at once: beyond, a person should talk


class CannotHelp(Exception):
    """Whoever was asked works for another vendor, does not work here, or is oneself."""


class AskedEnough(Exception):
    """Several questions are open on this case already."""


class HelpIsOver(Exception):
    """The request was answered, declined or withdrawn meanwhile."""


@transaction.atomic
def ask_for_help(
    *,
    reference: str,
    by: StaffMember,
    question: str,
    now: datetime,
    to: StaffMember | None = None,
    lob: LineOfBusiness | None = None,
    language: str = "",
) -> HelpRequest:
    """Ask one colleague, or everybody in-house with a line of business and a language.

    Until it is answered, whoever is asked may read the case and write notes on it. A vendor's
    staff ask their own people, or those in-house as a group.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NothingToSay: there is no question.
        CannotHelp: see there.
        AskedEnough: five are open.
    """
    if not question.strip():
        raise NothingToSay
    case = access.case_to_read(reference=reference, by=by)
    if (to is None) == (lob is None) or (to is not None and not may_help(case, by, to)):
        raise CannotHelp(reference)
    if case.help_requests.filter(state=HelpRequest.State.OPEN).count() >= MOST_OPEN:
        raise AskedEnough(reference)
    asked = HelpRequest.objects.create(
        case=case, asked_by=by, asked_at=now, question=mask(question.strip()).text,
        to_staff=to, to_lob=lob, to_language=language if lob else "",
    )  # fmt: skip
    _leave_trace(
        "help.asked", asked, now, by,
        help_id=asked.pk, to_id=to.pk if to else None, to_name=to.name if to else "",
        to_lob_id=asked.to_lob_id, language=asked.to_language,
    )  # fmt: skip
    whom = [to] if to else group_of(asked.to_lob_id or 0, asked.to_language)
    others = [person for person in whom if person.pk != by.pk]
    tell(others, case, "help.asked", nth=asked.pk, at=now)
    return asked


def may_help(case: Case, by: StaffMember, to: StaffMember) -> bool:
    """Say whether somebody may be asked by name: a colleague of one's vendor, or in-house."""
    if to.pk == by.pk or not to.is_active:
        return False
    if by.vendor_id:
        return to.vendor_id == by.vendor_id
    return to.vendor_id in {None, case.vendor_id}


@transaction.atomic
def answer_help(*, help_id: int, by: StaffMember, answer: str, now: datetime) -> HelpRequest:
    """Answer: a note on the case, read by whoever asked; the case stays where it is.

    Asked by a vendor's staff member, the note is for the vendor too; else it stays in-house.

    Raises:
        access.CaseNotVisible: no such request, or not for this person.
        NothingToSay: there is no answer.
        HelpIsOver: somebody answered, or it was withdrawn.
    """
    request = _request(help_id, by)
    if not answer.strip():
        raise NothingToSay
    _end(request, HelpRequest.State.ANSWERED, by, now, mask(answer.strip()).text)
    case, stays = request.case, request.asked_by.vendor_id is None and by.vendor_id is None
    note = Message.objects.create(
        case=case, direction=Message.Direction.NOTE, channel=Case.Channel.INTERNAL, at=now,
        author=by, author_name=by.name, text=request.answer, language="en", in_house_only=stays,
    )  # fmt: skip
    leave_trace = record_in_house if stays else record
    leave_trace("help.answered", case, at=now, by=by, help_id=request.pk, message_id=note.pk)
    tell([request.asked_by], case, "help.answered", nth=request.pk, at=now)
    return request


@transaction.atomic
def decline_help(*, help_id: int, by: StaffMember, why: str, now: datetime) -> HelpRequest:
    """Say that one cannot help, and why if one likes; a group's request stays open for the others.

    Raises:
        access.CaseNotVisible, HelpIsOver: as for `answer_help`.
        CannotHelp: the request is for a group; whoever cannot answer leaves it to the others.
    """
    request = _request(help_id, by)
    if request.to_staff_id is None:
        raise CannotHelp(help_id)
    _end(request, HelpRequest.State.DECLINED, by, now, mask(why.strip()).text)
    _leave_trace("help.declined", request, now, by, help_id=request.pk, why=request.answer)
    return request


@transaction.atomic
def withdraw_help(*, help_id: int, by: StaffMember, now: datetime) -> HelpRequest:
    """Take a question back; whoever was asked no longer sees the case for it.

    Raises:
        access.CaseNotVisible: somebody else asked.
        HelpIsOver: it was answered meanwhile.
    """
    mine = HelpRequest.objects.filter(pk=help_id, asked_by=by)
    request = mine.select_related("case", "to_staff").first()
    if request is None:
        raise access.CaseNotVisible(str(help_id))
    _end(request, HelpRequest.State.WITHDRAWN, by, now, "")
    _leave_trace("help.withdrawn", request, now, by, help_id=request.pk)
    return request


def _leave_trace(
    kind: str, request: HelpRequest, now: datetime, by: StaffMember, **data: Any
) -> None:
    """Record what became of a question; what people in-house ask each other stays there."""
    is_vendors = by.vendor_id or any(
        one.vendor_id for one in (request.asked_by, request.to_staff) if one
    )
    write = record if is_vendors else record_in_house
    write(kind, request.case, at=now, by=by, **data)


def _request(help_id: int, by: StaffMember) -> HelpRequest:
    mine = HelpRequest.objects.filter(access.asked_to_help(by), pk=help_id)
    request = mine.select_related("case", "asked_by", "to_staff").first()
    if request is None:
        raise access.CaseNotVisible(str(help_id))
    return request


def _end(request: HelpRequest, state: str, by: StaffMember, now: datetime, answer: str) -> None:
    """End a request unless somebody has: one conditional update, so the second changes nothing."""
    ended = HelpRequest.objects.filter(pk=request.pk, state=HelpRequest.State.OPEN).update(
        state=state, ended_by=by, ended_at=now, answer=answer
    )
    if not ended:
        raise HelpIsOver(request.pk)
    request.state, request.ended_by, request.ended_at = HelpRequest.State(state), by, now
    request.answer = answer
