"""Whom to page next when somebody is in danger, and who is on call at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BEFORE_FAILING_OVER = 2  # pages missed in one region before the next is asked


def one_round[T](rotas: Sequence[Sequence[T]], *, at_once: int = BEFORE_FAILING_OVER) -> list[T]:
    """Return everybody in the order they are paged: two of each rota, then two more of each.

    Who is on several rotas is paged once, where they come first.
    """
    rounds = range(0, max(map(len, rotas), default=0), at_once)
    turns = [person for start in rounds for rota in rotas for person in rota[start:][:at_once]]
    return list(dict.fromkeys(turns))


def next_to_page[T](rotas: Sequence[Sequence[T]], paged: Sequence[T]) -> T | None:
    """Return who is paged next, after those who were `paged` and missed it; None: nobody is there.

    When everybody was paged it begins anew: a page is never given up.
    """
    order = one_round(rotas)
    return min(order, key=paged.count) if order else None


def is_on_call(windows: Mapping[str, Sequence[Sequence[str]]], *, zone: str, at: datetime) -> bool:
    """Say whether a moment lies in one of the spans of its weekday; without any, it always does.

    Args:
        windows: `mon`…`sun` to spans such as `[["18:00", "24:00"]]`, in local time; the end of a
            span does not belong to it.
    """
    if not windows:
        return True
    local = at.astimezone(ZoneInfo(zone))
    now = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    spans = windows.get(DAYS[local.weekday()], ())
    return any(_since_midnight(start) <= now < _since_midnight(end) for start, end in spans)


def turns(
    windows: Mapping[str, Sequence[Sequence[str]]], *, zone: str, after: datetime
) -> list[datetime]:
    """Return when spans begin or end in the week after a moment; without windows nothing does."""
    local = after.astimezone(ZoneInfo(zone))
    days = [local.date() + timedelta(days=ahead) for ahead in range(-1, 9)]
    edges = {
        datetime.combine(day, time(), ZoneInfo(zone)) + _since_midnight(edge)
        for day in days
        for span in windows.get(DAYS[day.weekday()], ())
        for edge in span
    }
    ahead = (edge.astimezone(UTC) for edge in edges)
    return sorted(edge for edge in ahead if after < edge <= after + timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Watch:
    """`[starts_at, ends_at)`, and who is on call in it: places in their order, or nobody."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[int, ...]


def watches(
    people: Sequence[tuple[Mapping[str, Sequence[Sequence[str]]], str]], *, after: datetime
) -> list[Watch]:
    """Return who is on call in the week after a moment, one watch after the other, without gaps.

    Args:
        people: Windows and zone of each place, in the order they are paged.
    """
    end = after + timedelta(days=7)
    edges = {edge for windows, zone in people for edge in turns(windows, zone=zone, after=after)}
    moments = [after, *sorted(edge for edge in edges if edge < end), end]
    found: list[Watch] = []
    for starts_at, ends_at in pairwise(moments):
        on = tuple(
            place
            for place, (windows, zone) in enumerate(people)
            if is_on_call(windows, zone=zone, at=starts_at)
        )
        if found and found[-1].people == on:
            starts_at = found.pop().starts_at
        found.append(Watch(starts_at, ends_at, on))
    return found


def _since_midnight(clock: str) -> timedelta:
    if clock == "24:00":
        return timedelta(days=1)
    read = time.fromisoformat(clock)
    return timedelta(hours=read.hour, minutes=read.minute)
