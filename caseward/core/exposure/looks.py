"""Time spent with harmful material, and runs of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseward.core.exposure.caps import SEVERE, Caps

WEEK = timedelta(days=7)
A_CHANGE = timedelta(minutes=1)
"""Something milder ends a run of severe cases when it was looked at for at least this long."""


@dataclass(frozen=True, slots=True)
class Look:
    """One case on somebody's screen, for the span `[began_at, ended_at)`."""

    case: int
    severity: int
    began_at: datetime
    ended_at: datetime
    modality: str = "TEXT"


@dataclass(frozen=True, slots=True)
class InHand:
    """A case somebody was given and has not finished: its time is still to come."""

    case: int
    severity: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The span `[starts_at, ends_at)` that a shift's cap is for.

    `is_planned` is False for a day of somebody who has no roster; `is_overtime` says that the span
    lies outside the shifts planned.
    """

    starts_at: datetime
    ends_at: datetime
    is_planned: bool = True
    is_overtime: bool = False


def minutes_in(
    looks: Iterable[Look], caps: Caps, *, starts_at: datetime, ends_at: datetime
) -> float:
    """Return the weighted minutes of the parts of looks that lie in `[starts_at, ends_at)`.

    Worked example: 20 minutes of severity 3 at weight 1 and 40 of severity 2 at weight 0.25, half
    of these before `starts_at`, are 20 + 20 · 0.25 = 25.
    """
    return sum(_minutes(look, caps, starts_at, ends_at) for look in looks)


def _minutes(look: Look, caps: Caps, starts_at: datetime, ends_at: datetime) -> float:
    inside = min(look.ended_at, ends_at) - max(look.began_at, starts_at)
    weight = caps.weight(look.severity, look.modality)
    return max(inside, timedelta(0)).total_seconds() / 60 * weight


def run_of(looks: Sequence[Look], caps: Caps, *, now: datetime) -> frozenset[int]:
    """Return the severe cases somebody has met in a row, up to now.

    A rest, or a minute with something milder, ends a run. The same case twice is one.
    """
    run: set[int] = set()
    rest, last = timedelta(minutes=caps.rest_minutes), None
    for look in sorted(looks, key=lambda look: look.began_at):
        if look.severity < SEVERE:
            run = set() if look.ended_at - look.began_at >= A_CHANGE else run
            continue
        run = set() if last is not None and look.began_at - last >= rest else run
        run.add(look.case)
        last = look.ended_at
    is_over = last is not None and now - last >= rest
    return frozenset() if is_over else frozenset(run)
