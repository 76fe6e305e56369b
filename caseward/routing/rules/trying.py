"""Trying rules on what happened: the same cases and people under two sets of rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caseward.core.replay import Arrival, Given, Hands, Summary, replay, summarise
from caseward.core.replay.floor import never
from caseward.routing.rules.content import Rules
from caseward.routing.rules.history import History, Need, Wait, arrivals_of, usually_held
from caseward.routing.rules.holding import held_back
from caseward.routing.rules.ordering import SoftOrder, works_of
from caseward.routing.rules.overflowing import IsClosed, overflow_of
from caseward.routing.rules.people import People
from caseward.routing.services import whose_turn
from caseward.routing.standing import UNITS_IN_ALL

CHANGES = ("somebody_else", "shorter", "longer", "in_time", "late")
WORTH_TELLING = timedelta(minutes=5)
"""A wait that differs by less would have differed by chance."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case under the rules in force and under those tried."""

    wait: Wait
    before: Given
    after: Given

    @property
    def has_moved(self) -> bool:
        """Say whether it would have gone to another vendor or tier."""
        return _place(self.before) != _place(self.after)

    @property
    def waits_longer(self) -> timedelta:
        return _waited(self.after) - _waited(self.before)

    def changes(self, *, by: datetime) -> set[str]:
        """Return how it would have gone otherwise, as far as is known at the end of the replay."""
        was_late, is_late = self.before.is_missed(by=by), self.after.is_missed(by=by)
        told = {
            "somebody_else": self.before.worker != self.after.worker,
            "longer": self.waits_longer >= WORTH_TELLING,
            "shorter": -self.waits_longer >= WORTH_TELLING,
            "late": is_late and not was_late,
            "in_time": was_late and not is_late,
        }
        return {name for name, is_so in told.items() if is_so}


def _place(given: Given) -> tuple[int, int | None]:
    need = given.need
    assert isinstance(need, Need)
    return need.tier, need.vendor_id


def _waited(given: Given) -> timedelta:
    return timedelta(days=365) if given.wait is None else given.wait


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying rules showed. `really` is what happened, to judge the replay itself by."""

    really: Summary
    before: Summary
    after: Summary
    outcomes: list[Outcome]
    ends_at: datetime

    @property
    def moved(self) -> int:
        return sum(outcome.has_moved for outcome in self.outcomes)

    @property
    def changes(self) -> Counter[str]:
        """Return in how many cases what would have changed."""
        return Counter(
            name for outcome in self.outcomes for name in outcome.changes(by=self.ends_at)
        )


def try_rules(
    history: History,
    people: People,
    *,
    before: Rules,
    after: Rules,
    vendors: Mapping[str, int],
    usual: Mapping[int, timedelta],
    counts_from: datetime,
    ends_at: datetime,
    is_closed: IsClosed,
) -> Trial:
    """Replay a history under two sets of rules and compare case by case.

    Args:
        vendors: The id of each vendor by its key.
        usual: How long a case of each reason takes where nobody worked on it.
        counts_from: What began to wait before this only warms the replay up.
        is_closed: Whether a site, by its key, is closed at a moment.
    """
    arrivals = arrivals_of(history, usual=usual)
    placed = _placed(arrivals, history, people, before, after, vendors)
    circumstances = _Circumstances(history, people, vendors, usual, is_closed)
    was = circumstances.replayed(arrivals, before)
    would = circumstances.replayed(placed, after)
    outcomes = [
        Outcome(wait, one, other)
        for wait, one, other in zip(history.waits, _by_number(was), _by_number(would), strict=True)
        if wait.since >= counts_from
    ]
    return Trial(
        really=_really(outcomes, ends_at),
        before=summarise([outcome.before for outcome in outcomes], by=ends_at),
        after=summarise([outcome.after for outcome in outcomes], by=ends_at),
        outcomes=outcomes,
        ends_at=ends_at,
    )


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What is the same under both sets of rules."""

    history: History
    people: People
    vendors: Mapping[str, int]
    usual: Mapping[int, timedelta]
    is_closed: IsClosed

    def replayed(self, arrivals: Sequence[Arrival], rules: Rules) -> list[Given]:
        needs = {_need(arrival) for arrival in arrivals}
        needs |= {need._replace(tier=2, vendor_id=None) for need in needs}
        needs |= {
            need._replace(tier=1, vendor_id=vendor)
            for need in needs for vendor in self.vendors.values()
        }  # fmt: skip
        order, holding = self._order(rules), held_back(rules, self.history, self.people)
        return replay(
            [_filling(arrival, rules) for arrival in arrivals],
            self.history.stints,
            may=self.people.may(needs, rules),
            hands=self._hands(rules),
            choose=order.choose,
            whom=order.whom,
            is_held=holding.holds if holding else never,
            overflow=overflow_of(
                rules, vendors=self.vendors, lines=self.people.lines, is_closed=self.is_closed
            ),
        )

    def _order(self, rules: Rules) -> SoftOrder:
        queues = self.people.queues
        pushed = frozenset(queues[queue_id] for queue_id in rules.pushing if queue_id in queues)
        works = works_of(self.history, self.people, self.usual)
        return SoftOrder(rules.weights, self.people, works, pushed)

    def _hands(self, rules: Rules) -> dict[int, Hands]:
        """Return what each person holds: what they usually held, within what the rules allow."""
        of_kind = {channel: room.at_most for channel, room in rules.rooms.items() if channel}
        in_all = rules.rooms[""].at_most if "" in rules.rooms else UNITS_IN_ALL
        held = usually_held(self.history)
        return {who: Hands(held.get(who, 1), of_kind, in_all) for who in self.people.workers}


def _filling(arrival: Arrival, rules: Rules) -> Arrival:
    room = rules.rooms.get(arrival.kind)
    return replace(arrival, units=room.units) if room else arrival


def _by_number(given: Iterable[Given]) -> list[Given]:
    return sorted(given, key=lambda one: one.arrival.id)


def _need(arrival: Arrival) -> Need:
    assert isinstance(arrival.need, Need)
    return arrival.need


def _placed(
    arrivals: Sequence[Arrival],
    history: History,
    people: People,
    before: Rules,
    after: Rules,
    vendors: Mapping[str, int],
) -> list[Arrival]:
    """Place new tier-1 cases of lines whose shares change with the vendor whose turn it is."""
    changed = {
        line for line, vendor in before.shares.keys() | after.shares.keys()
        if before.shares.get((line, vendor)) != after.shares.get((line, vendor))
    }  # fmt: skip
    serves = _serving(history, people)
    turns: Counter[tuple[int, str]] = Counter()
    placed = []
    for arrival, wait in zip(arrivals, history.waits, strict=True):
        need = wait.need
        line = people.lines.get(need.lob_id, "")
        if wait.is_new and need.tier == 1 and line in changed:
            shares = [
                (vendors[vendor], share)
                for (of_line, vendor), share in sorted(after.shares.items())
                if of_line == line and vendors.get(vendor) in serves[need.lob_id, need.language]
            ]
            if shares:
                turns[need.lob_id, need.language] += 1
                vendor_id = whose_turn(shares, turns[need.lob_id, need.language])
                arrival = replace(arrival, need=need._replace(vendor_id=vendor_id))
        placed.append(arrival)
    return placed


def _serving(history: History, people: People) -> dict[tuple[int, str], set[int]]:
    """Return the vendors whose people, or past cases, serve a line of business in a language."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for worker in people.workers.values():
        for skill in worker.skills:
            if worker.vendor_id:
                found[skill].add(worker.vendor_id)
    return found


def _really(outcomes: Sequence[Outcome], ends_at: datetime) -> Summary:
    return summarise([_as_it_went(outcome) for outcome in outcomes], by=ends_at)


def _as_it_went(outcome: Outcome) -> Given:
    wait, arrival = outcome.wait, outcome.before.arrival
    took = wait.takes if wait.takes else arrival.takes
    done_at = wait.given_at + took if wait.given_at else None
    return Given(arrival, wait.given_to, wait.given_at, wait.need, done_at)
