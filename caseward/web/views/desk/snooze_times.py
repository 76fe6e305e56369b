"""Moments a case may be snoozed to with one choice, in the reader's zone."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caseward.web.views.desk.showing.moments import zone

MORNING = time(9)
A_WHILE = timedelta(hours=3)
MONDAY = 0


class Choice(NamedTuple):
    key: str
    label: str
    at: datetime


def choices(now: datetime) -> list[Choice]:
    """Return later today, tomorrow and Monday, each at its moment; none twice, none past."""
    local = timezone.localtime(now)
    found = [
        *_later_today(local),
        Choice("TOMORROW", _("Tomorrow, %(when)s"), _morning(local, days=1)),
        Choice("MONDAY", _("Monday, %(when)s"), _morning(local, days=_days_to_monday(local))),
    ]
    if found[-1].at == found[-2].at:
        found.pop()
    return [Choice(key, label % {"when": said(at)}, at) for key, label, at in found]


def said(at: datetime) -> str:
    """Say a moment to come with its day and zone."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'D j M, H:i')} {zone(local)}"


def _later_today(local: datetime) -> list[Choice]:
    """Return a half hour some hours from now, while that is still today."""
    on_the_half = (local + A_WHILE).replace(minute=30 * (local.minute // 30), second=0)
    at = on_the_half.replace(microsecond=0)
    return [Choice("TODAY", _("Later today, %(when)s"), at)] if at.date() == local.date() else []


def _days_to_monday(local: datetime) -> int:
    return 7 - (local.weekday() - MONDAY) % 7


def _morning(local: datetime, *, days: int) -> datetime:
    on = local.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(on, MORNING))
