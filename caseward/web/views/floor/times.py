"""Moments of today, short: the floor is about now."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def short(at: datetime) -> str:
    """Return the time of day where the reader is, with the day where it is another one."""
    there, today = timezone.localtime(at), timezone.localtime().date()
    return str(date_format(there, "H:i" if there.date() == today else _("j M, H:i")))


def exact(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "H:i:s"))
