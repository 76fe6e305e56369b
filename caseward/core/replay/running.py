"""The replay itself: one thing after another, in order of time."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from caseward.core.replay.facts import Arrival, Given, Hands, Stint
from caseward.core.replay.floor import Choose, Floor, IsHeld, Whom, never, the_first

type Waiting = Mapping[Hashable, Sequence[Arrival]]
type Overflow = Callable[[datetime, Waiting], Iterable[tuple[Arrival, Hashable]]]
"""From the moment and what waits for each need: which cases are to wait for another need."""


class _Done(NamedTuple):
    """Somebody finishes a case."""

    worker: int
    case: Arrival


type _What = Stint | _Done | Arrival | None
_ORDER = {Stint: 0, _Done: 1, Arrival: 2, type(None): 3}
"""At one moment people come first, then finish, then cases arrive, then all is looked over."""


def replay(
    arrivals: Iterable[Arrival],
    stints: Iterable[Stint],
    *,
    may: Mapping[int, frozenset[Hashable]],
    hands: Mapping[int, Hands] | None = None,
    choose: Choose = the_first,
    whom: Whom = the_first,
    is_held: IsHeld = never,
    overflow: Overflow | None = None,
    every: timedelta = timedelta(minutes=5),
) -> list[Given]:
    """Return who gets each case and when, in the order of the arrivals.

    People work on one case after another, in the order they got them. A case that arrives goes to
    somebody who may take it and has room; whoever has room again takes from what waits.

    Args:
        arrivals: Cases, each with an id of its own.
        stints: When people take cases; those of one person must not overlap.
        may: The needs each person may take.
        hands: How much each person holds at once; one case where nothing is said.
        choose: Which of the cases somebody could take they take; the first by rank.
        whom: Which of the people who could have a case get it; who has been free longest.
        is_held: Which cases are kept for people who come later.
        overflow: Which of the cases that wait overflow, and where to.
        every: How often what waits is looked over.
    """
    cases = sorted(arrivals, key=lambda case: (case.at, case.id))
    run = _Run(Floor(may, hands or {}, choose, whom, is_held), overflow)
    run.expect(cases, stints, None if overflow is None and is_held is never else every)
    return run.to_the_end(cases)


@dataclass(slots=True)
class _Run:
    """A replay under way; work being finished joins what is expected as it becomes known."""

    floor: Floor
    overflow: Overflow | None
    given: dict[int, Given] = field(default_factory=dict)
    heap: list[tuple[datetime, int, int, _What]] = field(default_factory=list)
    number: int = 0

    def expect(
        self, cases: Sequence[Arrival], stints: Iterable[Stint], every: timedelta | None
    ) -> None:
        ends_at = [case.at for case in cases]
        for stint in stints:
            self._add(stint.starts_at, stint)
            ends_at.append(stint.ends_at)
        for case in cases:
            self._add(case.at, case)
        if every and cases:
            for moment in _ticks(cases[0].at, max(ends_at), every):
                self._add(moment, None)

    def _add(self, at: datetime, what: _What) -> None:
        self.number += 1
        heappush(self.heap, (at, _ORDER[type(what)], self.number, what))

    def to_the_end(self, cases: Sequence[Arrival]) -> list[Given]:
        while self.heap:
            now, _order, _number, what = heappop(self.heap)
            self._happen(what, now)
        for need, items in self.floor.waiting.items():
            self.given |= {case.id: Given(case, need=need) for _, _, case in items}
        return [self.given[case.id] for case in cases]

    def _happen(self, what: _What, now: datetime) -> None:
        match what:
            case Arrival():
                self._arrive(what, what.need, now)
            case Stint():
                self.floor.begin(what)
                self._take(what.worker, now)
            case _Done():
                self.floor.put_down(what.worker, what.case)
                self._take(what.worker, now)
            case None:
                self._look_over(now)

    def _arrive(self, case: Arrival, need: Hashable, now: datetime) -> None:
        worker = self.floor.taker_of(case, need, now)
        if worker is None:
            self.floor.wait(case, need)
        else:
            self._give(worker, case, need, now)

    def _take(self, worker: int, now: datetime) -> None:
        """Let somebody take cases until their hands are full or nothing is left for them."""
        while found := self.floor.next_for(worker, now):
            need, case = found
            self.floor.stop_waiting(case, need)
            self._give(worker, case, need, now)

    def _give(self, worker: int, case: Arrival, need: Hashable, now: datetime) -> None:
        given = self.floor.give(worker, case, need, now)
        assert given.done_at is not None  # what is given is finished, by and by
        self.given[case.id] = given
        self._add(given.done_at, _Done(worker, case))

    def _look_over(self, now: datetime) -> None:
        """Move what overflows, then let people take what was held back for them until now."""
        if self.overflow is not None:
            waiting = {
                need: [case for _, _, case in items]
                for need, items in self.floor.waiting.items() if items
            }  # fmt: skip
            where = {case.id: need for need, cases in waiting.items() for case in cases}
            for case, to in list(self.overflow(now, waiting)):
                self.floor.stop_waiting(case, where[case.id])
                self._arrive(case, to, now)
        if self.floor.is_held is not never:
            longest_free = sorted(self.floor.people, key=self._free_from)
            for worker in longest_free:
                self._take(worker, now)

    def _free_from(self, worker: int) -> tuple[datetime, int]:
        return self.floor.people[worker].free_from, worker


def _ticks(first: datetime, last: datetime, every: timedelta) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += every
