"""Who takes a case while off or on a break is available again, and is told so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.utils.translation import gettext as _

from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability
from caseward.web.middleware import SignedInRequest


@contextmanager
def telling_who_is_back(request: SignedInRequest) -> Iterator[None]:
    """Tell somebody that what they did in here made them available; a refusal tells nothing."""
    was_away = _state(request.user) in {Availability.State.OFF, Availability.State.BREAK}
    yield
    if was_away and _state(request.user) == Availability.State.AVAILABLE:
        messages.info(request, _("You are available again."))


def _state(staff: StaffMember) -> str:
    held = availability.states_of([staff.pk]).get(staff.pk)
    return held.state if held else ""
