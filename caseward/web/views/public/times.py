"""A time as its reader would say it, with the zone it is in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

ZONES = {
    "IN": "Asia/Kolkata",
    "MY": "Asia/Kuala_Lumpur",
    "SG": "Asia/Singapore",
    "LK": "Asia/Colombo",
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "TW": "Asia/Taipei",
    "GB": "Europe/London",
}
ZONES_OF_LANGUAGES = {"hi": "Asia/Kolkata", "ta": "Asia/Kolkata", "ms": "Asia/Kuala_Lumpur"}


def day_and_hour(at: datetime, *, country: str, language: str) -> str:
    """Return day and time where somebody probably is, and the distance of that zone from UTC."""
    zone = ZoneInfo(ZONES.get(country) or ZONES_OF_LANGUAGES.get(language) or "UTC")
    local = at.astimezone(zone)
    with timezone.override(zone):
        day = date_format(local, "j F Y" if language == "en" else "DATE_FORMAT")
    # Twenty-four hours: some languages have four parts of the day where English has two.
    return f"{day}, {local:%H:%M} ({_distance(local)})"


def _distance(local: datetime) -> str:
    """Return `UTC+5:30`, which reads alike in every language."""
    offset = local.strftime("%z")
    hours, minutes = int(offset[1:3]), offset[3:5]
    if not hours and minutes == "00":
        return "UTC"
    return f"UTC{offset[0]}{hours}" + ("" if minutes == "00" else f":{minutes}")
