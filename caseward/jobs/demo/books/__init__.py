"""Bookkeeping: the rows and events that an act leaves behind, kept in memory until written.

Each module mirrors one of `casework.services` and says the same in plain assignments; the tests
replay the acts through the real verbs and compare every field.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from caseward.jobs.demo import acts
from caseward.jobs.demo.books import (
    answering,
    assigning,
    automatic,
    escalating,
    finishing,
    joining,
    noting,
    opening,
)
from caseward.jobs.demo.books.book import Book, Registry

__all__ = ["Book", "Registry", "catch_up", "open_book", "write_down"]

WRITERS: dict[type[acts.Act], Callable[[Book, Any], None]] = {
    acts.Receive: answering.receive,
    acts.Reply: answering.reply,
    acts.TakeNext: assigning.take_next,
    acts.Transfer: assigning.transfer,
    acts.Note: noting.note,
    acts.Recognise: noting.recognise,
    acts.Prioritise: noting.prioritise,
    acts.Tag: noting.tag,
    acts.Escalate: escalating.escalate,
    acts.Accept: escalating.accept,
    acts.Settle: escalating.settle,
    acts.Return: escalating.return_,
    acts.Resolve: finishing.resolve,
    acts.Merge: joining.merge,
    acts.LinkTo: joining.link,
    acts.Rate: automatic.rate,
    acts.NoteMissedClocks: automatic.note_missed_clocks,
    acts.Deliver: automatic.deliver,
    acts.AskSurvey: automatic.ask_survey,
    acts.Close: automatic.close,
}


def open_book(act: acts.Open, registry: Registry) -> Book:
    """Begin the book of a case."""
    book = opening.opened(act, registry)
    book.acts.append(act)
    return book


def write_down(book: Book, act: acts.Act) -> None:
    """Write down an act, after whatever Caseward had done by itself until then."""
    catch_up(book, until=act.at)
    if isinstance(act, acts.Merge):
        catch_up(act.into, until=act.at)
    _write(book, act)


def catch_up(book: Book, *, until: datetime) -> None:
    """Write down what Caseward does by itself: deliveries, missed clocks, surveys, closing."""
    while (act := automatic.next_act(book)) is not None and act.at <= until:
        _write(book, act)


def _write(book: Book, act: acts.Act) -> None:
    WRITERS[type(act)](book, act)
    book.acts.append(act)
