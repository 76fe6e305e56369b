"""Who is on call now and next, when nobody is, and how each of them is reached."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework.emergency.on_call import rotas, week_of, zone_of
from caseward.casework.emergency.rotas import may_change
from caseward.casework.models import OnCallPlace, OnCallRota, OnCallTrial
from caseward.core.on_call_hours import written_hours
from caseward.core.paging import Watch
from caseward.org import queries as org
from caseward.org.models import ConfigurationChange, StaffMember
from caseward.policy import access
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import due
from caseward.web.views.lead.changes import history, only_leads_in_house
from caseward.web.views.lead.duty.trials import newest_trials, shown_trial

MOST_HOLES, MOST_TURNS = 7, 5


@login_required
@require_safe
@never_cache
def on_call(request: SignedInRequest) -> HttpResponse:
    """Show every rota with who is on it now and next, and the holes of the coming week."""
    only_leads_in_house(request)
    now, known = timezone.now(), list(rotas().values())
    trials = newest_trials([rota.pk for rota in known])
    context = {
        "heading": _("On call"),
        "rotas": [_rota(rota, request.user, now, trials) for rota in known],
        "may_begin": any(
            access.may_release(request.user, lob_id) for lob_id in (None, *org.lines_of_business())
        ),
        **history(request, ConfigurationChange.What.ROTA),
    }
    return render(request, "lead/on_call.html", context)


def _rota(
    rota: OnCallRota,
    reader: StaffMember,
    now: datetime,
    trials: dict[tuple[int, int], OnCallTrial],
) -> dict[str, Any]:
    places, week = week_of(rota.pk, now)
    names = [place.staff.name for place in places]
    holes = [watch for watch in week if not watch.people]
    answers_for_it = may_change(reader, {"line_of_business": rota.lob.key if rota.lob else None})
    return {
        "key": rota.key,
        "name": rota.name,
        "line": named(rota.lob) if rota.lob else _("Every line of business"),
        "region": rota.region.name,
        "fallback": rota.fallback.name if rota.fallback and rota.fallback.is_active else "",
        "may_change": answers_for_it,
        "now": [names[place] for place in week[0].people],
        "holes": [_hole(watch, week, now) for watch in holes[:MOST_HOLES]],
        "more_holes": _more(len(holes) - MOST_HOLES),
        "turns": [_turn(watch, names, now) for watch in week[1 : MOST_TURNS + 1]],
        "people": [
            {
                **_person(place),
                "trial": shown_trial(trials.get((rota.pk, place.staff_id)), now),
                "may_try": answers_for_it or place.staff_id == reader.pk,
            }
            for place in places
        ],
    }


def _hole(hole: Watch, week: list[Watch], now: datetime) -> str:
    starts_at, ends_at = due(hole.starts_at, now=now), due(hole.ends_at, now=now)
    is_first, is_last = hole is week[0], hole is week[-1]
    if is_first and is_last:
        return _("Nobody is on call at any time.")
    if is_first:
        return _("Nobody is on call now, until %(end)s.") % {"end": ends_at}
    if is_last:
        return _("Nobody is on call from %(start)s on.") % {"start": starts_at}
    words = {"start": starts_at, "end": ends_at}
    return _("Nobody is on call from %(start)s to %(end)s.") % words


def _more(count: int) -> str:
    if count <= 0:
        return ""
    words = ngettext("And %(count)d more hole.", "And %(count)d more holes.", count)
    return words % {"count": count}


def _turn(watch: Watch, names: list[str], now: datetime) -> dict[str, str]:
    people = ", ".join(names[place] for place in watch.people)
    return {"when": due(watch.starts_at, now=now), "people": people or _("nobody")}


def _person(place: OnCallPlace) -> dict[str, Any]:
    return {
        "key": place.staff.key,
        "name": place.staff.name,
        "hours": written_hours(place.windows).splitlines(),
        "zone": zone_of(place.staff),
        "email": place.email or place.staff.email,
        "has_webhook": bool(place.webhook_url),
    }
