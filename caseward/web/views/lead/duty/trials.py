"""Sending somebody on a rota a trial page, and whether it came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caseward.casework.emergency import trials
from caseward.casework.models import OnCallTrial, StaffAlert
from caseward.org.changing import NotYoursToChange
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed
from caseward.web.views.lead.changes import not_yours, only_leads_in_house


@login_required
@require_POST
def try_out(request: SignedInRequest, rota_key: str) -> HttpResponse:
    """Send a trial page to one person of a rota."""
    only_leads_in_house(request)
    try:
        trial = trials.send_trial(
            rota_key=rota_key, staff_key=typed(request, "staff"), by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except NotYoursToChange:
        messages.warning(request, not_yours())
    except trials.NotOnTheRota:
        messages.warning(
            request, _("This person is not on the rota any more, so nobody was paged.")
        )
    except trials.SentJustNow:
        messages.info(
            request, _("A trial page went out a moment ago. Give them a minute to answer.")
        )
    else:
        messages.success(
            request,
            _("A trial page is on its way to %(name)s. Look here for whether it came.")
            % {"name": trial.staff.name},
        )
    return redirect("on-call")


def newest_trials(rota_ids: Sequence[int]) -> dict[tuple[int, int], OnCallTrial]:
    """Return the last trial of each place, with its alerts."""
    found = OnCallTrial.objects.filter(rota_id__in=rota_ids).prefetch_related("alerts")
    newest = found.order_by("rota", "staff", "-sent_at").distinct("rota", "staff")
    return {(trial.rota_id, trial.staff_id): trial for trial in newest}


def shown_trial(trial: OnCallTrial | None, now: datetime) -> dict[str, Any] | None:
    """Return what became of a trial, in words."""
    if trial is None:
        return None
    if trial.acknowledged_at:
        words = _("Trial answered at %(at)s.") % {"at": moment(trial.acknowledged_at, now=now)}
        return {"words": words, "state": "CAME"}
    failed = [alert for alert in trial.alerts.all() if alert.state == StaffAlert.State.FAILED]
    if failed:
        words = _("The trial could not be sent: %(why)s") % {"why": failed[0].problem}
        return {"words": words, "state": "FAILED"}
    sent = [alert for alert in trial.alerts.all() if alert.state == StaffAlert.State.SENT]
    at = {"at": moment(trial.sent_at, now=now)}
    if sent:
        return {"words": _("Trial of %(at)s: sent, not answered yet.") % at, "state": "SENT"}
    return {"words": _("Trial of %(at)s: waits to be sent.") % at, "state": "WAITING"}
