"""The soft order as a replay has it: which case somebody takes, and who is offered one."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caseward.core.matching import Weights, Work, preference, score_of
from caseward.core.replay import Arrival, Candidate
from caseward.core.replay.floor import HEADS
from caseward.routing.rules.history import History, Need, Place
from caseward.routing.rules.people import People

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SoftOrder:
    """Weights at work on the cases of a history; `pushed` are the queues that offer cases."""

    weights: Weights
    people: People
    works: Mapping[int, Work]
    pushed: frozenset[Place]

    def choose(self, now: datetime, worker: int, heads: Sequence[tuple[Hashable, Arrival]]) -> int:
        """Return the place of the best case among the first three of each queue."""
        seen: Counter[Place] = Counter()
        best: tuple[float, int] | None = None
        for place, (need, case) in enumerate(heads):
            assert isinstance(need, Need)
            seen[need.place] += 1
            if seen[need.place] <= HEADS:
                found = self._score(now, worker, case), place
                best = min(best or found, found)
        assert best is not None  # whoever chooses has something to choose from
        return best[1]

    def whom(
        self, now: datetime, need: Hashable, case: Arrival, people: Sequence[Candidate]
    ) -> int:
        """Return the place of who is offered a case; who takes one has been free longest."""
        assert isinstance(need, Need)
        if need.place not in self.pushed:
            return 0
        scores = [
            (self._score(now, one.worker, case, one.busy_minutes), place)
            for place, one in enumerate(people)
        ]
        return min(scores)[1]

    def _score(self, now: datetime, who: int, case: Arrival, busy_minutes: float = 0.0) -> float:
        worker = replace(self.people.workers[who], busy_minutes=busy_minutes)
        left = None if case.due_at is None else (case.due_at - now) / A_MINUTE
        waited = (now - case.at) / A_MINUTE
        work = replace(self.works[case.id], minutes_left=left, age_minutes=waited)
        return score_of(preference(worker, work, self.weights))


def works_of(history: History, people: People, usual: Mapping[int, timedelta]) -> dict[int, Work]:
    """Return the cases of a history as the soft order sees them, by their number.

    Who knew the requester is known of those alone who got a case because of that.
    """
    return {
        wait.number: Work(
            id=wait.number,
            tier=wait.need.tier,
            vendor_id=wait.need.vendor_id,
            lob_id=wait.need.lob_id,
            language=wait.need.language,
            severity=people.severity.get(wait.need.reason_id, 0),
            handling_minutes=usual.get(wait.need.reason_id, 8 * A_MINUTE) / A_MINUTE,
            priority=wait.priority,
            known_to=frozenset({wait.given_to} if wait.is_known and wait.given_to else ()),
        )
        for wait in history.waits
    }
