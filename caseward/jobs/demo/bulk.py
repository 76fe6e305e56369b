"""Writing many books at once: COPY, on the owner's connection, in a thread of its own.

While PostgreSQL takes one batch the simulation goes on with the next. Everything happens in one
transaction: a history cut short leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from queue import Queue
from threading import Thread
from typing import Any, Self

import orjson
from django.db import connections, models, transaction
from psycopg.types.json import Jsonb

from caseward.casework.models import (
    Case,
    Escalation,
    Link,
    MacroUse,
    Message,
    MessageOriginal,
    Outgoing,
    Party,
    PartyContact,
)
from caseward.jobs.demo.books import Book
from caseward.quality.models import Survey
from caseward.sla.models import Clock

BATCH = 400
EVENT_COLUMNS = "case_id, kind, at, actor_id, actor_name, audience, data"
NUMBERED: Mapping[str, type[models.Model]] = {
    "case": Case,
    "party": Party,
    "message": Message,
    "clock": Clock,
    "outgoing": Outgoing,
    "escalation": Escalation,
    "link": Link,
    "macro_use": MacroUse,
    "survey": Survey,
}


def first_free_numbers() -> dict[str, int]:
    """Return the number the next row of each table will have."""
    return {
        table: (model._default_manager.using("owner").aggregate(n=models.Max("pk"))["n"] or 0) + 1
        for table, model in NUMBERED.items()
    }


class Writer:
    """Takes books and writes them; leave the `with` block and all of it is there, or nothing."""

    def __init__(self) -> None:
        self._batches: Queue[list[Book] | None] = Queue(maxsize=2)
        self._thread = Thread(target=self._write_all, name="demo-writer")
        self._problem: BaseException | None = None
        self._gathered: list[Book] = []
        self._at_the_end: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if self._gathered and kind is None:
            self._hand_over()
        self._batches.put(None)
        self._thread.join()
        if self._problem is not None and kind is None:
            raise self._problem

    def add(self, book: Book) -> None:
        self._gathered.append(book)
        if len(self._gathered) == BATCH:
            self._hand_over()

    def finish_with(self, at_the_end: Callable[[], None]) -> None:
        """Say that this was all, and what else to do in the same transaction."""
        self._at_the_end = at_the_end

    def _hand_over(self) -> None:
        if self._problem is not None:
            raise self._problem
        self._batches.put(self._gathered)
        self._gathered = []

    def _write_all(self) -> None:
        try:
            with transaction.atomic(using="owner"):
                self._write_batches()
        except _NotFinished:
            pass
        except Exception as problem:
            self._problem = problem
            self._drain()
        finally:
            connections["owner"].close()

    def _write_batches(self) -> None:
        while (batch := self._batches.get()) is not None:
            write_batch(batch)
        if self._at_the_end is None:
            raise _NotFinished
        self._at_the_end()

    def _drain(self) -> None:
        while self._batches.get() is not None:
            pass


class _NotFinished(Exception):
    """Whoever gathered the books failed: nothing of it is to stay."""


def write_batch(books: list[Book]) -> None:
    """Write the rows and events of some books."""
    for model, rows in _rows(books):
        _copy_models(model, rows)
    events = chain.from_iterable(book.events for book in books)
    _copy(
        f"ledger_event ({EVENT_COLUMNS})",
        ((*event[:-1], orjson.dumps(event.data).decode()) for event in events),
    )


def _rows(books: list[Book]) -> Iterator[tuple[type[models.Model], Iterable[models.Model]]]:
    yield Case, (book.case for book in books)
    yield Party, chain.from_iterable(book.parties for book in books)
    yield PartyContact, chain.from_iterable(book.contacts for book in books)
    yield Message, chain.from_iterable(book.messages for book in books)
    yield MessageOriginal, chain.from_iterable(book.originals for book in books)
    yield Clock, chain.from_iterable(book.clocks.values() for book in books)
    yield Outgoing, chain.from_iterable(book.outgoing for book in books)
    yield Escalation, chain.from_iterable(book.escalations for book in books)
    yield MacroUse, chain.from_iterable(book.macro_uses for book in books)
    yield Link, chain.from_iterable(book.links for book in books)
    yield Survey, (book.survey for book in books if book.survey is not None)


def _copy_models(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    # What only PostgreSQL has a default for is left to it: nothing in the demo sets it.
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.has_default() or not field.has_db_default()
    ]
    columns = ", ".join(str(field.column) for field in fields)
    values = attrgetter(*(field.attname for field in fields))
    as_json = [n for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
    written = (_with_json(values(row), as_json) for row in rows)
    _copy(f"{model._meta.db_table} ({columns})", written)


def _with_json(values: tuple[Any, ...], as_json: list[int]) -> tuple[Any, ...]:
    """Say which values are JSON: a list would else be taken for an array."""
    if not as_json:
        return values
    found = list(values)
    for n in as_json:
        found[n] = None if found[n] is None else Jsonb(found[n])
    return tuple(found)


def _copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connections["owner"].cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def set_sequences(numbers: Mapping[str, int]) -> None:
    """Let the next row of each table come after those that were written."""
    with connections["owner"].cursor() as cursor:
        for table, number in numbers.items():
            name = NUMBERED[table]._meta.db_table
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [name, number]
            )
