"""What must hold for the calendar of a site."""

from caseward.jobs.operation.parts import Operation, Site
from caseward.jobs.operation.problems import Problems, did_you_mean
from caseward.jobs.operation.public_holidays import countries, holidays_of, subdivisions
from caseward.jobs.operation.relations import each_once, refer, refer_each


def check(operation: Operation, problems: Problems) -> None:
    regions = {region.key for region in operation.regions}
    for site in operation.sites:
        refer(site, "region", site.region, regions, "a region", problems)
        each_once(site.special_days, "on", lambda day: day.on, problems)
        if site.country and _has_holidays(site, problems):
            _check_holidays_not_observed(site, problems)


def _has_holidays(site: Site, problems: Problems) -> bool:
    if site.country not in countries():
        hint = did_you_mean(site.country, countries())
        text = f'country: "{site.country}" has no public holidays in the holidays library{hint}'
        problems.at(site.place, "country", f"{text}; expected an ISO 3166 code, such as IN")
        return False
    if site.subdivision and site.subdivision not in subdivisions(site.country):
        known = ", ".join(subdivisions(site.country)) or "none"
        text = f'subdivision: "{site.subdivision}" is not one of {site.country}; known: {known}'
        problems.at(site.place, "subdivision", text)
        return False
    return True


def _check_holidays_not_observed(site: Site, problems: Problems) -> None:
    found = holidays_of(site.country, site.subdivision)
    names = {name for named in found.values() for name in named}
    where = "-".join(filter(None, (site.country, site.subdivision)))
    what = f"a public holiday of {where}"
    not_observed = site.holidays_not_observed
    refer_each(site, "holidays_not_observed", not_observed, names, what, problems)
