"""Starting, pausing, resuming, stopping and sweeping clocks.

Every deadline is worked out again from the facts of its clock (`core.deadlines`), never nudged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db.models import QuerySet

from caseward.core import deadlines
from caseward.core.calendars import Calendar
from caseward.org.catalogue import kept_per_revision
from caseward.sla.calendars import calendar_of
from caseward.sla.models import Clock, Measured, Promise


@dataclass(frozen=True, slots=True)
class PlannedClock:
    """A clock about to be started: the row that opening a case writes."""

    kind: str
    duration: timedelta
    measured: str
    site_id: int | None
    started_at: datetime
    deadline_at: datetime


@kept_per_revision
def _promises(lob_id: int, priority: int) -> list[Promise]:
    return list(Promise.objects.filter(lob_id=lob_id, priority=priority).order_by("kind"))


def planned_clocks(*, lob_id: int, priority: int, at: datetime) -> list[PlannedClock]:
    """Return the clocks our promises start for a case that begins at `at`."""
    return [_planned(promise, at) for promise in _promises(lob_id, priority)]


def _planned(promise: Promise, at: datetime) -> PlannedClock:
    facts = deadlines.Clock(
        started_at=at,
        promised=promise.duration,
        calendar=_calendar(promise.measured, promise.site_id),
    )
    due = deadlines.deadline(facts)
    assert due is not None  # nothing pauses a clock before it starts
    return PlannedClock(
        kind=promise.kind,
        duration=promise.duration,
        measured=promise.measured,
        site_id=promise.site_id,
        started_at=at,
        deadline_at=due,
    )


def pause_clocks(*, case_id: int, at: datetime) -> None:
    """Hold every running clock of a case: we wait for the requester."""
    for clock in _running(case_id):
        if len(clock.pauses) % 2 == 0:
            clock.pauses.append(_second(at))
            _save(clock)


def resume_clocks(*, case_id: int, at: datetime) -> None:
    """Let the held clocks of a case run on: the requester answered, or we went on without."""
    for clock in _running(case_id):
        if len(clock.pauses) % 2 == 1:
            clock.pauses.append(max(_second(at), clock.pauses[-1]))
            _save(clock)


def stop_clock(*, case_id: int, kind: str, at: datetime) -> bool | None:
    """Stop one clock; return whether the promise was kept, None where no such clock ran."""
    clock = _running(case_id).filter(kind=kind).first()
    if clock is None:
        return None
    clock.stopped_at = max(at, clock.started_at)
    clock.was_met = not deadlines.is_missed(facts_of(clock), at=clock.stopped_at)
    clock.save(update_fields=["stopped_at", "was_met"])
    return clock.was_met


def start_clock_again(*, case_id: int, kind: str, at: datetime) -> None:
    """Let a stopped clock run on: the case was reopened. The time between counts as a pause."""
    clock = Clock.objects.select_for_update().filter(case_id=case_id, kind=kind).first()
    if clock is None or clock.stopped_at is None:
        return
    if len(clock.pauses) % 2 == 0:
        clock.pauses.append(_second(clock.stopped_at))
    clock.pauses.append(max(_second(at), clock.pauses[-1]))
    clock.stopped_at = clock.was_met = None
    _save(clock, "stopped_at", "was_met")


def undo_pause(*, case_id: int, at: datetime) -> None:
    """Let the clocks of a case run as if they had not been held at `at`."""
    for clock in _running(case_id):
        if len(clock.pauses) % 2 == 1 and clock.pauses[-1] == _second(at):
            clock.pauses.pop()
            _save(clock)


def undo_resume(*, case_id: int, at: datetime) -> None:
    """Hold the clocks of a case as if they had not been let run on at `at`."""
    for clock in _running(case_id):
        if clock.pauses and len(clock.pauses) % 2 == 0 and clock.pauses[-1] >= _second(at):
            clock.pauses.pop()
            _save(clock)


def undo_stop(*, case_id: int, kind: str) -> None:
    """Let a clock run as if it had not been stopped; a promise missed by then stays missed."""
    clock = Clock.objects.select_for_update().filter(case_id=case_id, kind=kind).first()
    if clock is None or clock.stopped_at is None:
        return
    clock.stopped_at, clock.was_met = None, None if clock.was_met else False
    clock.save(update_fields=["stopped_at", "was_met"])


def restart_under(*, case_id: int, lob_id: int, priority: int) -> None:
    """Hold running clocks to the promises of another line of business or priority.

    They keep when they started and were paused; only what was promised changes.
    """
    promised = {promise.kind: promise for promise in _promises(lob_id, priority)}
    for clock in _running(case_id):
        if promise := promised.get(clock.kind):
            clock.duration, clock.measured = promise.duration, promise.measured
            clock.site_id, clock.was_met = promise.site_id, None
            _save(clock, "duration", "measured", "site", "was_met")


def tightest_deadline(case_id: int) -> datetime | None:
    """Return the earliest deadline still running on a case."""
    return (
        _running(case_id)
        .filter(deadline_at__isnull=False)
        .order_by("deadline_at")
        .values_list("deadline_at", flat=True)
        .first()
    )


def newly_missed(*, now: datetime, at_most: int = 500) -> list[Clock]:
    """Mark clocks whose deadline has passed as missed and return them; each only once.

    A paused clock has no deadline and cannot be missed. Two sweeps at once share the work, and a
    case that somebody is changing is left for the next sweep: its row is locked before its clock.
    """
    due = Clock.objects.filter(
        stopped_at__isnull=True, was_met__isnull=True, deadline_at__lte=now
    ).order_by("deadline_at", "id")
    locked = due.select_related("case").select_for_update(of=("case", "self"), skip_locked=True)
    missed = list(locked[:at_most])
    Clock.objects.filter(pk__in=[clock.pk for clock in missed]).update(was_met=False)
    return missed


class Kept(Protocol):
    """What is kept of a clock, as a row of its table or of a list."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def duration(self) -> timedelta: ...
    @property
    def measured(self) -> str: ...
    @property
    def site_id(self) -> int | None: ...
    @property
    def pauses(self) -> list[int]: ...
    @property
    def stopped_at(self) -> datetime | None: ...


def facts_of(clock: Kept) -> deadlines.Clock:
    """Return the clock as plain facts, for `core.deadlines`."""
    return deadlines.Clock(
        started_at=clock.started_at,
        promised=clock.duration,
        calendar=_calendar(clock.measured, clock.site_id),
        pauses=tuple(_pairs(clock.pauses)),
        stopped_at=clock.stopped_at,
    )


def _running(case_id: int) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(case_id=case_id, stopped_at__isnull=True)
    return clocks.select_for_update().order_by("pk")


def _save(clock: Clock, *also: str) -> None:
    clock.deadline_at = deadlines.deadline(facts_of(clock))
    clock.save(update_fields=["pauses", "deadline_at", *also])


def _calendar(measured: str, site_id: int | None) -> Calendar | None:
    return calendar_of(site_id) if measured == Measured.WORKING and site_id else None


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _pairs(seconds: list[int]) -> Iterable[deadlines.Pause]:
    moments = [datetime.fromtimestamp(second, UTC) for second in seconds]
    ends: list[datetime | None] = [*moments[1::2]]
    if len(moments) % 2:
        ends.append(None)
    return (deadlines.Pause(start, end) for start, end in zip(moments[::2], ends, strict=True))
