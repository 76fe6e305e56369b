"""Lets the real verbs do what the people of a made-up story did, and reads what they wrote."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.conf import settings

from caseward.casework import services as casework
from caseward.casework.models import Case
from caseward.casework.services.macros import ChosenMacro, reply_with_macros
from caseward.channels.email.delivering import deliver_due
from caseward.jobs.demo import acts
from caseward.jobs.demo.books import Book
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy.models import Disposition, MacroVersion, Reason
from caseward.quality import services as quality

UNDO = timedelta(seconds=settings.UNDO_SECONDS)
CLOSE_AFTER = timedelta(days=settings.CLOSE_AFTER_DAYS)
WORKER = Actor.system("worker")
BY_CHANNEL = {"FORM": Actor.system("web form")}
FURTHER_BY_CHANNEL = {"FORM": Actor.system("status page")}
MAIL = Actor.system("mail")


def replay(books: Sequence[Book]) -> None:
    """Do every act on these cases in the order it happened."""
    done = [
        (act.at, isinstance(act, acts.Merge), number, book, act)  # merging comes last in its second
        for book in books
        for number, act in enumerate(book.acts)
    ]
    for *_, book, act in sorted(done, key=lambda entry: entry[:3]):
        _do(book, act)


def _do(book: Book, act: acts.Act) -> None:
    if isinstance(act, acts.ActOf):
        by = StaffMember.objects.get(pk=act.by.id)
        with acting(Actor.staff(by)):
            OF_STAFF[type(act)](book, act, by)
    else:
        with acting(_who(book, act)):
            OF_ITSELF[type(act)](book, act)


def _who(book: Book, act: acts.Act) -> Actor:
    if isinstance(act, acts.Open):
        return BY_CHANNEL.get(act.new.channel, MAIL)
    if isinstance(act, acts.Receive):
        return FURTHER_BY_CHANNEL.get(act.channel, MAIL)
    return Actor.system("survey") if isinstance(act, acts.Rate) else WORKER


def _open(_book: Book, act: acts.Open) -> None:
    with patch("caseward.casework.services.opening.secrets.randbits", lambda _bits: act.number):
        casework.open_case(act.new, now=act.at)


def _receive(book: Book, act: acts.Receive) -> None:
    casework.receive_message(
        case_id=_case(book).pk,
        channel=act.channel,
        text=act.text,
        now=act.at,
        author_name=act.author_name,
    )


def _rate(book: Book, act: acts.Rate) -> None:
    quality.answer_survey(
        case_id=_case(book).pk, rating=act.rating, comment=act.comment, now=act.at
    )


OF_ITSELF: dict[type[acts.Act], Callable[[Book, Any], Any]] = {
    acts.Open: _open,
    acts.Receive: _receive,
    acts.Rate: _rate,
    acts.NoteMissedClocks: lambda _, act: casework.note_missed_clocks(now=act.at),
    acts.AskSurvey: lambda _, act: quality.ask_surveys(now=act.at),
    acts.Deliver: lambda _, act: deliver_due(act.at),
    acts.Close: lambda _, act: casework.close_resolved_cases(now=act.at, after=CLOSE_AFTER),
}


def _verb(verb: Callable[..., Any], *given: str) -> Callable[[Book, Any, StaffMember], None]:
    """Return the act that calls a verb with these of its own fields."""

    def do(book: Book, act: Any, by: StaffMember) -> None:
        values = {name: getattr(act, name) for name in given}
        verb(reference=book.case.reference, by=by, now=act.at, **values)

    return do


def _take_next(book: Book, act: acts.TakeNext, by: StaffMember) -> None:
    casework.take_next_case(by=by, now=act.at)


def _reply(book: Book, act: acts.Reply, by: StaffMember) -> None:
    chosen = act.disposition_id
    disposition = Disposition.objects.get(pk=chosen) if chosen else None
    reply_with_macros(
        reference=book.case.reference,
        by=by,
        text=act.text,
        now=act.at,
        undo=UNDO,
        macros=_inserted(book, act),
        is_pending=act.is_pending,
        disposition=disposition,
    )


def _inserted(book: Book, act: acts.Reply) -> list[ChosenMacro]:
    if act.macro is None:
        return []
    version = MacroVersion.objects.get(pk=act.macro.version_id)
    return [ChosenMacro(version, book.case.language, act.macro.rendered, acts=False)]


def _resolve(book: Book, act: acts.Resolve, by: StaffMember) -> None:
    disposition = Disposition.objects.get(pk=act.disposition_id)
    casework.resolve_case(reference=book.case.reference, by=by, disposition=disposition, now=act.at)


def _transfer(book: Book, act: acts.Transfer, by: StaffMember) -> None:
    casework.transfer_case(
        reference=book.case.reference,
        by=by,
        lob=LineOfBusiness.objects.get(pk=act.lob_id),
        language=act.language,
        why=act.why,
        now=act.at,
    )


def _recognise(book: Book, act: acts.Recognise, by: StaffMember) -> None:
    reason = Reason.objects.get(pk=act.reason_id)
    casework.change_reason(reference=book.case.reference, by=by, reason=reason, now=act.at)


def _merge(book: Book, act: acts.Merge, by: StaffMember) -> None:
    into = act.into.case.reference
    casework.merge_case(reference=book.case.reference, into=into, by=by, now=act.at)


def _link(book: Book, act: acts.LinkTo, by: StaffMember) -> None:
    casework.link_cases(
        reference=book.case.reference,
        other=act.other.case.reference,
        by=by,
        now=act.at,
        note=act.note,
    )


JUDGED = ("verdict", "note", "quality", "quality_note")
OF_STAFF: dict[type[acts.Act], Callable[[Book, Any, StaffMember], None]] = {
    acts.TakeNext: _take_next,
    acts.Reply: _reply,
    acts.Resolve: _resolve,
    acts.Transfer: _transfer,
    acts.Recognise: _recognise,
    acts.Merge: _merge,
    acts.LinkTo: _link,
    acts.Note: _verb(casework.add_note, "text", "in_house_only"),
    acts.Escalate: _verb(casework.escalate_case, "why", "tried", "facts", "handover"),
    acts.Accept: _verb(casework.accept_escalation),
    acts.Settle: _verb(casework.settle_escalation, *JUDGED),
    acts.Return: _verb(casework.return_escalation, *JUDGED),
    acts.Prioritise: _verb(casework.change_priority, "priority"),
    acts.Tag: _verb(casework.set_tags, "tags"),
}


def _case(book: Book) -> Case:
    return Case.objects.get(reference=book.case.reference)


# What was written, in a form that does not depend on numbers given by the database.

NUMBERS = {"id", "case_id", "message_id", "party_id", "escalation_id", "outgoing_id"}


def made_up(book: Book) -> dict[str, Any]:
    """Return what a book says about its case."""
    return {
        "case": _row(book.case, "merged_into_id"),
        "parties": [_row(party) for party in book.parties],
        "contacts": [_row(contact) for contact in book.contacts],
        "messages": [_row(message) for message in book.messages],
        "originals": [_row(original) for original in book.originals],
        "clocks": [_row(book.clocks[kind]) for kind in sorted(book.clocks)],
        "outgoing": [_row(outgoing) for outgoing in book.outgoing],
        "escalations": [_row(escalation) for escalation in book.escalations],
        "macro_uses": [_row(use) for use in book.macro_uses],
        "survey": _row(book.survey) if book.survey else None,
        "links": [_row(link, "other_id") for link in book.links],
        "events": [
            (e.kind, e.at, e.actor_id, e.actor_name, e.audience, _steady(e.data))
            for e in book.events
        ],
    }


def really_written(book: Book) -> dict[str, Any]:
    """Return what the tables say about the same case."""
    case = _case(book)
    parties = list(case.parties.order_by("pk"))
    messages = list(case.messages.order_by("pk"))
    return {
        "case": _row(case, "merged_into_id"),
        "parties": [_row(party) for party in parties],
        "contacts": [_row(party.contact) for party in parties if hasattr(party, "contact")],
        "messages": [_row(message) for message in messages],
        "originals": [_row(m.original) for m in messages if hasattr(m, "original")],
        "clocks": [_row(clock) for clock in case.clocks.order_by("kind")],
        "outgoing": [_row(outgoing) for outgoing in case.outgoing.order_by("pk")],
        "escalations": [_row(escalation) for escalation in case.escalations.order_by("pk")],
        "macro_uses": [_row(use) for use in case.macro_uses.order_by("pk")],
        "survey": _row(case.survey) if hasattr(case, "survey") else None,
        "links": [_row(link, "other_id") for link in case.links.order_by("pk")],
        "events": list(_events(case)),
    }


def _events(case: Case) -> Iterable[tuple[Any, ...]]:
    for e in Event.objects.filter(case_id=case.pk).order_by("seq"):
        yield e.kind, e.at, e.actor_id, e.actor_name, e.audience, _steady(e.data)


def _row(row: Any, *leave_out: str) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in NUMBERS | set(leave_out)}


def _steady(data: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in NUMBERS}
    if isinstance(kept.get("why"), dict):
        kept["why"] = _of_the_case_alone(kept["why"])
    return kept


def _of_the_case_alone(why: dict[str, Any]) -> dict[str, Any]:
    """Return what counted of a case itself; who else waited and who was busy is not made up."""
    terms = why.get("terms", {})
    return {code: terms.get(code) for code in ("deadline", "priority", "age")}
