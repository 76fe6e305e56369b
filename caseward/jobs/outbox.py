"""Sending what waits in the outbox, within a second of when it may leave."""

from contextlib import AbstractContextManager

from django.utils import timezone

from caseward.jobs.pacing import repeating
from caseward.jobs.scheduling import until_nothing_is_left

EVERY_SECONDS = 1.0


def deliver() -> None:
    """Send everything that is due."""
    from caseward.channels.alerts.delivering import deliver_alerts
    from caseward.channels.email.delivering import deliver_due

    until_nothing_is_left(lambda: deliver_alerts(now=timezone.now()))
    until_nothing_is_left(lambda: deliver_due(now=timezone.now()))


def delivering() -> AbstractContextManager[None]:
    """Send what becomes due for as long as the block runs."""
    return repeating(deliver, every_seconds=EVERY_SECONDS, name="outbox")
