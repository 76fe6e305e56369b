"""*I need to stop*: every case goes back at once, and nobody is told why or that it was this.

In the ledger it is what it is on any other day: cases given back, and somebody decompressing.
"""

from datetime import datetime, timedelta

from django.db import transaction

from caseward.casework.emergency.paging import let_go
from caseward.casework.models import Case
from caseward.casework.services.assigning.giving import give, release_all
from caseward.casework.services.assigning.landing import lands_on
from caseward.casework.services.offering.ending import end_offers_to
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability
from caseward.wellbeing import stops

TO_UNDO = timedelta(minutes=10)
"""So long a press by mistake can be undone; then what was given back is forgotten."""


@transaction.atomic
def stop_now(*, by: StaffMember, now: datetime) -> list[str]:
    """Take all work from somebody who needs to stop; return the references given back.

    Asks for no reason and keeps none. Pressing again changes nothing. An emergency they have in
    hand is paged to the next person.
    """
    references = release_all(by, by=by, why="", now=now)
    was_resting = _rests_since(by) is not None
    decompress(by=by, now=now)  # from here on nothing lands on them; what did meanwhile goes back
    references += release_all(by, by=by, why="", now=now)
    end_offers_to(by, now=now)
    let_go(by=by, now=now)
    if not was_resting:
        stops.forget_all(staff=by)  # of an earlier stop, which they came back from
    stops.remember(staff=by, references=references, now=now, keep=TO_UNDO)
    return references


def decompress(*, by: StaffMember, now: datetime) -> None:
    """Let somebody take no cases until they say that they are available again."""
    state = Availability.State.DECOMPRESSING
    availability.set_state(staff=by, state=state, why="", now=now)


@transaction.atomic
def undo_stop(*, by: StaffMember, now: datetime) -> list[str]:
    """Give back to somebody what is still free of what they gave back; return the references.

    While they still rest nothing is asked: they had these cases a moment ago. Whoever worked again
    since gets back what they may have beside it. Undoing twice, or too late, changes nothing.
    """
    rests_since = _rests_since(by)
    had_them = rests_since is not None and stops.is_since(rests_since, staff=by)
    references = stops.take(staff=by, now=now, keep=TO_UNDO)
    if not references:
        return []
    free = Case.objects.filter(reference__in=references, assignee__isnull=True)
    cases = list(free.filter(status__in=Case.UNFINISHED).select_for_update().order_by("pk"))
    state = Availability.State.AVAILABLE
    availability.set_state(staff=by, state=state, why="", now=now)
    back = []
    for case in cases:
        if had_them or lands_on(case, by.pk, now=now, by=by):
            give(case, to=by, by=by, now=now, how="chosen")
            back.append(case.reference)
    return back


def _rests_since(staff: StaffMember) -> datetime | None:
    """Return since when somebody decompresses; their row stays locked until the end."""
    held = availability.hold(staff.pk)
    rests = held is not None and held.state == Availability.State.DECOMPRESSING
    return held.since if held is not None and rests else None
