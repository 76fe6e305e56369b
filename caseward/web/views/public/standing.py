"""How a case stands, said to the requester in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework.models import Attachment, Case, Message
from caseward.channels import links
from caseward.channels.forms import Followed
from caseward.web.languages import data_language
from caseward.web.views.public.times import day_and_hour


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file beside a message; `url` is empty where it is not to be opened here."""

    name: str
    size: int
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message as its requester sees it: never the name of whoever answered."""

    id: int
    is_ours: bool
    who: str
    at: datetime
    when: str
    text: str
    language: str
    files: tuple[ShownFile, ...]


def steps(followed: Followed) -> list[Step]:
    """Return the way of a case in three steps; the current one is where it stands."""
    labels = [_("Received"), _("Being worked on"), _("Answered")]
    if followed.case.status == Case.Status.PENDING:
        labels[1] = _("Waiting for you")
    now_at = _step(followed)
    return [
        Step(label, is_done=number <= now_at, is_current=number == now_at)
        for number, label in enumerate(labels)
    ]


def _step(followed: Followed) -> int:
    case = followed.case
    if case.is_finished:
        return 2
    return 0 if case.status == Case.Status.NEW and case.assignee_id is None else 1


def next_words(followed: Followed, *, now: datetime) -> str:
    """Say what happens next and what the requester can do."""
    case = followed.case
    if case.merged_into_id:
        return _(
            "We handle this together with another message. What you add here is read with it, and"
            " we answer by e-mail."
        )
    by_status = _words_of_status(case.status)
    return by_status or _promise_words(followed, now)


def _words_of_status(status: str) -> str:
    match status:
        case Case.Status.PENDING:
            return _("We asked you something and wait for your answer. You can write it below.")
        case Case.Status.RESOLVED:
            return _("We have answered. If this is not solved, write below and we go on with it.")
        case Case.Status.CLOSED:
            return _("This case is closed. If you need us again, write below: it opens again.")
        case Case.Status.ESCALATED:
            return _(
                "A specialist is looking into it. We will write to you as soon as we know more."
            )
        case Case.Status.REOPENED:
            return _("Your case is open again. We will write to you as soon as we know more.")
    return ""


def _promise_words(followed: Followed, now: datetime) -> str:
    due = followed.answer_due_at
    if followed.has_answer:
        return _("We are still working on it and will write to you as soon as we know more.")
    if due is None:
        return _("Somebody will read it and answer you. You need not do anything now.")
    time = day_and_hour(due, country=followed.case.country, language=data_language())
    if due < now:
        return _(
            "We wanted to answer you by %(time)s and are late. We are sorry. The longer a message"
            " waits, the sooner it is taken up."
        ) % {"time": time}
    return _("A person will answer you by %(time)s. You need not do anything until then.") % {
        "time": time
    }


def said(message: Message, case: Case, token: str, us: str) -> Said:
    """Return a message to show; `us` is the name under which we answer."""
    is_ours = message.direction == Message.Direction.OUTBOUND
    files = tuple(_shown_file(file, case, token) for file in message.attachments.all())
    return Said(
        id=message.pk,
        is_ours=is_ours,
        who=us if is_ours else _("You"),
        at=message.at,
        when=day_and_hour(message.at, country=case.country, language=data_language()),
        text=links.with_status_url(message.text, case.reference) if is_ours else message.text,
        language=message.language,
        files=files,
    )


def _shown_file(file: Attachment, case: Case, token: str) -> ShownFile:
    match file.state:
        case Attachment.State.CLEAN if not case.lob.seals_attachments:
            return ShownFile(
                file.name, file.size, reverse("status-file", args=[token, file.pk]), ""
            )
        case Attachment.State.REFUSED:
            return ShownFile(file.name, file.size, "", _("Not accepted: this kind can do harm"))
        case _:
            return ShownFile(file.name, file.size, "", _("Received and kept sealed"))
