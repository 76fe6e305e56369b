"""Seeing what ran out, and what is about to: each clock once, however many look.

Both questions are answered by a partial index of the clocks that still run, so what the table
holds besides does not matter. A case that somebody is changing is left for the next sweep: its row
is locked before its clock.
"""

from datetime import datetime

from django.db.models import QuerySet

from caseward.sla.models import NOT_OUR_WORK, Clock, ClockKind, Miss
from caseward.sla.services.keeping import erasure_due
from caseward.sla.warning import fraction_reached, next_warning


def newly_missed(*, now: datetime, at_most: int = 500) -> list[Clock]:
    """Mark clocks whose deadline has passed and return them; each only once.

    A paused clock has no deadline and cannot be missed. A missed clock of ours opens a record that
    somebody must explain. Time that others had, or that something had to be kept, ends as meant:
    its clock stops, kept.
    """
    due = passed(now=now, at_most=at_most)
    missed = [clock for clock in due if clock.kind not in NOT_OUR_WORK]
    Clock.objects.filter(pk__in=[clock.pk for clock in missed]).update(was_met=False)
    Miss.objects.bulk_create([_miss(clock) for clock in missed], ignore_conflicts=True)
    ended = [clock for clock in due if clock.kind in NOT_OUR_WORK and _ends(clock, now)]
    return [*missed, *ended]


def passed(*, now: datetime, at_most: int) -> list[Clock]:
    """Return running clocks whose deadline has passed, the longest ago first, locked."""
    due = Clock.objects.filter(deadline_at__lte=now).order_by("deadline_at", "id")
    return list(_locked(due)[:at_most])


def _miss(clock: Clock) -> Miss:
    assert clock.deadline_at is not None  # only a running clock has passed
    return Miss(
        clock=clock,
        case_id=clock.case_id,
        kind=clock.kind,
        is_legal=bool(clock.stage),
        lob_id=clock.case.lob_id,
        missed_at=clock.deadline_at,
    )


def _ends(clock: Clock, now: datetime) -> bool:
    """Stop a clock whose time is over; what must still be kept is not erased yet."""
    if clock.kind == ClockKind.ERASURE:
        clock.deadline_at = erasure_due(clock)
    is_over = clock.deadline_at is not None and clock.deadline_at <= now
    if is_over:
        clock.stopped_at, clock.was_met = clock.deadline_at, True
    clock.save(update_fields=["deadline_at", "stopped_at", "was_met"])
    return is_over


def to_be_warned(*, now: datetime, at_most: int = 200) -> list[tuple[Clock, float]]:
    """Return clocks that reached a fraction of their promise, with that fraction; each once.

    Where several fractions passed since the last look only the largest is returned.
    """
    reached = Clock.objects.filter(warns_at__lte=now, deadline_at__isnull=False)
    due = list(_locked(reached.order_by("warns_at", "id"))[:at_most])
    for clock in due:
        clock.warns_at = next_warning(clock, after=now)
    Clock.objects.bulk_update(due, ["warns_at"])
    return [(clock, fraction_reached(clock, at=now)) for clock in due]


def _locked(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    running = clocks.filter(stopped_at__isnull=True, was_met__isnull=True)
    # No key is changed: whoever writes an event or a message of the case need not wait for us.
    return running.select_related("case").select_for_update(
        of=("case", "self"), skip_locked=True, no_key=True
    )
