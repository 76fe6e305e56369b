"""Leaving what can wait to people who come on shift soon.

A case is held only while its deadline leaves time to handle it after the shift has begun, and only
for people who may take from its queue. Everything more urgent goes out as ever.
"""

from datetime import datetime, timedelta

from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Shift
from caseward.routing.models import HoldBack, Queue

NO_LIMIT = 2**62
SPARE = timedelta(minutes=30)
"""What must be left between the shift's begin and the deadline of a case that is held."""


@kept_per_revision
def _minutes() -> dict[int, int]:
    return dict(HoldBack.objects.values_list("queue_id", "minutes"))


def urgency_held_from(queue: Queue, *, now: datetime) -> int:
    """Return the urgency from which cases of a queue are held back now."""
    begins = shift_waited_for(queue, now=now)
    return NO_LIMIT if begins is None else int((begins + SPARE).timestamp()) * 10


def shift_waited_for(queue: Queue, *, now: datetime) -> datetime | None:
    """Return when the shift begins that a queue leaves cases to now; None: it leaves none."""
    minutes = _minutes().get(queue.pk)
    if minutes is None:
        return None
    return next_shift(queue, now=now, within=timedelta(minutes=minutes))


def held_until(queue: Queue, urgency: int, *, now: datetime) -> datetime | None:
    """Return when the shift begins that a case of this urgency is left to; None: it is not."""
    if urgency < urgency_held_from(queue, now=now):
        return None
    return shift_waited_for(queue, now=now)


def next_shift(queue: Queue, *, now: datetime, within: timedelta) -> datetime | None:
    """Return when the next shift of somebody begins who may take from a queue."""
    soon = Shift.objects.filter(
        starts_at__gt=now,
        starts_at__lte=now + within,
        staff__is_active=True,
        staff__vendor=queue.vendor_id,
        staff__skills__lob_id=queue.lob_id,
        staff__skills__language=queue.language,
    )
    return soon.order_by("starts_at").values_list("starts_at", flat=True).first()
