"""The book of one case: its rows as the tables will hold them, and its events in order."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models.base import ModelState

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
from caseward.casework.services import NewCase
from caseward.casework.services.promising import moved_clock
from caseward.casework.services.recording import urgency_of
from caseward.core import deadlines
from caseward.ledger.models import Event
from caseward.quality.models import Survey
from caseward.sla.models import Clock
from caseward.sla.services import facts_of
from caseward.sla.warning import first_warning

if TYPE_CHECKING:
    from caseward.jobs.demo.acts import Act
    from caseward.jobs.demo.world import Member


class Registry:
    """What all books share: the next free number of every table, and whom nobody asks."""

    def __init__(
        self,
        first: Mapping[str, int],
        *,
        harmful_reasons: Set[int] = frozenset(),
        silent_dispositions: Set[int] = frozenset(),
    ) -> None:
        self._next = {table: itertools.count(number) for table, number in first.items()}
        self.harmful_reasons = harmful_reasons
        self.silent_dispositions = silent_dispositions

    def of(self, table: str) -> int:
        """Return the next number of a table."""
        return next(self._next[table])

    def used_up(self) -> dict[str, int]:
        """Return the number after the last one given, for every table, and use that one up too."""
        return {table: next(numbers) for table, numbers in self._next.items()}


def row[M: models.Model](model: type[M], **values: Any) -> M:
    """Return a row to be written by COPY, in a tenth of the time the model's own `__init__` takes.

    Fields left out have their default; related objects are named by their id.
    """
    made = model.__new__(model)
    made._state = ModelState()
    state = vars(made)
    for name, default in _defaults(model):
        state[name] = default()
    state.update(values)
    return made


@cache
def _defaults(model: type[models.Model]) -> list[tuple[str, Callable[[], Any]]]:
    return [(field.attname, _default_of(field)) for field in model._meta.concrete_fields]


def _default_of(field: "models.Field[Any, Any]") -> Callable[[], Any]:
    """Return what gives a field its default; one that PostgreSQL gives is its plain value."""
    if field.has_default() or not field.has_db_default():
        return field.get_default
    return lambda: field.db_default


class Happening(NamedTuple):
    """One event as the ledger takes it; PostgreSQL registry and chains it."""

    case_id: int
    kind: str
    at: datetime
    actor_id: int | None
    actor_name: str
    audience: str
    data: dict[str, Any]


@dataclass(slots=True, eq=False)
class Book:
    """Everything written about one case."""

    case: Case
    new: NewCase  # as its requester opened it
    registry: Registry
    parties: list[Party] = field(default_factory=list)
    contacts: list[PartyContact] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    originals: list[MessageOriginal] = field(default_factory=list)
    clocks: dict[str, Clock] = field(default_factory=dict)
    outgoing: list[Outgoing] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    macro_uses: list[MacroUse] = field(default_factory=list)
    survey: Survey | None = None
    events: list[Happening] = field(default_factory=list)
    acts: list["Act"] = field(default_factory=list)
    undelivered: list[Outgoing] = field(default_factory=list)
    is_settled: bool = False  # nothing more is going to happen to it

    def record(self, kind: str, at: datetime, by: "Member", **data: Any) -> None:
        """Record what a staff member did."""
        self._record(kind, at, by.id, by.name, Event.Audience.EVERYONE, data)

    def record_in_house(self, kind: str, at: datetime, by: "Member", **data: Any) -> None:
        self._record(kind, at, by.id, by.name, Event.Audience.IN_HOUSE, data)

    def record_itself(self, kind: str, at: datetime, part: str, **data: Any) -> None:
        """Record what Caseward itself did, in one of its parts."""
        self._record(kind, at, None, f"Caseward ({part})", Event.Audience.EVERYONE, data)

    def _record(
        self,
        kind: str,
        at: datetime,
        actor_id: int | None,
        actor_name: str,
        audience: str,
        data: dict[str, Any],
    ) -> None:
        case = self.case
        facts = {"vendor_id": case.vendor_id, "lob_id": case.lob_id, **data}
        self.events.append(Happening(case.pk, kind, at, actor_id, actor_name, audience, facts))

    @property
    def running_clocks(self) -> Iterator[Clock]:
        return (clock for clock in self.clocks.values() if clock.stopped_at is None)

    @property
    def running_escalation(self) -> Escalation | None:
        last = self.escalations[-1] if self.escalations else None
        return last if last is not None and last.ended_at is None else None

    def tightest_deadline(self) -> datetime | None:
        running = (c.deadline_at for c in self.running_clocks if c.deadline_at is not None)
        return min(running, default=None)

    def refresh_urgency(self) -> None:
        self.case.urgency = urgency_of(self.tightest_deadline(), self.case.priority)


def work_place(by: "Member") -> dict[str, int | None]:
    """Return where somebody works: figures are counted where the work was done."""
    return {"team_id": by.team_id, "site_id": by.site_id}


def pause_clocks(book: Book, at: datetime) -> None:
    for clock in book.running_clocks:
        if len(clock.pauses) % 2 == 0:
            clock.pauses.append(int(at.timestamp()))
            _set_deadline(clock)


def resume_clocks(book: Book, at: datetime) -> None:
    for clock in book.running_clocks:
        if len(clock.pauses) % 2 == 1:
            clock.pauses.append(max(int(at.timestamp()), clock.pauses[-1]))
            _set_deadline(clock)


def stop_clock(book: Book, kind: str, at: datetime) -> bool | None:
    """Stop a clock; return whether the promise was kept, None where no such clock ran."""
    clock = book.clocks.get(kind)
    if clock is None or clock.stopped_at is not None:
        return None
    clock.stopped_at = max(at, clock.started_at)
    clock.was_met = not deadlines.is_missed(facts_of(clock), at=clock.stopped_at)
    return clock.was_met


def start_clock_again(book: Book, kind: str, at: datetime) -> None:
    clock = book.clocks.get(kind)
    if clock is None or clock.stopped_at is None:
        return
    if len(clock.pauses) % 2 == 0:
        clock.pauses.append(int(clock.stopped_at.timestamp()))
    clock.pauses.append(max(int(at.timestamp()), clock.pauses[-1]))
    clock.stopped_at = clock.was_met = None
    _set_deadline(clock)


def hold_clocks_to(book: Book, promised: dict[str, Any], *, at: datetime, by: "Member") -> None:
    """Hold running clocks to other promises; when they started and paused stays (`.promising`)."""
    moved = []
    for clock in book.running_clocks:
        if promise := promised.get(clock.kind):
            before = clock.deadline_at
            clock.duration, clock.measured = promise.duration, promise.measured
            clock.site_id, clock.market = promise.site_id, promise.market
            clock.was_met = None
            _set_deadline(clock)
            if clock.deadline_at != before:
                moved.append(moved_clock(clock.kind, before, clock.deadline_at))
    book.refresh_urgency()
    if moved:
        book.record("clock.recomputed", at, by, clocks=moved)


def _set_deadline(clock: Clock) -> None:
    clock.deadline_at = deadlines.deadline(facts_of(clock))
    clock.warns_at = first_warning(clock)
