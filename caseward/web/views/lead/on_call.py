"""Who is on call now, who is next, and what somebody knows: as the operation's files say."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework.emergency.on_call import next_turn, people_of, rotas
from caseward.casework.experts import experts
from caseward.casework.models import Expert, OnCallPlace, OnCallRota
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.web.languages import data_language, named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import due


@login_required
@require_safe
@never_cache
def on_call(request: SignedInRequest) -> HttpResponse:
    """Show every rota with who is on it now and next, and the experts there are."""
    if request.user.vendor_id or not request.user.leads_people:
        raise Http404
    now = timezone.now()
    context = {
        "heading": _("On call"),
        "rotas": [_rota(rota, now) for rota in rotas().values()],
        "experts": _experts(),
    }
    return render(request, "lead/on_call.html", context)


def _rota(rota: OnCallRota, now: datetime) -> dict[str, Any]:
    turn = next_turn(rota.pk, now)
    return {
        "key": rota.key,
        "name": rota.name,
        "line": named(rota.lob) if rota.lob else _("Every line of business"),
        "now": [_person(place) for place in people_of(rota.pk, now)],
        "turn": due(turn, now=now) if turn else "",
        "next": [_person(place) for place in people_of(rota.pk, turn)] if turn else [],
        "fallback": rota.fallback.name if rota.fallback else "",
    }


def _person(place: OnCallPlace) -> dict[str, Any]:
    return {
        "name": place.staff.name,
        "email": place.email or place.staff.email,
        "has_webhook": bool(place.webhook_url),
    }


def _experts() -> list[dict[str, str]]:
    found = list(experts().values())
    people = StaffMember.objects.in_bulk([expert.staff_id for expert in found])
    return [_expert(expert, people[expert.staff_id].name) for expert in found]


def _expert(expert: Expert, name: str) -> dict[str, str]:
    topics = expert.topics
    return {
        "name": name,
        "line": named(org.lines_of_business()[expert.lob_id]),
        "topics": topics.get(data_language()) or topics.get("en", ""),
    }
