"""Seeing what ran out, and what is about to: each clock once, however many look.

Both questions are answered by a partial index of the clocks that still run, so what the table
holds besides does not matter. A case that somebody is changing is left for the next sweep: its row
is locked before its clock.
"""

from datetime import datetime

from django.db.models import QuerySet

from caseward.sla.models import NOT_OUR_WORK, Clock, Miss
from caseward.sla.warning import fraction_reached, next_warning


def newly_missed(*, now: datetime, at_most: int = 500) -> list[Clock]:
    """Mark clocks whose deadline has passed and return them; each only once.

    A paused clock has no deadline and cannot be missed. Time that others had, or that something had
    to be kept, ends as meant: its clock stops and is returned too, with `was_met` true. A missed
    clock of ours opens a record that somebody must explain.
    """
    due = list(
        _locked(Clock.objects.filter(deadline_at__lte=now).order_by("deadline_at", "id"))[:at_most]
    )
    missed = [clock for clock in due if clock.kind not in NOT_OUR_WORK]
    Clock.objects.filter(pk__in=[clock.pk for clock in missed]).update(was_met=False)
    Miss.objects.bulk_create([_miss(clock) for clock in missed], ignore_conflicts=True)
    for clock in due:
        if clock.kind in NOT_OUR_WORK:
            clock.stopped_at, clock.was_met = clock.deadline_at, True
            clock.save(update_fields=["stopped_at", "was_met"])
        else:
            clock.was_met = False
    return due


def _miss(clock: Clock) -> Miss:
    return Miss(
        clock=clock,
        case_id=clock.case_id,
        kind=clock.kind,
        is_legal=bool(clock.stage),
        lob_id=clock.case.lob_id,
        missed_at=clock.deadline_at,
    )


def to_be_warned(*, now: datetime, at_most: int = 200) -> list[tuple[Clock, float]]:
    """Return clocks that reached a fraction of their promise, with that fraction; each once.

    Where several fractions passed since the last look only the largest is returned.
    """
    due = list(
        _locked(Clock.objects.filter(warns_at__lte=now).order_by("warns_at", "id"))[:at_most]
    )
    for clock in due:
        clock.warns_at = next_warning(clock, after=now)
        clock.save(update_fields=["warns_at"])
    reached = ((clock, fraction_reached(clock, at=now)) for clock in due)
    return [(clock, share) for clock, share in reached if share]


def _locked(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    running = clocks.filter(stopped_at__isnull=True, was_met__isnull=True)
    return running.select_related("case").select_for_update(of=("case", "self"), skip_locked=True)
