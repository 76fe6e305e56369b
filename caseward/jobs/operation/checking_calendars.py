"""What must hold for the calendar of a site."""

import re
from functools import cache

import holidays

from caseward.jobs.operation.parts import Operation, Site
from caseward.jobs.operation.problems import Problems, did_you_mean
from caseward.jobs.operation.relations import each_once, refer, refer_each

YEARS = range(2024, 2036)
_REMARK = re.compile(r" \((observed|estimated|observed, estimated)\)$")


def check(operation: Operation, problems: Problems) -> None:
    regions = {region.key for region in operation.regions}
    for site in operation.sites:
        refer(site, "region", site.region, regions, "a region", problems)
        each_once(site.special_days, "on", lambda day: day.on, problems)
        if site.country and _has_holidays(site, problems):
            _check_holidays_not_observed(site, problems)


def plain_holiday_name(name: str) -> str:
    """Return a holiday's name without a remark such as `(estimated)`."""
    return _REMARK.sub("", name)


@cache
def holiday_names(country: str, subdivision: str | None) -> frozenset[str]:
    """Return every public holiday the `holidays` library knows there, by its English name."""
    days = holidays.country_holidays(country, subdiv=subdivision, years=YEARS, language="en_US")
    return frozenset(plain_holiday_name(name) for on in days for name in days.get_list(on))


@cache
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def _subdivisions(country: str) -> tuple[str, ...]:
    calendar = holidays.country_holidays(country)
    return (*calendar.subdivisions, *calendar.subdivisions_aliases)


def _has_holidays(site: Site, problems: Problems) -> bool:
    if site.country not in _countries():
        hint = did_you_mean(site.country, _countries())
        text = f'country: "{site.country}" has no public holidays in the holidays library{hint}'
        problems.at(site.place, "country", f"{text}; expected an ISO 3166 code, such as IN")
        return False
    if site.subdivision and site.subdivision not in _subdivisions(site.country):
        known = ", ".join(_subdivisions(site.country)) or "none"
        text = f'subdivision: "{site.subdivision}" is not one of {site.country}; known: {known}'
        problems.at(site.place, "subdivision", text)
        return False
    return True


def _check_holidays_not_observed(site: Site, problems: Problems) -> None:
    names = holiday_names(site.country, site.subdivision)
    where = "-".join(filter(None, (site.country, site.subdivision)))
    what = f"a public holiday of {where}"
    not_observed = site.holidays_not_observed
    refer_each(site, "holidays_not_observed", not_observed, names, what, problems)
