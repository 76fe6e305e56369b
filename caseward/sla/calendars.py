"""The working time of a site: its week, its public holidays, its own exceptions."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import holidays

from caseward.core.working_time import Calendar, Span, is_open
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Site

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS = range(2024, 2036)


@kept_per_revision
def calendar_of(site_id: int) -> Calendar:
    """Return the calendar of a site, with its country's holidays from 2024 to 2035."""
    return calendar_from(Site.objects.get(pk=site_id))


def site_is_closed(key: str, at: datetime) -> bool:
    """Say whether nobody works at a site at a moment; one that does not exist never opens."""
    calendar = _calendars_by_key().get(key)
    return calendar is None or not is_open(calendar, at)


@kept_per_revision
def _calendars_by_key() -> dict[str, Calendar]:
    return {site.key: calendar_from(site) for site in Site.objects.all()}


def calendar_from(site: Site) -> Calendar:
    exceptions: dict[date, list[Span]] = {day: [] for day in public_holidays(site)}
    for day, spans in site.extra_days.items():
        if spans is None:
            exceptions.pop(date.fromisoformat(day), None)
        else:
            exceptions[date.fromisoformat(day)] = _spans(spans)
    weekly = {
        number: _spans(site.working_week.get(name, [])) for number, name in enumerate(DAYS, start=1)
    }
    return Calendar(zone=ZoneInfo(site.timezone), weekly=weekly, exceptions=exceptions)


def public_holidays(site: Site) -> dict[date, str]:
    """Return the public holidays of the site's country and subdivision, by name."""
    found = holidays.country_holidays(
        site.country, subdiv=site.subdivision or None, years=YEARS, language="en_US"
    )
    return dict(found.items())


def _spans(pairs: list[list[str]]) -> list[Span]:
    return [Span(_clock(opens), _clock(closes)) for opens, closes in pairs]


def _clock(text: str) -> time:
    return time.min if text == "24:00" else time.fromisoformat(text)
