"""Sending what waits in the outbox of alerts, and writing down what became of it."""

import hashlib
import hmac
import logging
from datetime import datetime, timedelta

from django.conf import settings

from caseward.casework.models import StaffAlert
from caseward.channels.alerts import webhooks
from caseward.channels.alerts.letter import written
from caseward.channels.email.delivering import courier_of_this_thread
from caseward.channels.email.sending import Refused, TryLater

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=24)


def deliver_alerts(*, now: datetime, at_most: int = 20) -> int:
    """Send alerts that are due, each tried again until a day has passed; return how many.

    A row is locked while it is sent: whoever is killed in between sends it again.
    """
    due = StaffAlert.objects.filter(state=StaffAlert.State.QUEUED, send_after__lte=now)
    due = due.select_related("staff", "case").order_by("send_after", "pk")
    locked = list(due.select_for_update(skip_locked=True, of=("self",))[:at_most])
    for alert in locked:
        _deliver(alert, now)
    return len(locked)


def _deliver(alert: StaffAlert, now: datetime) -> None:
    alert.attempts += 1
    try:
        _send(alert, now)
    except (Refused, webhooks.WebhookRefused) as problem:
        _give_up(alert, str(problem))
    except (TryLater, webhooks.WebhookBusy, OSError) as problem:
        _try_later(alert, str(problem), now)
    else:
        alert.state, alert.sent_at, alert.problem = StaffAlert.State.SENT, now, ""
    alert.save(update_fields=["attempts", "state", "sent_at", "problem", "send_after"])


def _send(alert: StaffAlert, now: datetime) -> None:
    if alert.channel == StaffAlert.Channel.WEBHOOK:
        webhooks.call(
            alert.address,
            alert.payload,
            secret=webhook_secret(),
            at=int(now.timestamp()),
            may_be_private=settings.WEBHOOK_PRIVATE,
        )
        return
    courier = courier_of_this_thread()
    if courier is not None:
        courier.send(written(alert, now=now))


def webhook_secret() -> bytes:
    """Return what calls are signed with: as set, else made from the secret key."""
    if settings.WEBHOOK_SECRET:
        return str(settings.WEBHOOK_SECRET).encode()
    return (
        hmac.new(settings.SECRET_KEY.encode(), b"caseward.channels.alerts", hashlib.sha256)
        .hexdigest()
        .encode()
    )


def _give_up(alert: StaffAlert, why: str) -> None:
    logger.warning("alert.failed: alert %d, %s", alert.pk, alert.kind)
    alert.state, alert.problem = StaffAlert.State.FAILED, why[:300]


def _try_later(alert: StaffAlert, why: str, now: datetime) -> None:
    if now - alert.created_at >= GIVE_UP_AFTER:
        _give_up(alert, why)
        return
    logger.warning("alert.not_sent: alert %d, %s", alert.pk, alert.kind)
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(alert.attempts - 1, 10), LONGEST_PAUSE)
    alert.send_after, alert.problem = now + pause, why[:300]
