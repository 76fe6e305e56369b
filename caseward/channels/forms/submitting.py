"""Sending a form: answers become a new case, or a further message on a known one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from caseward.casework.models import Case, Party
from caseward.casework.services import NewCase, Person, open_case, receive_message
from caseward.channels.attachments import KeptFile, attach
from caseward.channels.forms.definition import Definition, Question, said_in
from caseward.channels.forms.limiting import claim
from caseward.channels.forms.repeating import case_of_same
from caseward.channels.models import FormTicket
from caseward.policy import queries as policy
from caseward.policy.models import Reason

LONGEST_TITLE = 90
HIGHEST_PRIORITY = 1
IN_DANGER = "in-danger"
OTHERS_READ_MAIL = "others-may-read-mail"
SAID_ELSEWHERE = frozenset({"name", "email", "phone", "message", "reason", "country"})
DANGER = ("in-danger", "now-in-danger")
OWN_ACCOUNT = frozenset({"", "self", "affected"})


@dataclass(frozen=True, slots=True)
class Sent:
    """The case of a sent form; `is_new` is False when the same form was sent before.

    `is_again` says that it was sent before from another page, so that its sender should be told.
    """

    reference: str
    is_new: bool
    is_again: bool = False


@transaction.atomic
def submit(
    new: NewCase,
    *,
    ticket: UUID,
    files: Sequence[KeptFile],
    address_hash: bytes,
    now: datetime,
) -> Sent:
    """Open a case for a form; a second sending of the same form finds the case of the first.

    So does a form fetched anew and sent with the same words, e-mail address and files.

    Raises:
        TooMany: this address has sent too often; nothing was opened.
    """
    if not claim(ticket, address_hash=address_hash, now=now):
        return Sent(Case.objects.get(formticket__number=ticket).reference, is_new=False)
    first = case_of_same(new, files, address_hash=address_hash, now=now)
    if first is not None:
        FormTicket.objects.filter(number=ticket).update(case_id=first.pk)
        return Sent(first.reference, is_new=False, is_again=True)
    opened = open_case(new, now=now)
    attach(opened.message_id, files)
    FormTicket.objects.filter(number=ticket).update(case_id=opened.id)
    return Sent(opened.reference, is_new=True)


@transaction.atomic
def add_message(
    *,
    case_id: int,
    text: str,
    ticket: UUID,
    files: Sequence[KeptFile],
    address_hash: bytes,
    now: datetime,
) -> bool:
    """Add what a requester wrote on their status page; False when this very form was sent before.

    Raises:
        TooMany: this address has sent too often; nothing was added.
    """
    if not claim(ticket, address_hash=address_hash, now=now):
        return False
    message = receive_message(
        case_id=case_id,
        channel=Case.Channel.FORM,
        text=text,
        author_name=_requesters_name(case_id),
        now=now,
    )
    attach(message.pk, files)
    FormTicket.objects.filter(number=ticket).update(case_id=case_id)
    return True


def _requesters_name(case_id: int) -> str:
    names = Party.objects.filter(case_id=case_id, part=Party.Part.REQUESTER).order_by("pk")
    return names.values_list("name", flat=True).first() or ""


def new_case_from(
    definition: Definition, answers: Mapping[str, Any], *, language: str, country: str
) -> NewCase:
    """Return the case that valid answers ask for. `country` is a guess the answers may correct."""
    said = answers.get("message", "")
    reason = _reason(definition, answers.get("reason", ""), said, language)
    is_danger = any(answers.get(key) for key in DANGER)
    return NewCase(
        lob_id=definition.lob_id,
        priority=_priority(definition, reason, is_danger=is_danger),
        channel=Case.Channel.FORM,
        language=language,
        title=_title(said),
        text=_text(definition, answers, said, language),
        people=_people(answers),
        reason_id=reason.pk if reason else None,
        country=answers.get("country") or country,
        wants_acknowledgement=_is_safe_to_write(definition, answers),
        tags=_tags(definition, answers, is_danger=is_danger),
    )


def _reason(definition: Definition, key: str, said: str, language: str) -> Reason | None:
    """Return the chosen reason, or the one the text speaks of when none was asked for."""
    chosen = (reason for reason in policy.reasons_of(definition.lob_id) if reason.key == key)
    return next(chosen, None) or policy.topic_for(said, lob_id=definition.lob_id, language=language)


def _priority(definition: Definition, reason: Reason | None, *, is_danger: bool) -> int:
    if is_danger:
        return HIGHEST_PRIORITY
    return reason.priority if reason else definition.default_priority


def _is_safe_to_write(definition: Definition, answers: Mapping[str, Any]) -> bool:
    return not definition.asks("safe-to-write") or bool(answers.get("safe-to-write"))


def _tags(
    definition: Definition, answers: Mapping[str, Any], *, is_danger: bool
) -> tuple[str, ...]:
    tags = [IN_DANGER] if is_danger else []
    if not _is_safe_to_write(definition, answers):
        tags.append(OTHERS_READ_MAIL)
    return tuple(tags)


def _people(answers: Mapping[str, Any]) -> list[Person]:
    handle, is_own = answers.get("handle", ""), answers.get("who-asks", "") in OWN_ACCOUNT
    requester = Person(
        name=answers.get("name", ""),
        handle=handle if is_own else "",
        email=answers.get("email", ""),
        phone=answers.get("phone", ""),
    )
    if handle and not is_own:
        return [requester, Person(part="SUBJECT", handle=handle)]
    return [requester]


def _title(said: str) -> str:
    """Return the first line, cut at a word where words are written apart."""
    line = said.strip().split("\n", 1)[0].strip()
    if len(line) <= LONGEST_TITLE:
        return line
    cut = line[:LONGEST_TITLE]
    return (cut.rsplit(" ", 1)[0] if " " in cut[LONGEST_TITLE // 2 :] else cut) + "…"


def _text(definition: Definition, answers: Mapping[str, Any], said: str, language: str) -> str:
    """Return what was said, and under it every further question that was answered."""
    lines = [
        line
        for question in definition.questions
        if question.key not in SAID_ELSEWHERE
        and (line := _line(question, answers.get(question.key), language))
    ]
    return "\n\n".join(part for part in (said.strip(), "\n".join(lines)) if part)


def _line(question: Question, value: Any, language: str) -> str:
    """Return `question: answer`, without a colon after a question mark; empty when unanswered."""
    label = said_in(question.labels, language).rstrip(" :：")
    if not value:
        return ""
    if value is True:
        return f"✓ {label}"
    mark = "" if label.endswith(("?", "？", ".", "。", "।")) else ":"
    return f"{label}{mark} {_answer(question, value, language)}"


def _answer(question: Question, value: Any, language: str) -> str:
    if question.kind == "choice":
        return said_in(dict(question.choices)[value], language)
    return value.isoformat() if isinstance(value, date) else str(value)
