"""The campaigns there are, and one of them: how far it is and how it burns down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework import campaigns as casework
from caseward.casework.access import MOVES_ANY_CASE
from caseward.casework.models import Campaign
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy.macros import macros_for
from caseward.web.look import brief
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import filtering
from caseward.web.views.desk.listed import case_list_at
from caseward.web.views.desk.showing.moments import due, moment
from caseward.web.views.lead import words
from caseward.web.views.lead.campaigns.changing import campaign_or_404
from caseward.web.views.lead.campaigns.chosen import said_of

MOST_SHOWN = 50


def states() -> dict[str, str]:
    return {"RUNNING": _("Running"), "PAUSED": _("Paused"), "STOPPED": _("Over")}


@login_required
@require_safe
@never_cache
def campaigns(request: SignedInRequest) -> HttpResponse:
    """List campaigns, running ones first, each with how far it is."""
    if request.user.role not in MOVES_ANY_CASE:
        raise Http404
    now = timezone.now()
    newest = (F("ended_at").desc(nulls_first=True), "-started_at", "-pk")
    found = list(casework.campaigns_seen_by(request.user).order_by(*newest)[:MOST_SHOWN])
    sizes = casework.sizes_of([campaign.pk for campaign in found])
    rows = [
        {
            "url": reverse("campaign", args=[each.pk]),
            "name": each.name,
            "state": states()[each.state],
            "finished": words.whole(sizes[each.pk][0]),
            "cases": words.whole(sizes[each.pk][1]),
            "share": sizes[each.pk][0] / (sizes[each.pk][1] or 1),
            "goal": due(each.goal_at, now=now),
        }
        for each in found
    ]
    return render(request, "campaigns/list.html", {"heading": _("Campaigns"), "campaigns": rows})


@login_required
@require_safe
@never_cache
def campaign(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """Show one; to a page that is open already, only how far it is."""
    found = campaign_or_404(request, campaign_id)
    is_part = bool(request.headers.get("HX-Request"))
    template = "campaigns/campaign.html#progress" if is_part else "campaigns/campaign.html"
    return render(request, template, _context(found, request.user, timezone.now()))


def _context(campaign: Campaign, reader: StaffMember, now: datetime) -> dict[str, Any]:
    counts = casework.progress_of(campaign)
    cases, finished = sum(counts.values()), counts.get("finished", 0)
    case_list = case_list_at(reverse("unfinished"), reader)
    wanted = filtering.read(QueryDict(campaign.query), case_list, reader)
    return {
        "heading": campaign.name,
        "campaign": campaign,
        "state": states()[campaign.state],
        "said": said_of(wanted),
        "list_url": f"{reverse('unfinished')}?{campaign.query}",
        "goal": due(campaign.goal_at, now=now),
        "time_left": brief(campaign.goal_at - now),
        "is_late": campaign.goal_at < (campaign.ended_at or now) and finished < cases,
        "began": moment(campaign.started_at, now=now),
        "may_be_restored": casework.may_be_restored(campaign, now=now),
        "ended": moment(campaign.ended_at, now=now) if campaign.ended_at else "",
        "cases": words.whole(cases),
        "finished": words.whole(finished),
        "share": finished / cases if cases else 1.0,
        "counts": _counts(counts),
        "burn": _burn(campaign, now),
        "report": casework.report_of(campaign, now=now),
        "macros": _titles(campaign.macros),
        "members": [member.staff.name for member in _members(campaign)],
    }


def _members(campaign: Campaign) -> Any:
    return campaign.members.select_related("staff").order_by("staff__name", "pk")


def _titles(macro_keys: Iterable[str]) -> list[str]:
    versions = (each for lob_id in org.lines_of_business() for each in macros_for(lob_id))
    titles = {version.macro.key: version.title for version in versions}
    return [titles.get(key, key) for key in macro_keys]


def _counts(counts: dict[str, int]) -> list[dict[str, str]]:
    labels = {
        "waiting": _("Waiting for somebody"),
        "in_hand": _("In somebody's hands"),
        "pending": _("Waiting for the requester"),
        "finished": _("Finished"),
    }
    return [
        {"label": label, "count": words.whole(counts.get(key, 0))} for key, label in labels.items()
    ]


def _burn(campaign: Campaign, now: datetime) -> dict[str, Any]:
    burn = casework.burn_of(campaign, now=now)
    series = [
        {"label": _("Open"), "values": list(burn.open)},
        {"label": _("Planned"), "values": list(burn.planned)},
    ]
    times = [int(at.timestamp()) for at in burn.at]
    zone = timezone.get_current_timezone_name()
    return {"unit": "cases", "times": times, "zone": zone, "target": None, "series": series}
