"""Times as somebody reads them, in the zone of the reader's site."""

from datetime import date, datetime

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
        return _("Today, %(time)s") % {"time": date_format(local, "H:i T")}
    return date_format(local, "D j M, H:i T")


def day(on: date) -> str:
    return date_format(on, "l, j F")
