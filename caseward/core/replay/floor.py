"""Who is there, what they hold and what waits, at one moment of a replay."""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from caseward.core.replay.facts import Arrival, Given, Hands, Stint

HEADS = 3
"""So many cases of each need are looked at, as somebody does who asks for the next case."""


class Candidate(NamedTuple):
    """Somebody who could have a case now, and the minutes of work in their hands."""

    worker: int
    busy_minutes: float


type Choose = Callable[[datetime, int, Sequence[tuple[Hashable, Arrival]]], int]
"""From the moment, a worker and the cases they could take, lowest rank first: the place of one."""
type Whom = Callable[[datetime, Hashable, Arrival, Sequence[Candidate]], int]
"""From the moment, a need, its case and who could have it, longest free first: the place of one."""
type IsHeld = Callable[[datetime, Hashable, Arrival], bool]
"""Whether a case is kept at a moment for people who come later."""


def the_first(*_args: object) -> int:
    return 0


def never(*_args: object) -> bool:
    return False


@dataclass(slots=True)
class _Person:
    """Somebody at work until a moment; `free_from` is when all they hold is done."""

    until: datetime
    free_from: datetime
    hands: Hands
    held: dict[int, Arrival] = field(default_factory=dict)


@dataclass(slots=True)
class Floor:
    """Everybody and everything that waits. Rules come in as functions, so that it knows none."""

    may: Mapping[int, frozenset[Hashable]]
    hands: Mapping[int, Hands]
    choose: Choose = the_first
    whom: Whom = the_first
    is_held: IsHeld = never
    waiting: dict[Hashable, list[tuple[float, int, Arrival]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    people: dict[int, _Person] = field(default_factory=dict)

    def begin(self, stint: Stint) -> None:
        """Let somebody come; what they still hold of an earlier stint stays in their hands."""
        person = self.people.get(stint.worker)
        if person is None:
            hands = self.hands.get(stint.worker, Hands())
            person = self.people[stint.worker] = _Person(stint.ends_at, stint.starts_at, hands)
        person.until = stint.ends_at
        person.free_from = max(person.free_from, stint.starts_at)

    def wait(self, case: Arrival, need: Hashable) -> None:
        insort(self.waiting[need], (case.rank, case.id, case))

    def stop_waiting(self, case: Arrival, need: Hashable) -> None:
        self.waiting[need].remove((case.rank, case.id, case))

    def put_down(self, worker: int, case: Arrival) -> None:
        del self.people[worker].held[case.id]

    def give(self, worker: int, case: Arrival, need: Hashable, now: datetime) -> Given:
        """Put a case into somebody's hands: they work on it after what they hold already."""
        person = self.people[worker]
        person.held[case.id] = case
        person.free_from = max(person.free_from, now) + case.takes
        return Given(case, worker, now, need, person.free_from)

    def next_for(self, worker: int, now: datetime) -> tuple[Hashable, Arrival] | None:
        """Return what somebody takes next of what they may take and have room for."""
        person = self.people[worker]
        if now >= person.until or len(person.held) >= person.hands.cases:
            return None
        found = sorted(self._heads(worker, person, now), key=lambda one: (one[1].rank, one[1].id))
        return found[self.choose(now, worker, found)] if found else None

    def _heads(
        self, worker: int, person: _Person, now: datetime
    ) -> Iterator[tuple[Hashable, Arrival]]:
        for need in self.may.get(worker, ()):
            for _, _, case in self.waiting.get(need, ())[:HEADS]:
                fits = person.hands.has_room(person.held, case)
                if fits and not self.is_held(now, need, case):
                    yield need, case

    def taker_of(self, case: Arrival, need: Hashable, now: datetime) -> int | None:
        """Return who takes a case that begins to wait; None: nobody has room, or it is held."""
        if self.is_held(now, need, case):
            return None
        able = sorted(
            (person.free_from, worker)
            for worker, person in self.people.items()
            if now < person.until
            and need in self.may.get(worker, ())
            and person.hands.has_room(person.held, case)
        )
        there = [Candidate(worker, _minutes(free_from - now)) for free_from, worker in able]
        return there[self.whom(now, need, case, there)].worker if there else None


def _minutes(span: timedelta) -> float:
    return max(span / timedelta(minutes=1), 0.0)
