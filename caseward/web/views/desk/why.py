"""Why a case went there, and why it has waited."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework import explaining
from caseward.casework.models import Case
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Queue
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.showing import matching
from caseward.web.views.desk.showing.turns import turns


@login_required
@require_safe
@never_cache
def show(request: SignedInRequest, reference: str) -> HttpResponse:
    """Tell of every turn the case took, and what it waits for now."""
    now = timezone.now()
    case = case_page.case_of(reference, request.user)
    context = {
        "case": case,
        "turns": turns(case, request.user, now=now),
        "waiting": _waiting(case, request.user, now) if explaining.is_waiting(case) else None,
    }
    return render(request, "casework/why.html", context)


def _waiting(case: Case, reader: StaffMember, now: datetime) -> dict[str, Any]:
    queue = routing.queues()[case.queue_id]
    chances = explaining.chances_of(case, now=now)
    return {
        "line": explaining.line_of(case),
        "is_pushed": queue.mode == Queue.Mode.PUSH,
        "is_paused": queue.is_paused,
        "snoozed_until": case.snoozed_until,
        "held_until": explaining.held_back_until(case, now=now),
        "eligible": len(chances.eligible),
        "names": _names(case, reader, chances.eligible),
        "refused": [
            {"reason": reason, "count": len(people), "names": _names(case, reader, people)}
            for reason, people in matching.by_reason(chances.refused)
        ],
    }


def _names(case: Case, reader: StaffMember, people: Sequence[StaffMember]) -> list[str]:
    """Name who could have a case, or not, to those who lead, unless it would tell of a wish.

    Whoever compares the names for two categories of harm would learn what somebody opted out of.
    """
    is_demanding = case.reason is not None and bool(case.reason.severity or case.reason.category)
    if is_demanding or not reader.leads_people:
        return []
    return sorted(staff.name for staff in people)
