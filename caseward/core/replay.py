"""Replaying a stretch of work: who would have got which case, and when, under given rules.

What happened gives the arrivals, the people and how long each case took; the rules give who may
take what, in which order, and where overdue work overflows to. Nothing here is drawn at random, so
two replays differ by their rules only.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True)
class Arrival:
    """A case that begins to wait.

    Cases of one `need` are for the same people. `rank` orders them, lowest first; `takes` is how
    long somebody works on it; `due_at` is when the promise to it runs out.
    """

    id: int
    at: datetime
    need: Hashable
    rank: float
    takes: timedelta
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.takes <= timedelta(0):
            raise ValueError(f"a case must take some time, got {self.takes}")


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch in which somebody takes cases, `[starts_at, ends_at)`; the last one is finished."""

    worker: int
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError(f"a stint must end after it starts, got {self}")


@dataclass(frozen=True, slots=True)
class Given:
    """Who got a case and when. `worker` and `at` are None for one that waited to the very end."""

    arrival: Arrival
    worker: int | None = None
    at: datetime | None = None
    need: Hashable = None  # the one it was given by, which overflow may have changed

    @property
    def wait(self) -> timedelta | None:
        return None if self.at is None else self.at - self.arrival.at

    def is_missed(self, *, by: datetime) -> bool:
        """Say whether the promise was broken, as far as is known at the end of the replay."""
        if self.arrival.due_at is None:
            return False
        done_at = by if self.at is None else self.at + self.arrival.takes
        return done_at > self.arrival.due_at


type Waiting = Mapping[Hashable, Sequence[Arrival]]
type Overflow = Callable[[datetime, Waiting], Iterable[tuple[Arrival, Hashable]]]
"""From the moment and what waits for each need: which cases are to wait for another need."""


@dataclass(slots=True)
class _Floor:
    """Who is free and what waits at one moment of the replay."""

    may: Mapping[int, frozenset[Hashable]]
    waiting: dict[Hashable, list[tuple[float, int, Arrival]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    free: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)  # since, until

    def next_for(self, worker: int) -> tuple[Hashable, Arrival] | None:
        """Take out the first case a worker may take."""
        heads = [
            (self.waiting[need][0], need)
            for need in self.may.get(worker, ())
            if self.waiting.get(need)
        ]
        if not heads:
            return None
        (_, _, arrival), need = min(heads, key=lambda head: head[0][:2])
        heappop(self.waiting[need])
        return need, arrival

    def longest_free(self, need: Hashable, now: datetime) -> int | None:
        """Return who has been free longest of those who may take a need."""
        able = [
            (since, worker)
            for worker, (since, until) in self.free.items()
            if now < until and need in self.may.get(worker, ())
        ]
        return min(able)[1] if able else None


def replay(
    arrivals: Iterable[Arrival],
    stints: Iterable[Stint],
    *,
    may: Mapping[int, frozenset[Hashable]],
    overflow: Overflow | None = None,
    every: timedelta = timedelta(minutes=5),
) -> list[Given]:
    """Return who gets each case and when, in the order of the arrivals.

    Each person works on one case at a time. A case that arrives goes to whoever of those who may
    take it has been free longest; a person who becomes free takes what is first by rank.

    Args:
        arrivals: Cases, each with an id of its own.
        stints: When people take cases; those of one person must not overlap.
        may: The needs each person may take.
        overflow: Which of the cases that wait overflow, and where to.
        every: How often `overflow` is asked.
    """
    cases = sorted(arrivals, key=lambda case: (case.at, case.id))
    floor = _Floor(may)
    given: dict[int, Given] = {}
    events = _Events(cases, stints, every if overflow else None)
    for now, what in events:
        match what:
            case Arrival():
                _arrive(floor, events, given, what, now)
            case Stint():
                _become_free(floor, events, given, what, now)
            case None if overflow is not None:
                _overflow(floor, events, given, overflow, now)
    for need, items in floor.waiting.items():
        given |= {case.id: Given(case, need=need) for _, _, case in items}
    return [given[case.id] for case in cases]


class _Events:
    """What happens, in order of time; work being finished joins as it becomes known."""

    def __init__(
        self, cases: Sequence[Arrival], stints: Iterable[Stint], every: timedelta | None
    ) -> None:
        self._number = 0
        self._heap: list[tuple[datetime, int, int, Arrival | Stint | None]] = []
        ends_at = [case.at for case in cases]
        for stint in stints:
            self.add(stint.starts_at, stint)
            ends_at.append(stint.ends_at)
        for case in cases:
            self.add(case.at, case)
        if every and cases:
            self._add_ticks(cases[0].at, max(ends_at), every)

    def _add_ticks(self, first: datetime, last: datetime, every: timedelta) -> None:
        while first <= last:
            self.add(first, None)
            first += every

    def add(self, at: datetime, what: Arrival | Stint | None) -> None:
        # At one moment people become free first, then cases arrive, then overflow is looked at.
        order = 0 if isinstance(what, Stint) else 1 if what else 2
        self._number += 1
        heappush(self._heap, (at, order, self._number, what))

    def __iter__(self) -> Iterator[tuple[datetime, Arrival | Stint | None]]:
        while self._heap:
            at, _order, _number, what = heappop(self._heap)
            yield at, what


def _arrive(
    floor: _Floor, events: _Events, given: dict[int, Given], case: Arrival, now: datetime
) -> None:
    worker = floor.longest_free(case.need, now)
    if worker is None:
        heappush(floor.waiting[case.need], (case.rank, case.id, case))
    else:
        _give(floor, events, given, worker, case, case.need, now)


def _become_free(
    floor: _Floor, events: _Events, given: dict[int, Given], stint: Stint, now: datetime
) -> None:
    floor.free[stint.worker] = (now, stint.ends_at)
    if found := floor.next_for(stint.worker):
        need, case = found
        _give(floor, events, given, stint.worker, case, need, now)


def _give(
    floor: _Floor,
    events: _Events,
    given: dict[int, Given],
    worker: int,
    case: Arrival,
    need: Hashable,
    now: datetime,
) -> None:
    _, until = floor.free.pop(worker)
    given[case.id] = Given(case, worker, now, need)
    done_at = now + case.takes
    if done_at < until:
        events.add(done_at, Stint(worker, done_at, until))


def _overflow(
    floor: _Floor, events: _Events, given: dict[int, Given], where: Overflow, now: datetime
) -> None:
    waiting = {
        need: [case for _, _, case in items] for need, items in floor.waiting.items() if items
    }
    for case, to in list(where(now, waiting)):
        need = next(need for need, cases in waiting.items() if case in cases)
        floor.waiting[need].remove((case.rank, case.id, case))
        heapify(floor.waiting[need])
        _move(floor, events, given, case, to, now)


def _move(
    floor: _Floor,
    events: _Events,
    given: dict[int, Given],
    case: Arrival,
    to: Hashable,
    now: datetime,
) -> None:
    worker = floor.longest_free(to, now)
    if worker is None:
        heappush(floor.waiting[to], (case.rank, case.id, case))
    else:
        _give(floor, events, given, worker, case, to, now)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a replay comes to. Waits are of cases that were given to somebody."""

    cases: int
    given: int
    missed: int
    median_wait: timedelta
    wait_of_nine_in_ten: timedelta


def summarise(given: Sequence[Given], *, by: datetime) -> Summary:
    """Return what a replay that ended at `by` comes to."""
    waits = sorted(one.wait for one in given if one.wait is not None)
    return Summary(
        cases=len(given),
        given=len(waits),
        missed=sum(one.is_missed(by=by) for one in given),
        median_wait=_quantile(waits, 0.5),
        wait_of_nine_in_ten=_quantile(waits, 0.9),
    )


def _quantile(waits: Sequence[timedelta], share: float) -> timedelta:
    """Return the smallest wait that at least this share of the cases did not exceed."""
    if not waits:
        return timedelta(0)
    place = -(-len(waits) * share // 1)
    return waits[max(int(place), 1) - 1]
