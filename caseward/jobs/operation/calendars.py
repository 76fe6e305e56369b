"""The days of a site's calendar that differ, as the files name them and as the database keeps them.

The database keeps one entry per date: spans, none for a day off, null for a public holiday on which
people work. The files name such holidays once; both ways meet here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from caseward.jobs.operation.parts import Hours, Site, Span, SpecialDay
from caseward.jobs.operation.public_holidays import holidays_of

type Pairs = list[list[str]]

_MINUTE = timedelta(minutes=1)


def pairs_of(hours: Hours) -> Pairs:
    """Return hours as the database keeps them: `[["09:00", "18:00"]]`."""
    return [[_clock(span.opens), _clock(span.closes)] for span in hours]


def hours_of(pairs: Pairs) -> Hours:
    return tuple(Span(_since_midnight(opens), _since_midnight(closes)) for opens, closes in pairs)


def extra_days(site: Site) -> dict[str, Pairs | None]:
    """Return every date on which a site's hours differ from what weekday and holidays say."""
    days: dict[str, Pairs | None] = {
        on.isoformat(): None for on in _dates_named(site, site.holidays_not_observed)
    }
    for day in site.special_days:
        days[day.on.isoformat()] = None if day.hours is None else pairs_of(day.hours)
    return dict(sorted(days.items()))


def with_days(site: Site, days: Mapping[str, Pairs | None]) -> Site:
    """Return the site with the days that differ said the shortest way.

    A holiday is named when every one of its dates is an ordinary day; other dates stand alone.
    """
    ordinary = {on for on, pairs in days.items() if pairs is None}
    names = tuple(sorted(_names_covered(site, ordinary)))
    said = {on.isoformat() for on in _dates_named(site, names)}
    special = tuple(
        _special_day(site, on, pairs)
        for on, pairs in sorted(days.items())
        if not (pairs is None and on in said)
    )
    return replace(site, holidays_not_observed=names, special_days=special)


def _special_day(site: Site, on: str, pairs: Pairs | None) -> SpecialDay:
    hours = None if pairs is None else hours_of(pairs)
    return SpecialDay(place=site.place, on=date.fromisoformat(on), hours=hours)


def _names_covered(site: Site, ordinary: set[str]) -> Iterator[str]:
    dates: dict[str, set[str]] = defaultdict(set)
    for on, names in holidays_of(site.country, site.subdivision).items():
        for name in names:
            dates[name].add(on.isoformat())
    return (name for name, all_dates in dates.items() if all_dates <= ordinary)


def _dates_named(site: Site, names: Iterable[str]) -> Iterator[date]:
    """Give the dates on which nothing but these holidays falls."""
    named = set(names)
    for on, found in holidays_of(site.country, site.subdivision).items():
        if named.issuperset(found):
            yield on


def _clock(since_midnight: timedelta) -> str:
    hours, minutes = divmod(since_midnight // _MINUTE, 60)
    return f"{hours:02}:{minutes:02}"


def _since_midnight(clock: str) -> timedelta:
    hours, _, minutes = clock.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
