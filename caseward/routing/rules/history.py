"""What happened, read back from the ledger as arrivals, work and the people who did it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from caseward.core.replay import Arrival, Stint
from caseward.ledger.models import Event
from caseward.org.models import Shift

WAITS_AGAIN = frozenset({"case.released", "case.transferred", "case.escalated", "case.reopened"})
ENDS_WORK = frozenset(
    {"message.sent", "case.resolved", "case.escalated", "case.released", "case.transferred",
     "escalation.returned"}
)  # fmt: skip
KINDS = (
    "case.opened", "case.assigned", "case.recognised", *sorted(WAITS_AGAIN | ENDS_WORK),
)  # fmt: skip
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
LONGEST_HELD = timedelta(hours=8)
"""What lies in somebody's hands for longer is forgotten rather than worked on beside others."""
BREAK = timedelta(minutes=90)
"""Whoever did nothing for this long was not there."""


class Place(NamedTuple):
    """What makes a queue."""

    tier: int
    vendor_id: int | None
    lob_id: int
    language: str


class Need(NamedTuple):
    """What decides who may have a case; `reason_id` 0 stands for none."""

    tier: int
    vendor_id: int | None
    lob_id: int
    language: str
    reason_id: int

    @property
    def place(self) -> Place:
        return Place(*self[:4])


@dataclass(frozen=True, slots=True)
class Wait:
    """A case that waited, as it really went. `number` orders what came in for one placing.

    `is_known` says that whoever got it had answered the same person before.
    """

    case_id: int
    number: int
    since: datetime
    need: Need
    priority: int
    due_at: datetime | None
    is_new: bool
    channel: str = ""
    given_to: int | None = None
    given_at: datetime | None = None
    is_known: bool = False
    takes: timedelta | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A stretch of the ledger: what waited, when each person was at work, and when they should be.

    `shifts` are people and when a shift of theirs was to begin, as it was planned.
    """

    waits: list[Wait]
    stints: list[Stint]
    shifts: list[tuple[int, datetime]] = field(default_factory=list)


def read_history(*, starts_at: datetime, ends_at: datetime) -> History:
    """Read what happened in `[starts_at, ends_at)`, case by case.

    Cases that began to wait earlier are not part of it; read from a week before what is asked for.
    """
    events = Event.objects.filter(
        kind__in=KINDS, at__gte=starts_at, at__lt=ends_at, case_id__gt=0
    ).order_by("case_id", "seq")
    rows = events.values_list("case_id", "kind", "at", "actor_id", "data").iterator(5000)
    waits: list[Wait] = []
    acts: dict[int, list[datetime]] = defaultdict(list)
    for case_id, group in groupby(rows, key=lambda row: row[0]):
        of_case = [_Happening(*row[1:]) for row in group]
        waits += _waits(case_id, of_case)
        for one in of_case:
            if worker := one.worker:
                acts[worker].append(one.at)
    waits.sort(key=lambda wait: (wait.since, wait.case_id))
    numbered = [replace(wait, number=number) for number, wait in enumerate(waits)]
    shifts = Shift.objects.filter(starts_at__gte=starts_at, starts_at__lt=ends_at)
    planned = list(shifts.order_by("starts_at", "pk").values_list("staff_id", "starts_at"))
    return History(numbered, list(_stints(acts)), planned)


class _Happening(NamedTuple):
    kind: str
    at: datetime
    actor_id: int | None
    data: Mapping[str, Any]

    @property
    def worker(self) -> int | None:
        return self.data.get("to_id") if self.kind == "case.assigned" else self.actor_id


@dataclass(slots=True)
class _State:
    """A case while its events are read."""

    case_id: int
    need: Need | None = None
    home: Need | None = None  # where it came from, before it was escalated
    priority: int = 3
    channel: str = ""
    deadlines: Mapping[str, str] = field(default_factory=dict)
    waiting: Wait | None = None
    worked: Wait | None = None


def _waits(case_id: int, happenings: Iterable[_Happening]) -> Iterator[Wait]:
    state = _State(case_id)
    for one in happenings:
        yield from _step(state, one)
    if state.worked or state.waiting:
        yield state.worked or state.waiting  # type: ignore[misc]


def _step(state: _State, one: _Happening) -> Iterator[Wait]:
    if one.kind == "case.opened":
        _open(state, one)
    elif state.need is None:
        return  # it was opened before this stretch
    elif one.kind == "case.recognised":
        state.need = state.need._replace(reason_id=one.data.get("reason_id") or 0)
        if state.waiting:
            state.waiting = replace(state.waiting, need=state.need)
    if state.worked and one.kind in ENDS_WORK and one.worker == state.worked.given_to:
        yield replace(state.worked, takes=one.at - (state.worked.given_at or one.at))
        state.worked = None
    if one.kind == "escalation.returned":
        state.need = state.home
    if one.kind == "case.assigned" and state.waiting:
        state.worked = replace(
            state.waiting,
            given_to=one.data.get("to_id"),
            given_at=one.at,
            is_known="continuity" in ((one.data.get("why") or {}).get("terms") or {}),
        )
        state.waiting = None
    elif one.kind in WAITS_AGAIN:
        _wait_again(state, one)


def _open(state: _State, one: _Happening) -> None:
    data = one.data
    state.need = Need(
        data["tier"], data.get("vendor_id"), data["lob_id"], data["language"],
        data.get("reason_id") or 0,
    )  # fmt: skip
    state.home = state.need
    state.priority, state.deadlines = data["priority"], data.get("deadlines") or {}
    state.channel = data.get("channel", "")
    state.waiting = _wait(state, one, is_new=True)


def _wait_again(state: _State, one: _Happening) -> None:
    assert state.need is not None
    if one.kind == "case.escalated":
        lob_id = one.data.get("to_lob_id") or state.need.lob_id
        state.need = state.need._replace(tier=2, vendor_id=None, lob_id=lob_id)
    elif one.kind == "case.transferred":
        state.need = state.need._replace(
            lob_id=one.data["lob_id"], language=one.data["language"], reason_id=0
        )
    state.waiting = _wait(state, one, is_new=False)


def _wait(state: _State, one: _Happening, *, is_new: bool) -> Wait:
    assert state.need is not None
    promise = state.deadlines.get("FIRST_RESPONSE" if is_new else "RESOLUTION")
    return Wait(
        case_id=state.case_id,
        number=0,
        since=one.at,
        need=state.need,
        priority=state.priority,
        due_at=datetime.fromisoformat(promise) if promise else None,
        is_new=is_new,
        channel=state.channel,
    )


def _stints(acts: Mapping[int, list[datetime]]) -> Iterator[Stint]:
    """Return when people were at work: from one act to the next, unless a break lies between."""
    for worker, moments in acts.items():
        moments.sort()
        starts_at = last = moments[0]
        for moment in moments[1:]:
            if moment - last > BREAK:
                yield Stint(worker, starts_at, last + SHORTEST)
                starts_at = moment
            last = moment
        yield Stint(worker, starts_at, last + SHORTEST)


def arrivals_of(history: History, *, usual: Mapping[int, timedelta]) -> list[Arrival]:
    """Return the arrivals of a history, each taking as long as it took.

    People hold several cases at once, so the times they had them overlap; they are shortened until
    they fit, one after another, into the stretches in which each person was there. What nobody
    worked on takes as long as is `usual` for its reason.
    """
    fits = _fits(history)
    return [
        Arrival(
            id=wait.number,
            at=wait.since,
            need=wait.need,
            rank=_rank(wait),
            takes=max(_takes(wait, usual) * fits.get(wait.given_to or 0, 1.0), SHORTEST),
            due_at=wait.due_at,
            kind=wait.channel,
        )
        for wait in history.waits
    ]


def usually_held(history: History) -> dict[int, int]:
    """Return how many cases each person had in hand at once, on average and rounded up."""
    there = hours_of_each(history)
    held: dict[int, timedelta] = defaultdict(timedelta)
    for wait in history.waits:
        if wait.given_to and wait.takes:
            held[wait.given_to] += min(wait.takes, LONGEST_HELD)
    return {who: max(1, ceil(time / there[who])) for who, time in held.items() if there[who]}


def hours_of_each(history: History) -> dict[int, timedelta]:
    """Return how long each person was at work."""
    hours: dict[int, timedelta] = defaultdict(timedelta)
    for stint in history.stints:
        hours[stint.worker] += stint.ends_at - stint.starts_at
    return hours


def _fits(history: History) -> dict[int, float]:
    there = hours_of_each(history)
    worked: dict[int, timedelta] = defaultdict(timedelta)
    for wait in history.waits:
        if wait.given_to and wait.takes:
            worked[wait.given_to] += min(wait.takes, LONGEST)
    return {who: min(1.0, there[who] / time) for who, time in worked.items() if time}


def _takes(wait: Wait, usual: Mapping[int, timedelta]) -> timedelta:
    if wait.takes is None:
        return usual.get(wait.need.reason_id, timedelta(minutes=8))
    return min(wait.takes, LONGEST)


def _rank(wait: Wait) -> float:
    due = wait.due_at.timestamp() if wait.due_at else 1e11
    return due * 10 + wait.priority
