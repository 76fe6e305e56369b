"""What happens when a cap of minutes is reached while a case is worked.

The case on the screen stays: nothing is torn out of somebody's hands in the middle of an answer.
What else they hold that is too severe by now waits for somebody else. That it happened is said of
the queue and the hour, and of nobody.
"""

from datetime import datetime, timedelta

from django.db import transaction

from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services.assigning.giving import put_back
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import current_actor
from caseward.wellbeing import overruns
from caseward.wellbeing.overruns import Nearing


@transaction.atomic
def note_overruns(*, now: datetime) -> int:
    """Take further severe cases from whoever has passed a cap; return how many went back.

    Said twice, the second time changes nothing. Only Caseward itself may.
    """
    over = {one.staff_id: one for one in overruns.over_a_cap(now)}
    for one in over.values():
        _note(one, now)
    return sum(
        _give_back(staff_id, most, over.get(staff_id), now)
        for staff_id, most in overruns.held_past_a_cap(now).items()
    )


def _give_back(staff_id: int, most: int, on_screen: Nearing | None, now: datetime) -> int:
    """Give back what is more severe than `most`, but for what was open when the cap was passed."""
    held = Case.objects.filter(
        assignee_id=staff_id, status__in=Case.WAITING, reason__severity__gt=most
    )
    if on_screen is not None and on_screen.began_before_the_cap(now):
        held = held.exclude(pk=on_screen.case_id)
    cases = list(held.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    for case in cases:
        put_back(case, by=None, now=now)
    return len(cases)


def _note(one: Nearing, now: datetime) -> None:
    """Say of a queue, once an hour, that work lasted longer than a cap; name no case."""
    case = Case.objects.filter(pk=one.case_id, assignee_id=one.staff_id).first()
    if case is None or not one.began_before_the_cap(now):
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    incident, is_new = CapacityIncident.objects.get_or_create(
        queue_id=case.queue_id, severity=one.severity, opened_at=hour, is_overrun=True,
        defaults={
            "cases": 1, "at_work": 1, "caps": [str(one.because)],
            "ended_at": hour + timedelta(hours=1),
        },
    )  # fmt: skip
    if is_new:
        ledger.record(
            "capacity.overrun", at=hour, actor_id=None, actor_name=current_actor().name,
            audience=Event.Audience.IN_HOUSE,
            data={
                "incident_id": incident.pk, "queue_id": incident.queue_id,
                "severity": incident.severity, "caps": incident.caps,
            },
        )  # fmt: skip
