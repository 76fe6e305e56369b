"""What somebody may still be given, why not more, and when that changes by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from caseward.core.exposure.caps import MOST_SEVERE, SEVERE, Caps
from caseward.core.exposure.looks import WEEK, InHand, Look, Shift, minutes_in, run_of

WHOLE = MOST_SEVERE
MILD = SEVERE - 1
MINUTE = timedelta(minutes=1)
NO_RATE = 1e-9  # what is left of adding weights and taking them away again


class Because(StrEnum):
    """Which cap keeps more severe work away."""

    SHIFT = "shift"
    WEEK = "week"
    RUN = "run"
    COOLDOWN = "cooldown"
    END_OF_SHIFT = "end_of_shift"
    OVERTIME = "overtime"


@dataclass(frozen=True, slots=True)
class Left:
    """How severe the next case may be, and the sums behind it in weighted minutes.

    `until` is when more may come back if nothing more is met; None when nothing is kept away, or
    when that depends on what is done with the cases in hand.
    """

    max_severity: int
    until: datetime | None
    because: frozenset[Because]
    shift_minutes: float
    week_minutes: float
    reserved_minutes: float


@dataclass(frozen=True, slots=True)
class _Block:
    """A cap that is reached: what it leaves and when it lets go (None: not by itself)."""

    because: Because
    max_severity: int
    until: datetime | None


def what_is_left(
    *, caps: Caps, looks: Sequence[Look], in_hand: Iterable[InHand], shift: Shift, now: datetime
) -> Left:
    """Return what somebody may be given next.

    A case is given only while all of it, at `caps.case_minutes`, still fits below every cap beside
    what is kept for the cases in hand. So no cap is passed by a case that takes no longer.

    Args:
        looks: What was met in the last seven days and in this shift; a running one ends now.
        in_hand: Cases given and not finished.
    """
    hand = list(in_hand)
    spent = minutes_in(looks, caps, starts_at=shift.starts_at, ends_at=now)
    in_week = minutes_in(looks, caps, starts_at=now - WEEK, ends_at=now)
    reserved = _reserved(caps, looks, hand, shift, now)
    blocks = [
        *_of_shift(caps, spent + reserved, shift),
        *_of_week(caps, in_week, reserved, looks, now),
        *_of_run(caps, looks, hand, now),
        *_of_cooldown(caps, looks, hand, now),
        *_of_time(caps, shift, now),
    ]
    return Left(
        max_severity=min((block.max_severity for block in blocks), default=WHOLE),
        until=_until(blocks),
        because=frozenset(block.because for block in blocks),
        shift_minutes=spent,
        week_minutes=in_week,
        reserved_minutes=reserved,
    )


def before_a_cap(caps: Caps, left: Left) -> tuple[float, Because]:
    """Return the weighted minutes until the nearer cap of minutes is reached, and which it is.

    Below zero it is passed. Worked example: after 117 of 120 minutes of a shift and 300 of 480 in
    seven days, 3 minutes until the cap of the shift.
    """
    in_shift = caps.shift_minutes - left.shift_minutes, Because.SHIFT
    return min(in_shift, (caps.week_minutes - left.week_minutes, Because.WEEK))


def _reserved(
    caps: Caps, looks: Sequence[Look], hand: Sequence[InHand], shift: Shift, now: datetime
) -> float:
    """Return what cases in hand may still take: a case's time less what was spent on it today."""
    total = 0.0
    for held in hand:
        own = [look for look in looks if look.case == held.case]
        spent = minutes_in(own, caps, starts_at=shift.starts_at, ends_at=now)
        total += max(caps.reserve(held.severity) - spent, 0.0)
    return total


def _affordable(caps: Caps, minutes_left: float) -> int:
    """Return the highest severity of which one more case fits into the minutes left."""
    fits = [s for s in range(WHOLE + 1) if caps.reserve(s) <= max(minutes_left, 0.0)]
    return max(fits, default=0)


def _of_shift(caps: Caps, taken: float, shift: Shift) -> list[_Block]:
    most = _affordable(caps, caps.shift_minutes - taken)
    return [] if most == WHOLE else [_Block(Because.SHIFT, most, shift.ends_at)]


def _of_week(
    caps: Caps, spent: float, reserved: float, looks: Sequence[Look], now: datetime
) -> list[_Block]:
    most = _affordable(caps, caps.week_minutes - spent - reserved)
    if most == WHOLE:
        return []
    too_much = spent + reserved + caps.reserve(WHOLE) - caps.week_minutes
    return [_Block(Because.WEEK, most, _when_forgotten(caps, looks, too_much, now))]


def _when_forgotten(
    caps: Caps, looks: Sequence[Look], minutes: float, now: datetime
) -> datetime | None:
    """Return when so many weighted minutes of the last seven days lie more than a week back.

    Looks may overlap, and are then forgotten side by side.
    """
    last, rate = now - WEEK, 0.0
    for moment, change in _changes(caps, looks, last, now):
        whole = rate * ((moment - last) / MINUTE)
        if rate > NO_RATE and whole >= minutes:
            return last + MINUTE * (minutes / rate) + WEEK
        minutes, rate, last = minutes - whole, rate + change, moment
    return None


def _changes(
    caps: Caps, looks: Sequence[Look], since: datetime, until: datetime
) -> list[tuple[datetime, float]]:
    """Return when weighted minutes began and ended to run, and by how much a minute."""
    found = []
    for look in looks:
        began, ended = max(look.began_at, since), min(look.ended_at, until)
        if began < ended:
            weight = caps.weight(look.severity, look.modality)
            found += [(began, weight), (ended, -weight)]
    return sorted(found)


def _of_run(
    caps: Caps, looks: Sequence[Look], hand: Sequence[InHand], now: datetime
) -> list[_Block]:
    to_come = {held.case for held in hand if held.severity >= SEVERE}
    run = run_of(looks, caps, now=now)
    if len(run | to_come) < caps.longest_run:
        return []
    severe = [look.ended_at for look in looks if look.severity >= SEVERE]
    rests = len(to_come) < caps.longest_run and severe
    until = max(severe) + timedelta(minutes=caps.rest_minutes) if rests else None
    return [_Block(Because.RUN, MILD, until)]


def _of_cooldown(
    caps: Caps, looks: Sequence[Look], hand: Sequence[InHand], now: datetime
) -> list[_Block]:
    """Keep severe work away while somebody holds a case of the worst kind, and a while after."""
    if caps.cooldown_minutes and any(held.severity == MOST_SEVERE for held in hand):
        return [_Block(Because.COOLDOWN, MILD, None)]
    ends = [look.ended_at for look in looks if look.severity == MOST_SEVERE]
    until = max(ends) + timedelta(minutes=caps.cooldown_minutes) if ends else now
    return [_Block(Because.COOLDOWN, MILD, until)] if until > now else []


def _of_time(caps: Caps, shift: Shift, now: datetime) -> list[_Block]:
    if shift.is_overtime:
        return [_Block(Because.OVERTIME, MILD, shift.ends_at)]
    if shift.is_planned and shift.ends_at - now <= timedelta(minutes=caps.quiet_minutes):
        return [_Block(Because.END_OF_SHIFT, MILD, shift.ends_at)]
    return []


def _until(blocks: Sequence[_Block]) -> datetime | None:
    ends = [block.until for block in blocks if block.until is not None]
    return max(ends) if ends and len(ends) == len(blocks) else None
