"""*Next case*: the most urgent one somebody may take, or what waits elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.casework import access, services
from caseward.casework.listing import Pile, sizes_in_hands, sizes_of_each, sizes_of_queues
from caseward.casework.models import Case
from caseward.casework.services.assigning import MustRest
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.routing import holding_back
from caseward.routing import queries as routing
from caseward.routing.models import Queue
from caseward.routing.standing import has_full_hands
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import paging, shelf
from caseward.web.views.desk.back_again import telling_who_is_back
from caseward.web.views.desk.going_on import go
from caseward.web.views.desk.refusals import explained


@login_required
@require_POST
def next_case(request: SignedInRequest) -> HttpResponse:
    """Take the next case and go there."""
    try:
        with telling_who_is_back(request) as back:
            case = services.take_next_case(by=request.user, now=timezone.now())
            back.took = case.reference
    except services.NothingToTake:
        return go(request, reverse("nothing-waits"))
    except MustRest as refusal:
        messages.info(request, explained(refusal))
        return go(request, reverse("doing"))
    return go(request, reverse("case", args=[case.reference]))


@login_required
@require_safe
@never_cache
def nothing_waits(request: SignedInRequest) -> HttpResponse:
    """Say that nobody waits for this person, and where somebody does."""
    staff, now = request.user, timezone.now()
    own_open, own_pending = sizes_in_hands(
        [Pile.in_hands(staff), Pile.held(staff)], by=staff, now=now
    )
    own = [Pile.waiting(routing.queues_for(staff.pk))]
    context = {
        "heading": _("Next case"),
        "has_full_hands": has_full_hands(staff.pk, Case.Channel.values, now=now),
        "waiting": sizes_of_queues(own, by=staff, now=now)[0].cases,
        "held_up": _held_up(staff, now),
        "lists": shelf.lists(staff, now=now, current=paging.address(request)),
        "open": own_open.cases,
        "pending": own_pending.cases,
        "elsewhere": _elsewhere(staff, now),
    }
    return render(request, "casework/nothing_waits.html", context)


def _held_up(staff: StaffMember, now: datetime) -> list[str]:
    """Return, for each of one's queues where somebody waits and nobody may ask, why that is so."""
    own = [routing.queues()[queue_id] for queue_id in routing.queues_for(staff.pk)]
    sizes = sizes_of_each(Pile.waiting(queue.pk for queue in own), by=staff, now=now)
    told = (_why_held_up(queue, now) for queue, size in zip(own, sizes, strict=True) if size.cases)
    return [sentence for sentence in told if sentence]


def _why_held_up(queue: Queue, now: datetime) -> str:
    words = {
        "lob": named(org.lines_of_business()[queue.lob_id]),
        "language": Language(queue.language).label,
    }
    if queue.is_paused:
        return _("%(lob)s, %(language)s is paused: a lead hands out nothing from it.") % words
    if queue.mode == Queue.Mode.PUSH:
        said = _(
            "Cases of %(lob)s, %(language)s are offered: stay available, and one comes to you."
        )
        return said % words
    begins_at = holding_back.shift_waited_for(queue, now=now)
    if begins_at is None:
        return ""
    words["when"] = date_format(timezone.localtime(begins_at), "H:i")
    return (
        _("What can wait in %(lob)s, %(language)s is left to the shift that begins at %(when)s.")
        % words
    )


def _elsewhere(staff: StaffMember, now: datetime) -> list[dict[str, object]]:
    """Return how many wait in queues like one's own that one has not the language for."""
    own, lobs = set(routing.queues_for(staff.pk)), access.lobs_of(staff)
    others = [
        queue
        for queue in routing.queues().values()
        if queue.pk not in own
        and queue.lob_id in lobs
        and (queue.tier, queue.vendor_id) == (staff.tier, staff.vendor_id)
    ]
    return [line for line in _lines(others, staff, now) if line["count"]]


def _lines(queues: Sequence[Queue], staff: StaffMember, now: datetime) -> list[dict[str, object]]:
    sizes = sizes_of_each(Pile.waiting(queue.pk for queue in queues), by=staff, now=now)
    return [
        {
            "lob": named(org.lines_of_business()[queue.lob_id]),
            "language": Language(queue.language).label,
            "count": size.cases,
        }
        for queue, size in zip(queues, sizes, strict=True)
    ]
