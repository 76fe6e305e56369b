"""What opening a case writes (`casework.services.opening`)."""

from collections.abc import Sequence
from typing import Any

from caseward.casework.models import (
    Case,
    Message,
    MessageOriginal,
    Outgoing,
    Party,
    PartyContact,
)
from caseward.casework.services import NewCase
from caseward.casework.services.recording import urgency_of
from caseward.core.masking import mask, mask_email, mask_phone
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, Registry, row
from caseward.routing import services as routing
from caseward.routing.models import Queue
from caseward.sla import services as sla
from caseward.sla.models import Clock

OPENED_BY = {"FORM": "web form"}  # which part of Caseward takes in what comes by a channel
MAIL = "mail"


def opened(act: acts.Open, registry: Registry) -> Book:
    """Return the book of a case as its first message opens it."""
    new = act.new
    queue = routing.place(lob_id=new.lob_id, language=new.language, number=act.number)
    planned = sla.planned_clocks(lob_id=new.lob_id, priority=new.priority, at=act.at)
    book = Book(case=_case(act, queue, planned, registry), new=new, registry=registry)
    _add_people(book, new)
    _add_message(book, act)
    for clock in planned:
        book.clocks[clock.kind] = _clock(book, clock)
    if new.wants_acknowledgement:
        _acknowledge(book, act)
    book.record_itself(
        "case.opened", act.at, OPENED_BY.get(new.channel, MAIL), **_facts(book, planned)
    )
    return book


def _case(
    act: acts.Open, queue: Queue, planned: Sequence[sla.PlannedClock], registry: Registry
) -> Case:
    new = act.new
    due_at = sla.tightest_of(planned)
    return row(
        Case,
        id=registry.of("case"),
        reference=new.reference,
        title=mask(new.title).text[:200],
        status=Case.Status.NEW,
        priority=new.priority,
        channel=new.channel,
        language=new.language,
        country=new.country,
        lob_id=new.lob_id,
        reason_id=new.reason_id,
        tier=queue.tier,
        vendor_id=queue.vendor_id,
        queue_id=queue.pk,
        urgency=urgency_of(due_at, new.priority),
        tags=list(new.tags),
        opened_at=act.at,
        updated_at=act.at,
    )


def _add_people(book: Book, new: NewCase) -> None:
    for person in new.people:
        party = row(
            Party,
            id=book.registry.of("party"),
            case_id=book.case.pk,
            part=person.part,
            name=person.name[:120],
            handle=person.handle[:120],
            masked_email=mask_email(person.email) if person.email else "",
            masked_phone=mask_phone(person.phone) if person.phone else "",
        )
        book.parties.append(party)
        if person.email or person.phone:
            book.contacts.append(
                row(
                    PartyContact,
                    party_id=party.pk,
                    email=person.email[:320],
                    phone=person.phone[:40],
                )
            )


def _add_message(book: Book, act: acts.Open) -> None:
    new = act.new
    message = row(
        Message,
        id=book.registry.of("message"),
        case_id=book.case.pk,
        direction=Message.Direction.INBOUND,
        channel=new.channel,
        at=act.at,
        author_name=new.people[0].name[:120],
        text=mask(new.text).text,
        quoted=mask(new.quoted).text if new.quoted else "",
        language=new.language,
        has_html=bool(new.html),
    )
    book.messages.append(message)
    book.originals.append(row(MessageOriginal, message_id=message.pk, text=new.text, html=new.html))


def _clock(book: Book, planned: sla.PlannedClock) -> Clock:
    return row(
        Clock,
        id=book.registry.of("clock"),
        case_id=book.case.pk,
        kind=planned.kind,
        duration=planned.duration,
        measured=planned.measured,
        site_id=planned.site_id,
        market=planned.market,
        is_pausable=planned.is_pausable,
        started_at=planned.started_at,
        deadline_at=planned.deadline_at,
        warns_at=planned.warns_at,
    )


def _acknowledge(book: Book, act: acts.Open) -> None:
    outgoing = row(
        Outgoing,
        id=book.registry.of("outgoing"),
        case_id=book.case.pk,
        kind=Outgoing.Kind.ACKNOWLEDGEMENT,
        send_after=act.at,
    )
    book.outgoing.append(outgoing)
    book.undelivered.append(outgoing)


def _facts(book: Book, planned: Sequence[sla.PlannedClock]) -> dict[str, Any]:
    case = book.case
    return {
        "reference": case.reference,
        "reason_id": case.reason_id,
        "queue_id": case.queue_id,
        "tier": case.tier,
        "priority": case.priority,
        "channel": case.channel,
        "language": case.language,
        "country": case.country,
        "deadlines": {
            clock.kind: clock.deadline_at.isoformat() for clock in planned if clock.deadline_at
        },
        "message_id": book.messages[0].pk,
    }
