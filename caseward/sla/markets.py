"""The calendar of a market: the country's clocks, holidays and days of rest, not a site's hours."""

from datetime import time
from zoneinfo import ZoneInfo

import holidays

from caseward.core.calendars import Calendar, Span
from caseward.org.catalogue import kept_per_revision

YEARS = range(2024, 2036)
OPEN = Span(time(9), time(18))  # where a promise counts working time of a market

# A country with several zones counts by the one of its capital.
ZONES = {
    "AU": "Australia/Sydney",
    "EU": "Europe/Brussels",
    "GB": "Europe/London",
    "IN": "Asia/Kolkata",
    "MY": "Asia/Kuala_Lumpur",
    "SG": "Asia/Singapore",
    "US": "America/New_York",
}
CALENDAR_OF = {"EU": "BE"}  # the institutions' seat: no holidays are common to the whole Union


def zone_of(market: str) -> ZoneInfo:
    """Return the zone of a market such as `MY` or `MY-KUL`; UTC where it is not known."""
    return ZoneInfo(ZONES.get(market[:2], "UTC"))


@kept_per_revision
def calendar_of_market(market: str) -> Calendar:
    """Return the working days of a country or a part of it, with its holidays 2024 to 2035.

    Raises:
        NotImplementedError: no holidays are known of that country or part.
    """
    country, _, subdivision = market.partition("-")
    days = holidays.country_holidays(
        CALENDAR_OF.get(country, country), subdiv=subdivision or None, years=YEARS
    )
    weekly = {day: [OPEN] for day in range(1, 8) if day - 1 not in days.weekend}
    return Calendar(zone=zone_of(market), weekly=weekly, exceptions={day: [] for day in days})
