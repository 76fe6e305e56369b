"""Deadlines: the maths of a running promise, worked out afresh from its facts every time.

A clock is only facts: when it started, what was promised, in which time it counts, when it was
paused and when it stopped. Nothing here adds to an earlier answer, so a pause entered late or a
holiday added later gives the same deadline as if it had been known from the start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from caseward.core.working_time import Calendar, add_working, elapsed_working

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock does not run, `[starts_at, ends_at)`; None means until now."""

    starts_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        _require_zone(self.starts_at)
        if self.ends_at is not None and _require_zone(self.ends_at) < self.starts_at:
            raise ValueError(f"a pause must not end before it starts, got {self}")


@dataclass(frozen=True, slots=True)
class Clock:
    """A running promise. With a calendar it counts working time, without one elapsed time.

    Pauses may come in any order and overlap; only the one that starts last may still be open.
    """

    started_at: datetime
    promised: timedelta
    calendar: Calendar | None = None
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        _require_zone(self.started_at)
        if self.promised <= NO_TIME:
            raise ValueError(f"the promised time must be longer than zero, got {self.promised}")
        if self.stopped_at is not None and _require_zone(self.stopped_at) < self.started_at:
            raise ValueError(f"a clock must not stop before it starts, got {self.stopped_at}")
        object.__setattr__(self, "pauses", tuple(sorted(self.pauses, key=_start)))
        if any(pause.ends_at is None for pause in self.pauses[:-1]):
            raise ValueError("only the last pause of a clock may still be open")


def deadline(clock: Clock) -> datetime | None:
    """Return when the promise runs out (UTC), or None while an open pause holds it off.

    A pause that opened after the promise ran out holds nothing off: the deadline stays.

    Raises:
        NoWorkingTime: the calendar never has that much working time.
    """
    return moment_of_share(clock, 1.0)


def moment_of_share(clock: Clock, share: float) -> datetime | None:
    """Return when the given share of the promise is spent (UTC), or None while paused before it.

    With a share below 1 this is when a case starts to be at risk.
    """
    if share < 0:
        raise ValueError(f"share must not be negative, got {share}")
    left = clock.promised * share
    for starts_at, ends_at in _running(clock):
        available = None if ends_at is None else _count(clock, starts_at, ends_at)
        if available is None or left <= available:
            return _add(clock, starts_at, left)
        left -= available
    return None


def spent(clock: Clock, *, at: datetime) -> timedelta:
    """Return how much of the promise is spent at a moment; it may exceed what was promised."""
    return spent_between(clock, clock.started_at, max(_require_zone(at), clock.started_at))


def spent_between(clock: Clock, starts_at: datetime, ends_at: datetime) -> timedelta:
    """Return the time the clock ran in `[starts_at, ends_at)`: neither paused nor stopped."""
    _require_zone(starts_at)
    ends_at = min(_require_zone(ends_at), clock.stopped_at or ends_at)
    total = NO_TIME
    for running_from, running_to in _running(clock):
        first, last = max(running_from, starts_at), min(running_to or ends_at, ends_at)
        total += _count(clock, first, last) if first < last else NO_TIME
    return total


def remaining(clock: Clock, *, at: datetime) -> timedelta:
    """Return how much of the promise is left at a moment: negative by as much as it is overrun."""
    return clock.promised - spent(clock, at=at)


def share_spent(clock: Clock, *, at: datetime) -> float:
    """Return the share of the promise that is spent: 0 at the start, above 1 when overrun."""
    return spent(clock, at=at) / clock.promised


def is_paused(clock: Clock, *, at: datetime) -> bool:
    """Say whether a pause covers the moment."""
    _require_zone(at)
    return any(
        pause.starts_at <= at and (pause.ends_at is None or at < pause.ends_at)
        for pause in clock.pauses
    )


def is_missed(clock: Clock, *, at: datetime) -> bool:
    """Say whether the promise was broken by a moment; keeping it at the very deadline is in time.

    Working time or not, what counts is the deadline: an answer in the evening after a deadline at
    closing time is late.
    """
    ends_at = deadline(clock)
    return ends_at is not None and min(_require_zone(at), clock.stopped_at or at) > ends_at


def _running(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the stretches between pauses; the last has no end unless a pause is still open."""
    runs_from = clock.started_at
    for pause in clock.pauses:
        if pause.starts_at > runs_from:
            yield runs_from, pause.starts_at
        if pause.ends_at is None:
            return
        runs_from = max(runs_from, pause.ends_at)
    yield runs_from, None


def _count(clock: Clock, starts_at: datetime, ends_at: datetime) -> timedelta:
    if clock.calendar is None:
        return ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
    return elapsed_working(clock.calendar, starts_at, ends_at)


def _add(clock: Clock, starts_at: datetime, duration: timedelta) -> datetime:
    if clock.calendar is None:
        return starts_at.astimezone(UTC) + duration
    return add_working(clock.calendar, starts_at, duration)


def _start(pause: Pause) -> datetime:
    return pause.starts_at


def _require_zone(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"expected a datetime with a zone, got {moment.isoformat()} without one")
    return moment
