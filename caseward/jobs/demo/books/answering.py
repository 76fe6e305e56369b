"""What messages in and out write (`casework.services.receiving` and `.replying`)."""

from datetime import timedelta

from django.conf import settings

from caseward.casework.models import Case, MacroUse, Message, MessageOriginal, Outgoing
from caseward.core.edits import edited_share
from caseward.core.masking import mask
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import (
    Book,
    pause_clocks,
    resume_clocks,
    row,
    stop_clock,
    work_place,
)
from caseward.jobs.demo.books.finishing import finish, open_again
from caseward.jobs.demo.books.opening import MAIL
from caseward.sla.models import ClockKind

UNDO = timedelta(seconds=settings.UNDO_SECONDS)
RECEIVED_BY = {"FORM": "status page"}


def receive(book: Book, act: acts.Receive) -> None:
    case = book.case
    message = row(
        Message,
        id=book.registry.of("message"),
        case_id=case.pk,
        direction=Message.Direction.INBOUND,
        channel=act.channel,
        at=act.at,
        author_name=act.author_name[:120],
        text=mask(act.text).text,
        language=case.language,
    )
    book.messages.append(message)
    book.originals.append(row(MessageOriginal, message_id=message.pk, text=act.text))
    part = RECEIVED_BY.get(act.channel, MAIL)
    book.record_itself(
        "message.received",
        act.at,
        part,
        message_id=message.pk,
        channel=act.channel,
        is_automatic=False,
    )
    _wake(book, act, part)


def _wake(book: Book, act: acts.Receive, part: str) -> None:
    case = book.case
    if case.is_finished:
        open_again(book, act.at, part)
    elif case.status == Case.Status.PENDING:
        case.status = Case.Status.ESCALATED if case.tier == 2 else Case.Status.OPEN
        resume_clocks(book, act.at)
        book.refresh_urgency()
        book.record_itself("case.resumed", act.at, part)
    case.updated_at = act.at


def reply(book: Book, act: acts.Reply) -> None:
    case = book.case
    message = _say(book, act)
    if act.macro is not None:
        _note_use(book, act, message)
    before = {"status": str(case.status), "assignee_id": case.assignee_id}
    is_first = case.first_replied_at is None
    met = stop_clock(book, ClockKind.FIRST_RESPONSE, act.at)
    _go_on(book, act)
    book.record(
        "message.sent",
        act.at,
        act.by,
        message_id=message.pk,
        is_first=is_first,
        met=met,
        before=before,
        is_pending=act.is_pending,
        **work_place(act.by),
    )
    if act.disposition_id is not None:
        finish(book, at=act.at, by=act.by, disposition_id=act.disposition_id)


def _say(book: Book, act: acts.Reply) -> Message:
    case = book.case
    message = row(
        Message,
        id=book.registry.of("message"),
        case_id=case.pk,
        direction=Message.Direction.OUTBOUND,
        channel=case.channel,
        at=act.at,
        author_id=act.by.id,
        author_name=act.by.name,
        text=act.text.strip(),
        language=case.language,
    )
    outgoing = row(
        Outgoing,
        id=book.registry.of("outgoing"),
        case_id=case.pk,
        message_id=message.pk,
        kind=Outgoing.Kind.REPLY,
        send_after=act.at + UNDO,
    )
    book.messages.append(message)
    book.outgoing.append(outgoing)
    book.undelivered.append(outgoing)
    return message


def _note_use(book: Book, act: acts.Reply, message: Message) -> None:
    """Write down which macro was used, and how much of it was changed (`.macros`)."""
    assert act.macro is not None  # asked before
    book.macro_uses.append(
        row(
            MacroUse,
            id=book.registry.of("macro_use"),
            message_id=message.pk,
            case_id=book.case.pk,
            version_id=act.macro.version_id,
            language=book.case.language,
            edited_share=edited_share(act.macro.rendered, act.text),
            at=act.at,
        )
    )


def _go_on(book: Book, act: acts.Reply) -> None:
    case = book.case
    case.assignee_id = case.assignee_id or act.by.id
    case.first_replied_at = case.first_replied_at or act.at
    case.updated_at = act.at
    if act.is_pending:
        case.status = Case.Status.PENDING
        pause_clocks(book, act.at)
    elif case.status in {Case.Status.NEW, Case.Status.REOPENED, Case.Status.PENDING}:
        case.status = Case.Status.ESCALATED if case.tier == 2 else Case.Status.OPEN
        resume_clocks(book, act.at)
    book.refresh_urgency()
