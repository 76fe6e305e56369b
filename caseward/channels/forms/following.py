"""What a requester may see of their case; read as themselves, PostgreSQL shows only that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from caseward.casework.models import Case, Message, Outgoing, PartyContact
from caseward.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class Followed:
    """A case as its requester follows it.

    `answer_due_at` is when they were promised a first answer.
    """

    case: Case
    messages: Sequence[Message]
    answer_due_at: datetime | None
    has_answer: bool
    is_survey_asked: bool


def follow(case_id: int, *, now: datetime) -> Followed:
    """Return a case with its conversation, without answers that can still be taken back."""
    leaving = Q(
        direction=Message.Direction.OUTBOUND,
        at__gt=now - timedelta(seconds=settings.UNDO_SECONDS),
    )
    case = Case.objects.select_related("lob").get(pk=case_id)
    said = Message.objects.filter(case_id=case_id).exclude(leaving)
    said = said.exclude(direction=Message.Direction.NOTE).exclude(is_automatic=True)
    messages = list(said.order_by("at", "id").prefetch_related("attachments"))
    has_answer = any(message.direction == Message.Direction.OUTBOUND for message in messages)
    facts = dict(
        ledger.timeline(case_id)
        .filter(kind__in=["case.opened", "survey.asked"])
        .values_list("kind", "data__deadlines__FIRST_RESPONSE")
    )
    due = facts.get("case.opened")
    return Followed(
        case=case,
        messages=messages,
        answer_due_at=datetime.fromisoformat(due) if due else None,
        has_answer=has_answer,
        is_survey_asked="survey.asked" in facts,
    )


def joint_case_of(case: Case) -> str:
    """Return the reference of the case this one was merged into, if the same person asked it.

    Empty when it was not merged, or into somebody else's case, of which nothing may be shown. Only
    what came by mail has its link sent to its writer's address and so proves whose that is: a form
    shows the link to whoever typed the address.
    """
    if case.channel != Case.Channel.EMAIL:
        return ""
    joint = case
    while joint.merged_into_id:
        joint = Case.objects.get(pk=joint.merged_into_id)
    if joint == case:
        return ""
    ours, theirs = _address(case.pk), _address(joint.pk)
    return joint.reference if ours and ours == theirs else ""


def send_link_again(case_id: int, *, now: datetime) -> None:
    """Send the requester a new link, to the address we know and to no other; once an hour."""
    recent = Outgoing.objects.filter(
        case_id=case_id,
        kind=Outgoing.Kind.ACKNOWLEDGEMENT,
        send_after__gt=now - timedelta(hours=1),
    )
    if not recent.exists():
        Outgoing.objects.create(case_id=case_id, kind=Outgoing.Kind.ACKNOWLEDGEMENT, send_after=now)


def _address(case_id: int) -> str:
    contact = PartyContact.objects.filter(party__case_id=case_id, party__part="REQUESTER").first()
    return contact.email.lower() if contact else ""
