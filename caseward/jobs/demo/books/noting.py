"""What notes, reasons, priorities and tags write (`casework.services.noting` and `.sorting`)."""

from caseward.casework.models import Case, Message
from caseward.core.masking import mask
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, hold_clocks_to, row
from caseward.sla import services as sla


def note(book: Book, act: acts.Note) -> None:
    message = row(
        Message,
        id=book.registry.of("message"),
        case_id=book.case.pk,
        direction=Message.Direction.NOTE,
        channel=Case.Channel.INTERNAL,
        at=act.at,
        author_id=act.by.id,
        author_name=act.by.name,
        text=mask(act.text).text,
        language="en",
        in_house_only=act.in_house_only,
    )
    book.messages.append(message)
    record = book.record_in_house if act.in_house_only else book.record
    record("note.added", act.at, act.by, message_id=message.pk)


def recognise(book: Book, act: acts.Recognise) -> None:
    before, book.case.reason_id = book.case.reason_id, act.reason_id
    book.case.updated_at = act.at
    book.record("case.recognised", act.at, act.by, before=before, reason_id=act.reason_id)


def prioritise(book: Book, act: acts.Prioritise) -> None:
    case = book.case
    before, case.priority, case.updated_at = case.priority, act.priority, act.at
    planned = sla.planned_clocks(lob_id=case.lob_id, priority=act.priority, at=act.at)
    book.record("case.prioritised", act.at, act.by, before=before, after=act.priority)
    promised = {promise.kind: promise for promise in planned}
    hold_clocks_to(book, promised, at=act.at, by=act.by)


def tag(book: Book, act: acts.Tag) -> None:
    book.case.tags, book.case.updated_at = list(act.tags), act.at
    book.record("case.tagged", act.at, act.by, tags=list(act.tags))
