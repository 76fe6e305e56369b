"""What Caseward does by itself: delivering, noticing missed clocks, asking, closing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from caseward.casework.models import Case, Outgoing
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, row
from caseward.quality.models import Survey

SWEEP = timedelta(minutes=1)
CLOSE_AFTER = timedelta(days=7)
ASK_AFTER = timedelta(hours=1)


def next_act(book: Book) -> acts.Act | None:
    """Return what Caseward does next to a case if nobody else does anything before."""
    return min(_upcoming(book), key=_time, default=None)


def _time(act: acts.Act) -> datetime:
    return act.at


def _upcoming(book: Book) -> Iterator[acts.Act]:
    if book.undelivered:
        first = book.undelivered[0]
        yield acts.Deliver(at=_delivered_at(first), outgoing_id=first.pk)
    for clock in book.running_clocks:
        if clock.deadline_at is not None and clock.was_met is None:
            # A change can leave a deadline in the past, as opening a case again does.
            due_at = max(clock.deadline_at, book.case.updated_at)
            yield acts.NoteMissedClocks(at=_next_sweep(due_at))
    if book.case.status == Case.Status.RESOLVED:
        yield from _after_resolution(book)


def _after_resolution(book: Book) -> Iterator[acts.Act]:
    resolved_at = book.case.resolved_at
    assert resolved_at is not None  # the database would not have it otherwise
    if book.survey is None:
        yield acts.AskSurvey(at=_next_sweep(resolved_at + ASK_AFTER))
    yield acts.Close(at=_next_sweep(resolved_at + CLOSE_AFTER))


def _delivered_at(outgoing: Outgoing) -> datetime:
    return outgoing.send_after + timedelta(seconds=1 + outgoing.pk % 3)


def _next_sweep(at: datetime) -> datetime:
    """Return the first whole minute at or after a moment."""
    minute = at.replace(second=0, microsecond=0)
    return minute if minute == at else minute + SWEEP


def deliver(book: Book, act: acts.Deliver) -> None:
    outgoing = book.undelivered.pop(0)
    outgoing.state, outgoing.sent_at, outgoing.attempts = Outgoing.State.SENT, act.at, 1
    kind = "case.acknowledged" if outgoing.kind == Outgoing.Kind.ACKNOWLEDGEMENT else "mail.sent"
    book.record_itself(kind, act.at, "delivery", outgoing_id=outgoing.pk)


def note_missed_clocks(book: Book, act: acts.NoteMissedClocks) -> None:
    due = [
        clock
        for clock in book.running_clocks
        if clock.was_met is None and clock.deadline_at is not None and clock.deadline_at <= act.at
    ]
    for clock in sorted(due, key=lambda clock: (clock.deadline_at, clock.pk)):
        clock.was_met = False
        assert clock.deadline_at is not None  # said above
        book.record_itself(
            "clock.missed",
            act.at,
            "clocks",
            clock=clock.kind,
            deadline=clock.deadline_at.isoformat(),
        )


def ask_survey(book: Book, act: acts.AskSurvey) -> None:
    book.survey = row(Survey, id=book.numbers.of("survey"), case_id=book.case.pk, asked_at=act.at)
    outgoing = row(
        Outgoing,
        id=book.numbers.of("outgoing"),
        case_id=book.case.pk,
        kind=Outgoing.Kind.SURVEY,
        send_after=act.at,
    )
    book.outgoing.append(outgoing)
    book.undelivered.append(outgoing)
    book.record_itself("survey.asked", act.at, "surveys")


def rate(book: Book, act: acts.Rate) -> None:
    assert book.survey is not None  # nobody rates before being asked
    book.survey.rating, book.survey.comment = act.rating, act.comment
    book.survey.answered_at = act.at
    book.record_itself("survey.answered", act.at, "surveys", rating=act.rating)


def close(book: Book, act: acts.Close) -> None:
    book.case.status, book.case.updated_at = Case.Status.CLOSED, act.at
    book.record_itself("case.closed", act.at, "closing")
