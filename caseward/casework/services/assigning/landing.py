"""The one door for work that comes to somebody unasked: returned, reopened, undone, written to.

Routing asks every rule before it gives a case. What goes beside routing asks here, and a case that
may not come back waits in its queue, where whoever knows the requester is preferred again. Nobody
learns which of the rules it was.
"""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.assigning.being_there import RESTS
from caseward.casework.services.assigning.giving import give, put_back, what_bars
from caseward.casework.services.recording import record
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing import availability

NOT_ASKED = frozenset(
    {"lob", "language", "level", "certification", "off_shift", "capacity", "queue_paused"}
)
"""What does not hold for a case that comes back: they had it, or it was sent to them by name."""


def lands_on(
    case: Case, staff_id: int | None, *, now: datetime, by: StaffMember | None = None
) -> int | None:
    """Return who gets a case that comes back: this person, or None where it waits in its queue.

    Its row is locked, and it stands where it will stand. Whoever stopped, rests, is away or off
    gets nothing, nor does anybody whom a hard rule keeps from it.

    Args:
        by: Who did it; of themselves it is clear that they are there, unless they rest.
    """
    if staff_id is None:
        return None
    with acting(Actor.system("landing")):  # a vendor's staff see no state of a specialist
        lifted = NOT_ASKED | {"unavailable"}  # who is busy is at work
        may = _is_there(staff_id, by) and not what_bars(case, staff_id, now=now, lifted=lifted)
    return staff_id if may else None


def _is_there(staff_id: int, by: StaffMember | None) -> bool:
    held = availability.hold(staff_id)
    if by is not None and by.pk == staff_id:
        return held is None or held.state not in RESTS
    return held is not None and held.state in availability.AT_WORK


def land(case: Case, *, now: datetime, by: StaffMember | None = None) -> None:
    """Let a case that is worked again stay with whoever had it, or wait; saves its assignee."""
    to_id = lands_on(case, case.assignee_id, now=now, by=by)
    if to_id == case.assignee_id:
        return
    case.assignee = None
    case.save(update_fields=["assignee"])
    record("case.released", case, at=now, by=by)


@transaction.atomic
def hand_back(*, reference: str, staff_id: int | None, by: StaffMember, now: datetime) -> Case:
    """Put a case where it was before something that is undone: into hands, or into its queue.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
    """
    case = access.case_to_change(reference=reference, by=by)
    to_id = lands_on(case, staff_id, now=now, by=by)
    if to_id is not None and to_id != case.assignee_id:
        give(case, to=StaffMember.objects.get(pk=to_id), by=by, now=now, how="assigned")
    elif to_id is None and case.assignee_id is not None:
        put_back(case, by=by, now=now)
    return case
