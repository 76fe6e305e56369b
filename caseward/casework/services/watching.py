"""Clocks that ran out: seen once, left on the timeline."""

from datetime import datetime

from django.db import transaction

from caseward.casework.models import Case
from caseward.casework.services.recording import record
from caseward.sla import services as sla


@transaction.atomic
def note_missed_clocks(*, now: datetime) -> int:
    """Record every clock whose deadline has passed since the last sweep; return how many."""
    missed = sla.newly_missed(now=now)
    cases = Case.objects.in_bulk([clock.case_id for clock in missed])
    # Chains in one order, so that two who write to several cannot wait for each other.
    for clock in sorted(missed, key=lambda clock: (clock.case_id, clock.pk)):
        assert clock.deadline_at is not None  # only a running clock can be missed
        record(
            "clock.missed",
            cases[clock.case_id],
            at=now,
            clock=clock.kind,
            deadline=clock.deadline_at.isoformat(),
        )
    return len(missed)
