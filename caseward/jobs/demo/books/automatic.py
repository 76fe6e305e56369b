"""What Caseward does by itself: delivering, noticing missed clocks, asking, closing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from caseward.casework.models import Case, Outgoing, PartyContact
from caseward.channels.email.delivering import VIEWER
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, row
from caseward.quality import services as quality
from caseward.quality.models import Survey

WORKER = "worker"
DELIVERED_EVERY = timedelta(seconds=5)
CLOCKS_EVERY = timedelta(seconds=15)
ASKED_EVERY = timedelta(minutes=1)
CLOSED_EVERY, CLOSED_AT = timedelta(hours=1), timedelta(minutes=7)
CLOSE_AFTER = timedelta(days=settings.CLOSE_AFTER_DAYS)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def next_act(book: Book) -> acts.Act | None:
    """Return what Caseward does next to a case if nobody else does anything before."""
    return min(_upcoming(book), key=_time, default=None)


def _time(act: acts.Act) -> datetime:
    return act.at


def _upcoming(book: Book) -> Iterator[acts.Act]:
    if book.undelivered:
        first = book.undelivered[0]
        yield acts.Deliver(at=_next(first.send_after, DELIVERED_EVERY), outgoing_id=first.pk)
    for clock in book.running_clocks:
        if clock.deadline_at is not None and clock.was_met is None:
            # A change can leave a deadline in the past, as opening a case again does.
            due_at = max(clock.deadline_at, book.case.updated_at)
            yield acts.NoteMissedClocks(at=_next(due_at, CLOCKS_EVERY))
    if book.case.status == Case.Status.RESOLVED:
        yield from _after_resolution(book)


def _after_resolution(book: Book) -> Iterator[acts.Act]:
    resolved_at = book.case.resolved_at
    if resolved_at is None:
        return
    if book.survey is None and _is_asked(book):
        yield acts.AskSurvey(at=_next(resolved_at + quality.ASK_AFTER, ASKED_EVERY))
    closed_at = _next(resolved_at + CLOSE_AFTER - CLOSED_AT, CLOSED_EVERY) + CLOSED_AT
    yield acts.Close(at=closed_at)


def _is_asked(book: Book) -> bool:
    case = book.case
    return (
        case.disposition_id not in book.registry.silent_dispositions
        and case.reason_id not in book.registry.harmful_reasons
        and any(contact.email for contact in book.contacts if _is_requester(book, contact))
        and not set(quality.NEVER_ASKED) & set(case.tags)
    )


def _is_requester(book: Book, contact: PartyContact) -> bool:
    requesters = (party.pk for party in book.parties if party.part == "REQUESTER")
    return contact.party_id in requesters


def _next(at: datetime, every: timedelta) -> datetime:
    """Return the first moment at or after `at` that comes round `every` so often."""
    return EPOCH + -((EPOCH - at) // every) * every


def deliver(book: Book, act: acts.Deliver) -> None:
    outgoing = book.undelivered.pop(0)
    outgoing.state, outgoing.sent_at, outgoing.attempts = Outgoing.State.SENT, act.at, 1
    kind = "case.acknowledged" if outgoing.kind == Outgoing.Kind.ACKNOWLEDGEMENT else "mail.sent"
    book.record_itself(
        kind, act.at, WORKER, outgoing_id=outgoing.pk, attempts=outgoing.attempts, via=VIEWER
    )


def note_missed_clocks(book: Book, act: acts.NoteMissedClocks) -> None:
    due = [
        (clock.deadline_at, clock.pk, clock)
        for clock in book.running_clocks
        if clock.was_met is None and clock.deadline_at is not None and clock.deadline_at <= act.at
    ]
    for deadline_at, _, clock in sorted(due):
        clock.was_met = False
        book.record_itself(
            "clock.missed",
            act.at,
            WORKER,
            clock=clock.kind,
            deadline=deadline_at.isoformat(),
        )


def ask_survey(book: Book, act: acts.AskSurvey) -> None:
    book.survey = row(Survey, id=book.registry.of("survey"), case_id=book.case.pk, asked_at=act.at)
    outgoing = row(
        Outgoing,
        id=book.registry.of("outgoing"),
        case_id=book.case.pk,
        kind=Outgoing.Kind.SURVEY,
        send_after=act.at,
    )
    book.outgoing.append(outgoing)
    book.undelivered.append(outgoing)
    book.record_itself("survey.asked", act.at, WORKER, **_who_resolved(book))


def rate(book: Book, act: acts.Rate) -> None:
    survey = book.survey
    if survey is None or survey.rating is not None:
        raise ValueError(f"expected a survey without an answer, got {survey}")
    survey.rating, survey.comment, survey.answered_at = act.rating, act.comment, act.at
    book.record_itself(
        "survey.answered",
        act.at,
        "survey",
        rating=act.rating,
        before=None,
        **_who_resolved(book),
    )


def _who_resolved(book: Book) -> dict[str, Any]:
    resolved = next(event for event in reversed(book.events) if event.kind == "case.resolved")
    return {
        "resolved_by_id": resolved.actor_id,
        "team_id": resolved.data["team_id"],
        "site_id": resolved.data["site_id"],
    }


def close(book: Book, act: acts.Close) -> None:
    book.case.status, book.case.updated_at = Case.Status.CLOSED, act.at
    book.record_itself("case.closed", act.at, WORKER)
