"""Times as somebody reads them, in the zone of the reader's site."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def clock_time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


def moment(at: datetime, *, now: datetime) -> str:
    """Say a past moment: the time today, else the day too."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return date_format(local, "H:i")
    return date_format(local, "j M H:i")


def due(at: datetime, *, now: datetime) -> str:
    """Say a deadline with its day and zone."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return _("Today, %(time)s") % {"time": f"{date_format(local, 'H:i')} {zone(local)}"}
    return f"{date_format(local, 'D j M, H:i')} {zone(local)}"


def zone(local: datetime) -> str:
    """Say a time zone by its letters, such as IST; one that has none by its hours: GMT+8."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    ahead = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, minutes = divmod(abs(ahead), 60)
    sign = "-" if ahead < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def day(on: date) -> str:
    return date_format(on, "l, j F")
