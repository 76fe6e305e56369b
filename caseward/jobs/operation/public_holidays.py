"""Public holidays as the `holidays` library knows them, by their English names."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays

YEARS = range(2024, 2036)
_REMARK = re.compile(r" \((observed|estimated|observed, estimated)\)$")


@cache
def countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def subdivisions(country: str) -> tuple[str, ...]:
    calendar = holidays.country_holidays(country)
    return (*calendar.subdivisions, *calendar.subdivisions_aliases)


@cache
def holidays_of(country: str, subdivision: str | None) -> Mapping[date, tuple[str, ...]]:
    """Return the names of each date's holidays, without remarks such as `(estimated)`."""
    days = holidays.country_holidays(country, subdiv=subdivision, years=YEARS, language="en_US")
    return {on: tuple(_REMARK.sub("", name) for name in days.get_list(on)) for on in days}
