"""Who asks for work is there: they are available from then on, unless they rest."""

from datetime import datetime

from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability

RESTS = frozenset({Availability.State.TRAINING, Availability.State.DECOMPRESSING})


class MustRest(Exception):
    """Somebody in training or decompressing asked for a case; `state` is what they do."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def end_rest(by: StaffMember, *, now: datetime) -> None:
    """Make who was in training or decompressing busy: they take something in spite of it."""
    held = availability.hold(by.pk)
    if held is not None and held.state in RESTS:
        availability.set_state(staff=by, state=Availability.State.BUSY, why="", now=now)


def be_there(by: StaffMember, *, now: datetime) -> None:
    """Make who was off or on a break available; their row stays locked until the end.

    Raises:
        MustRest: they are in training or decompressing.
    """
    held = availability.hold(by.pk)
    if held is not None and held.state in RESTS:
        raise MustRest(held.state)
    if held is None or held.state not in availability.AT_WORK:
        availability.set_state(staff=by, state=Availability.State.AVAILABLE, why="", now=now)
    elif held.seen_at <= now - availability.HEARD_AT_MOST_EVERY:
        availability.heard_from(staff=by, now=now)
