"""Handing out many cases to many people at once.

Cases come in the order of their urgency; each goes to the person who could begin it soonest. Of
people who could begin at about the same time, whoever is asked for least by everything else that
waits comes first: giving away the only Tamil speaker to an English case is what one regrets later.

Cases that need the same are one demand, people who may and can do the same are one supply, so the
hard rules are asked once for each pair of these rather than for every case and every person.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseward.core.matching.facts import Work, Worker
from caseward.core.matching.preferring import Term, is_easy, practice, preference, urgency
from caseward.core.matching.refusing import refusals
from caseward.core.matching.weights import USUAL, Weights

OF_A_PLACE = frozenset({"right", "tier", "vendor", "lob", "language"})


@dataclass(frozen=True, slots=True)
class Assignment:
    """A case for a person: when they can begin, of how many who might, and why it fits.

    `refused` says of how many others which rule came first of those that spoke against them.
    """

    work_id: int
    worker_id: int
    starts_in: float
    candidates: int
    terms: tuple[Term, ...]
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was handed out, most urgent first, and what was left.

    Beside each case that was left stands why, by how many people: of several reasons that speak
    against somebody, the first of `REFUSALS` counts.
    """

    assignments: list[Assignment]
    left: dict[int, Mapping[str, int]]


@dataclass(slots=True)
class _Seat:
    """A person while work is handed out: how busy they are by now and what still fits."""

    worker: Worker
    pressure: float = 0.0
    busy: float = 0.0
    room: float = 0.0
    rooms: dict[str, float] = field(default_factory=dict)

    def room_for(self, channel: str) -> float:
        return min(self.room, self.rooms.get(channel, self.worker.room_for(channel)))

    def take(self, work: Work) -> None:
        self.rooms[work.channel] = self.room_for(work.channel) - work.units
        self.room -= work.units
        self.busy += work.handling_minutes


@dataclass(slots=True)
class _Place:
    """A tier, vendor, line of business and language: who works there, and why others do not."""

    belong: list[list[_Seat]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Demand:
    """Cases that need the same, the people who may have them, and why the others may not."""

    sample: Work
    weights: Weights
    seats: list[_Seat] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    fits: dict[int, float] = field(default_factory=dict)
    heap: list[tuple[float, int, _Seat]] = field(default_factory=list)
    size: int = 0

    def begins(self, seat: _Seat) -> float:
        return seat.busy * self.weights.load + seat.pressure + self.fits[seat.worker.id]


def assign_batch(
    works: Sequence[Work], workers: Sequence[Worker], weights: Weights = USUAL
) -> Batch:
    """Hand out as much work as the people have room for, breaking no hard rule.

    Takes time in proportion to kinds of demand times people, plus cases times the logarithm of
    people. Where every case takes equally long and everybody may have every case, total lateness
    is the least possible: most urgent first is then optimal.
    """
    seats = [_Seat(w, busy=w.busy_minutes, room=w.room_in_all) for w in workers]
    demands = _demands(works, seats, weights)
    _weigh(demands.values(), seats, weights)
    given: list[Assignment] = []
    left: dict[int, Mapping[str, int]] = {}
    for work in sorted(works, key=lambda work: (urgency(work, weights), work.id)):
        demand = demands[_need(work)]
        seat = _choose(demand, work)
        if seat is None:
            left[work.id] = _why_left(demand, work)
        else:
            given.append(_given(demand, seat, work))
            seat.take(work)
    return Batch(given, left)


def _need(work: Work) -> tuple[Any, ...]:
    return (
        work.tier, work.vendor_id, work.lob_id, work.language, work.language_level,
        work.certification, work.severity, work.category, work.channel, work.units,
        work.queue_is_paused, is_easy(work),
    )  # fmt: skip


def _ability(worker: Worker) -> tuple[Any, ...]:
    return (
        worker.tier, worker.vendor_id, frozenset(worker.skills.items()), worker.certifications,
        worker.may_work, worker.max_severity, worker.opted_out, worker.is_on_shift,
        worker.is_available, worker.room_in_all, worker.room_otherwise,
        frozenset(worker.room.items()),
    )  # fmt: skip


def _demands(
    works: Iterable[Work], seats: Sequence[_Seat], weights: Weights
) -> dict[tuple[Any, ...], _Demand]:
    demands: dict[tuple[Any, ...], _Demand] = {}
    for work in works:
        demand = demands.setdefault(_need(work), _Demand(work, weights))
        demand.size += 1
    alike: dict[tuple[Any, ...], list[_Seat]] = {}
    for seat in seats:
        alike.setdefault(_ability(seat.worker), []).append(seat)
    places: dict[tuple[Any, ...], _Place] = {}
    for demand in demands.values():
        place = _place(demand.sample)
        if place not in places:
            places[place] = _who_belongs(demand.sample, alike.values())
        _admit(demand, places[place])
    return demands


def _place(work: Work) -> tuple[Any, ...]:
    return work.tier, work.vendor_id, work.lob_id, work.language


def _who_belongs(sample: Work, alike: Iterable[list[_Seat]]) -> _Place:
    """Sort people by tier, vendor, line of business and language, which most fail already."""
    bare = Work(sample.id, *_place(sample))
    place = _Place()
    for same in alike:
        code = next((c for c in refusals(same[0].worker, bare) if c in OF_A_PLACE), "")
        if code:
            place.refused[code] += len(same)
        else:
            place.belong.append(same)
    return place


def _admit(demand: _Demand, place: _Place) -> None:
    """Ask the hard rules once for people who may and can do the same; exclusions come later."""
    demand.refused = Counter(place.refused)
    for same in place.belong:
        codes = refusals(same[0].worker, demand.sample)
        code = next((code for code in codes if code != "independence"), "")
        if code:
            demand.refused[code] += len(same)
        else:
            demand.seats.extend(same)


def _weigh(demands: Iterable[_Demand], seats: Sequence[_Seat], weights: Weights) -> None:
    """Say how wanted everybody is, then line people up for each demand by when they can begin."""
    demands = list(demands)
    for demand in demands:
        for seat in demand.seats:
            seat.pressure += demand.size / len(demand.seats)
    most = max((seat.pressure for seat in seats), default=0.0) or 1.0
    for seat in seats:
        seat.pressure *= weights.scarcity / most
    for demand in demands:
        demand.fits = {
            seat.worker.id: practice(seat.worker, demand.sample, weights) for seat in demand.seats
        }
        demand.heap = [(demand.begins(s), s.worker.id, s) for s in demand.seats]
        heapq.heapify(demand.heap)


def _choose(demand: _Demand, work: Work) -> _Seat | None:
    soonest = _soonest(demand, work)
    known = [seat for seat in _who_know(demand, work) if _fits(seat, work)]
    if soonest is None or not known:
        return soonest
    friend = min(known, key=lambda seat: (demand.begins(seat), seat.worker.id))
    gained = demand.begins(friend) - demand.weights.continuity
    return friend if gained <= demand.begins(soonest) else soonest


def _soonest(demand: _Demand, work: Work) -> _Seat | None:
    """Return who can begin soonest.

    People only get busier, so what the heap says of somebody is too early at worst: the top is
    corrected until it is true. Whoever has no room left for this demand never has again.
    """
    heap, excluded = demand.heap, []
    found = None
    while heap and found is None:
        said, number, seat = heap[0]
        true = demand.begins(seat)
        if work.units > seat.room_for(work.channel):
            heapq.heappop(heap)
        elif true > said:
            heapq.heapreplace(heap, (true, number, seat))
        elif number in work.excluded:
            excluded.append(heapq.heappop(heap))
        else:
            found = seat
    for entry in excluded:
        heapq.heappush(heap, entry)
    return found


def _who_know(demand: _Demand, work: Work) -> list[_Seat]:
    if not work.known_to:
        return []
    return [seat for seat in demand.seats if seat.worker.id in work.known_to]


def _fits(seat: _Seat, work: Work) -> bool:
    return work.units <= seat.room_for(work.channel) and seat.worker.id not in work.excluded


def _given(demand: _Demand, seat: _Seat, work: Work) -> Assignment:
    terms = preference(seat.worker, work, demand.weights)
    candidates = len(demand.seats)
    return Assignment(work.id, seat.worker.id, seat.busy, candidates, terms, demand.refused)


def _why_left(demand: _Demand, work: Work) -> Mapping[str, int]:
    excluded = sum(seat.worker.id in work.excluded for seat in demand.seats)
    full = {"independence": excluded, "capacity": len(demand.seats) - excluded}
    return demand.refused + Counter(full)
