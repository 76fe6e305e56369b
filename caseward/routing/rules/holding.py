"""Hold-back as a replay has it: what can wait is kept for who, by plan, comes on shift soon."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseward.core.replay import Arrival
from caseward.routing.holding_back import SPARE
from caseward.routing.rules.content import Rules
from caseward.routing.rules.history import History, Need, Place
from caseward.routing.rules.people import People


@dataclass(frozen=True, slots=True)
class HeldBack:
    """For queues that hold back: how long before a shift, and when shifts begin."""

    minutes: Mapping[Place, timedelta]
    begins: Mapping[Place, Sequence[datetime]]

    def holds(self, now: datetime, need: Hashable, case: Arrival) -> bool:
        """Say whether a case is kept at this moment for people who come on shift soon."""
        assert isinstance(need, Need)
        return self.until(need.place, now, case.due_at) is not None

    def until(self, place: Place, now: datetime, due_at: datetime | None) -> datetime | None:
        """Return when the shift begins that a case is left to; None: it is not held."""
        minutes = self.minutes.get(place)
        if minutes is None:
            return None
        begins = self.begins[place]
        after = bisect_right(begins, now)
        if after == len(begins) or begins[after] > now + minutes:
            return None
        can_wait = due_at is None or due_at >= begins[after] + SPARE
        return begins[after] if can_wait else None

    def stretches(self, place: Place) -> Iterator[tuple[datetime, datetime]]:
        """Return the stretches in which a queue holds back without a break."""
        starts_at = ends_at = None
        for begin in self.begins[place]:
            if ends_at is None or begin - self.minutes[place] > ends_at:
                if starts_at and ends_at:
                    yield starts_at, ends_at
                starts_at = begin - self.minutes[place]
            ends_at = begin
        if starts_at and ends_at:
            yield starts_at, ends_at


def held_back(rules: Rules, history: History, people: People) -> HeldBack | None:
    """Return what these rules hold back, None where they hold back nothing."""
    minutes = {
        people.queues[queue_id]: timedelta(minutes=length)
        for queue_id, length in rules.hold_back.items() if queue_id in people.queues
    }  # fmt: skip
    if not minutes:
        return None
    begins: dict[Place, list[datetime]] = defaultdict(list)
    for who, moment in history.shifts:
        for place in minutes:
            if _comes_for(people, who, place):
                begins[place].append(moment)
    return HeldBack(minutes, begins)


def _comes_for(people: People, who: int, place: Place) -> bool:
    worker = people.workers.get(who)
    if worker is None or worker.vendor_id != place.vendor_id:
        return False
    return (place.lob_id, place.language) in worker.skills
