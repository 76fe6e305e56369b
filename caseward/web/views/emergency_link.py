"""The link in a page: taking an emergency, or answering a trial, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from caseward.casework.emergency import paging, trials
from caseward.casework.models import Emergency, EmergencyPage
from caseward.org.acting import Actor, acting
from caseward.web.views.public import pages


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the paged person takes it, as mail scanners open links too; or take it."""
    try:
        with acting(Actor.system("emergency link")):
            page = paging.page_of(token)
            emergency = page.emergency
    except paging.LinkTooOld:
        return pages.notice(
            request,
            heading=_("This link no longer works"),
            words=_("It is older than a day, or was cut off. Sign in to see what runs."),
            link=reverse("emergencies"),
            button=_("Sign in"),
            status=404,
        )
    state, taker = _state(emergency, page), ""
    if request.method == "POST" and state == "ASKED":
        state, taker = _take(page)
    return _answer(request, page, state, taker)


def _answer(request: HttpRequest, page: EmergencyPage, state: str, taker: str) -> HttpResponse:
    reference = {"reference": page.emergency.case.reference, "name": taker}
    heading, words = {
        "ASKED": (
            _("Somebody may come to harm"),
            _("Case %(reference)s. Take it if you can work on it now; else the next is paged."),
        ),
        "YOURS": (
            _("You have it"),
            _("Nobody else is paged for %(reference)s. Open its worksheet now."),
        ),
        "TAKEN": (_("A colleague has it"), _("%(name)s There is nothing for you to do.")),
        "ENDED": (_("It is over"), _("The emergency on %(reference)s has ended.")),
    }[state]
    return pages.notice(
        request,
        heading=heading,
        words=(words % reference).strip(),
        post_to=request.path if state == "ASKED" else "",
        link=reverse("emergency", args=[page.emergency_id]) if state == "YOURS" else "",
        button=_("I take it") if state == "ASKED" else _("Open the worksheet"),
    )


def _state(emergency: Emergency, page: EmergencyPage) -> str:
    if emergency.state == Emergency.State.PAGING:
        return "ASKED"
    if emergency.state not in Emergency.RUNNING:
        return "ENDED"
    return "YOURS" if emergency.acknowledged_by_id == page.staff_id else "TAKEN"


def _take(page: EmergencyPage) -> tuple[str, str]:
    try:
        with acting(Actor.staff(page.staff)):
            paging.take_emergency(emergency_id=page.emergency_id, by=page.staff, now=timezone.now())
    except paging.AlreadyTaken as taken:
        return "TAKEN", _("%(name)s took it first.") % {"name": taken.by}
    except Emergency.DoesNotExist:
        return "ENDED", ""
    return "YOURS", ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def answer_trial(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a trial page came to whom it was sent; keep that it did."""
    try:
        with acting(Actor.system("emergency link")):
            trial = trials.trial_of(token)
            if request.method == "POST":
                trial = trials.acknowledge_trial(trial.pk, now=timezone.now())
    except trials.NoSuchTrial:
        return pages.notice(
            request,
            heading=_("This link no longer works"),
            words=_("It is older than a day, or was cut off. Ask for another trial."),
            status=404,
        )
    if trial.acknowledged_at:
        return pages.notice(
            request,
            heading=_("Thank you, it came"),
            words=_("Whoever sent the trial sees that pages reach you. There is nothing to do."),
        )
    return pages.notice(
        request,
        heading=_("This is a trial"),
        words=_("Nobody is in danger. Say that this page of %(rota)s reached you.")
        % {"rota": trial.rota.name},
        post_to=request.path,
        button=_("It reached me"),
    )
