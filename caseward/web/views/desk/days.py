"""Today, in the reader's time zone."""

from datetime import datetime, time, timedelta

from django.utils import timezone


def began_at(now: datetime) -> datetime:
    """Return when today began."""
    today = timezone.localdate(now)
    return timezone.make_aware(datetime.combine(today, time.min))


def ends_at(now: datetime) -> datetime:
    """Return when today ends."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
