"""*I need to stop*: every case goes back at once, and nobody is told why or that it was this.

In the ledger it is what it is on any other day: cases given back, and somebody decompressing.
"""

from datetime import datetime, timedelta

from django.db import transaction

from caseward.casework.models import Case
from caseward.casework.services.assigning.giving import give, release_all
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

    Asks for no reason and keeps none. Pressing again gives back what has come in since.
    """
    references = release_all(by, by=by, why="", now=now)
    decompress(by=by, now=now)  # from here on nothing lands on them; what did meanwhile goes back
    references += release_all(by, by=by, why="", now=now)
    end_offers_to(by, now=now)
    stops.remember(staff=by, references=references, now=now, keep=TO_UNDO)
    return references


def decompress(*, by: StaffMember, now: datetime) -> None:
    """Let somebody take no cases until they say that they are available again."""
    state = Availability.State.DECOMPRESSING
    availability.set_state(staff=by, state=state, why="", now=now)


@transaction.atomic
def undo_stop(*, by: StaffMember, now: datetime) -> list[str]:
    """Give back to somebody what is still free of what they gave back; return the references.

    Nothing speaks against a case they had a moment ago, so nothing is asked. Undoing twice, or too
    late, changes nothing.
    """
    references = stops.take(staff=by, now=now, keep=TO_UNDO)
    if not references:
        return []
    free = Case.objects.filter(reference__in=references, assignee__isnull=True)
    cases = list(free.filter(status__in=Case.UNFINISHED).select_for_update().order_by("pk"))
    state = Availability.State.AVAILABLE
    availability.set_state(staff=by, state=state, why="", now=now)
    for case in cases:
        give(case, to=by, by=by, now=now, how="chosen")
    return [case.reference for case in cases]
