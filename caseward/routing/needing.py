"""What `core.matching` is told of cases: their needs come from their reason and their queue."""

from datetime import datetime

from caseward.core.matching import Work, Worker, refusals
from caseward.policy import queries as policy
from caseward.policy.models import Reason
from caseward.routing.models import Queue
from caseward.routing.standing import units_of

ORDINARY = Reason()
OF_A_REASON = frozenset({"level", "certification", "exposure", "opted_out"})


def work_for(
    *,
    case_id: int,
    queue: Queue,
    reason_id: int | None,
    channel: str = "",
    priority: int = 3,
    due_at: datetime | None = None,
    opened_at: datetime | None = None,
    now: datetime,
    excluded: frozenset[int] = frozenset(),
    known_to: frozenset[int] = frozenset(),
) -> Work:
    """Return a case as the matcher sees it."""
    reason = policy.reasons().get(reason_id or 0, ORDINARY)
    return Work(
        id=case_id,
        tier=queue.tier,
        vendor_id=queue.vendor_id,
        lob_id=queue.lob_id,
        language=queue.language,
        language_level=reason.language_level,
        certification=reason.certification,
        severity=reason.severity,
        category=reason.category,
        channel=channel,
        units=units_of(channel),
        queue_is_paused=queue.is_paused,
        excluded=excluded,
        minutes_left=None if due_at is None else (due_at - now).total_seconds() / 60,
        handling_minutes=reason.handling_minutes,
        priority=priority,
        age_minutes=(now - opened_at).total_seconds() / 60 if opened_at else 0.0,
        known_to=known_to,
    )


def barred_reasons(worker: Worker, queue: Queue, *, now: datetime) -> list[int]:
    """Return the reasons whose cases somebody may not take from a queue, whatever else holds."""
    demanding = (
        reason
        for reason in policy.reasons().values()
        if reason.lob_id == queue.lob_id and _asks_for_something(reason)
    )
    return [reason.pk for reason in demanding if _is_barred(worker, reason, queue, now)]


def _asks_for_something(reason: Reason) -> bool:
    return bool(
        reason.severity or reason.category or reason.certification or reason.language_level > 1
    )


def _is_barred(worker: Worker, reason: Reason, queue: Queue, now: datetime) -> bool:
    work = work_for(case_id=0, queue=queue, reason_id=reason.pk, now=now)
    return not OF_A_REASON.isdisjoint(refusals(worker, work))
