"""Starting, changing and ending a campaign; another lead's change is never overwritten unseen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework import campaigns
from caseward.casework.access import MOVES_ANY_CASE
from caseward.casework.models import Campaign
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.typed import typed_number
from caseward.web.views.lead.campaigns.chosen import Chosen, chosen, said_of
from caseward.web.views.lead.campaigns.forms import LONGEST_NAME, PlanForm, initial_of

REFUSALS = (
    campaigns.NoCaseFits,
    campaigns.CampaignChanged,
    campaigns.CampaignOver,
    campaigns.CannotHelp,
)


def explained(refusal: Exception) -> str:
    """Return whole sentences for a refusal a lead can act on."""
    if isinstance(refusal, campaigns.CannotHelp):
        return _("%(names)s may take none of these cases. Leave them out.") % {
            "names": ", ".join(refusal.names)
        }
    return {
        campaigns.NoCaseFits: _("No unfinished case fits. Choose other filters."),
        campaigns.CampaignChanged: _(
            "Another lead changed this campaign meanwhile. Nothing was changed. Look at it as it"
            " is now, then decide again."
        ),
        campaigns.CampaignOver: _("This campaign was stopped. Start another one instead."),
    }[type(refusal)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """Ask what to clear, by when and with whom; show how many cases that is before it starts."""
    if request.user.role not in MOVES_ANY_CASE:
        raise Http404
    now = timezone.now()
    posted = QueryDict(request.POST.get("query", ""))
    found = chosen(posted if request.method == "POST" else request.GET, by=request.user, now=now)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            made = campaigns.start_campaign(
                by=request.user, query=found.query, plan=form.plan(), now=now
            )
        except REFUSALS as refusal:
            form.add_error(None, explained(refusal))
        else:
            messages.success(request, _("The campaign runs. Its members get its cases first."))
            return redirect("campaign", made.pk)
    part = "campaigns/form.html#chosen" if request.headers.get("HX-Request") else ""
    status = 422 if form.errors else 200
    return render(request, part or "campaigns/form.html", _context(found, form), status=status)


def _form(request: SignedInRequest, found: Chosen, campaign: Campaign | None = None) -> PlanForm:
    return PlanForm(
        request.POST or None,
        now=timezone.now(),
        helpers=found.helpers,
        lob_ids=found.lob_ids,
        initial=initial_of(campaign) if campaign else _first(request, found),
    )


def _first(request: SignedInRequest, found: Chosen) -> dict[str, Any]:
    """Return what a new campaign is called, and who and what was ticked before other filters."""
    return {
        "name": said_of(found.wanted)[:LONGEST_NAME],
        "members": request.GET.getlist("members"),
        "macros": request.GET.getlist("macros"),
    }


def _context(found: Chosen, form: PlanForm, campaign: Campaign | None = None) -> dict[str, Any]:
    return {
        "heading": campaign.name if campaign else _("Start a campaign"),
        "campaign": campaign,
        "chosen": found,
        "said": said_of(found.wanted),
        "form": form,
        "checked": set(form["members"].value() or ()),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_id)
    found = chosen(QueryDict(campaign.query), by=campaign.started_by, now=timezone.now())
    form = _form(request, found, campaign)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.change_campaign(
                campaign_id=campaign_id, by=request.user, plan=form.plan(), seen=_seen(request),
                now=timezone.now(),
            )  # fmt: skip
        except REFUSALS as refusal:
            form.add_error(None, explained(refusal))
        else:
            return redirect("campaign", campaign_id)
    status = 422 if form.errors else 200
    return render(request, "campaigns/form.html", _context(found, form, campaign), status=status)


def campaign_or_404(request: SignedInRequest, campaign_id: int) -> Campaign:
    try:
        return campaigns.campaign_of(campaign_id=campaign_id, by=request.user)
    except campaigns.NoSuchCampaign:
        raise Http404 from None


def _seen(request: SignedInRequest) -> int:
    return typed_number(request, "revision") or 0


def _does(
    verb: Callable[..., Campaign], done: Callable[[], str], *, undo: str = ""
) -> Callable[..., HttpResponse]:
    @login_required
    @require_POST
    def view(request: SignedInRequest, campaign_id: int) -> HttpResponse:
        campaign_or_404(request, campaign_id)
        try:
            verb(campaign_id=campaign_id, by=request.user, seen=_seen(request), now=timezone.now())
        except REFUSALS as refusal:
            messages.warning(request, explained(refusal))
        else:
            toasts.say(request, done(), undo_url=reverse(undo, args=[campaign_id]) if undo else "")
        return redirect("campaign", campaign_id)

    return view


@login_required
@require_POST
def restore(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """Take back that a campaign was stopped."""
    campaign_or_404(request, campaign_id)
    try:
        campaigns.restore_campaign(campaign_id=campaign_id, by=request.user, now=timezone.now())
    except campaigns.CampaignOver:
        messages.warning(request, _("It was stopped too long ago. Start another campaign instead."))
    else:
        messages.success(request, _("The campaign is as it was before it was stopped."))
    return redirect("campaign", campaign_id)


pause = _does(campaigns.pause_campaign, lambda: _("The campaign waits; people work as usual."))
resume = _does(campaigns.resume_campaign, lambda: _("The campaign goes on."))
stop = _does(
    campaigns.stop_campaign,
    lambda: _("The campaign is over; people work as usual again."),
    undo="campaign-restore",
)
