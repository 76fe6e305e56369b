"""What somebody does, and what they are asked, in words for the bar of every page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said

from caseward.casework.services import offering
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import queries as policy
from caseward.routing import availability
from caseward.routing import queries as routing
from caseward.routing.models import Availability, Offer
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments

CHOICES = (
    ("AVAILABLE", said("Available"), "circle-check"),
    ("BUSY", said("Busy"), "circle-dot"),
    ("BREAK", said("On a break"), "coffee"),
    ("TRAINING", said("In training"), "book-open"),
    ("DECOMPRESSING", said("Decompressing"), "smile"),
    ("OFF", said("Off"), "circle"),
)
MINUTES = (5, 10, 15, 30, 45, 60)
REASONS = {
    "GONE": said("Your page was closed, so no cases were offered to you."),
    "MISSED": said(
        "You did not answer an offer. Nothing is offered until you say that you are available."
    ),
}


def doing_of(staff: StaffMember, *, now: datetime) -> dict[str, Any]:
    """Return what somebody does now, in words for the bar."""
    return doing(staff, availability.states_of([staff.pk]).get(staff.pk), now=now)


def doing(staff: StaffMember, held: Availability | None, *, now: datetime) -> dict[str, Any]:
    """Return what somebody does, what they could say instead, and the offer they have.

    Args:
        held: What they said last; None where they never did.
    """
    since = held.since if held else None
    held = held or Availability(staff=staff, state=Availability.State.OFF, since=now, seen_at=now)
    label, icon = next((label, icon) for state, label, icon in CHOICES if state == held.state)
    return {
        "state": held.state,
        "label": _(label),
        "icon": icon,
        "why": _(REASONS[held.why]) if held.why in REASONS else held.why,
        "since": since,
        "since_words": moments.moment(held.since, now=now),
        "until": held.until,
        "choices": [{"state": s, "label": _(words), "icon": i} for s, words, i in CHOICES],
        "minutes": MINUTES,
        "offer": _offer(staff, now) if routing.is_pushed_to(staff.pk) else None,
    }


def _offer(staff: StaffMember, now: datetime) -> dict[str, Any] | None:
    offer = offering.open_offer_of(staff.pk, now=now)
    return _shown(offer, now) if offer else None


def _shown(offer: Offer, now: datetime) -> dict[str, Any]:
    case = offer.case
    reason = policy.reasons().get(case.reason_id or 0)
    return {
        "id": offer.pk,
        "title": case.title,
        "priority": case.priority,
        "lob": named(org.lines_of_business()[case.lob_id]),
        "reason": named(reason) if reason else "",
        "language": Language(case.language).label,
        "expires_at": offer.expires_at,
        "seconds": max(1, round((offer.expires_at - now).total_seconds())),
    }
