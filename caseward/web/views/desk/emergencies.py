"""Raising an emergency from a case, and working it in-house."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caseward.casework import access, services
from caseward.casework.emergency import deciding, paging
from caseward.casework.emergency.on_call import is_on_a_rota
from caseward.casework.emergency.paging import AlreadyTaken
from caseward.casework.emergency.raising import NoEmergency, raise_emergency, take_back_emergency
from caseward.casework.models import Case, Emergency
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.macros import ChosenMacro, reply_with_macros
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.silence import MustKeepSilent
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing import emergencies as showing
from caseward.web.views.desk.showing import worksheets
from caseward.web.views.desk.typed import number_in, typed, typed_moment

NOT_SENT = (access.NotYoursToChange, services.AlreadyResolved, CannotTakeIt, MustKeepSilent)
REFUSED = (
    deciding.DecidedAlready, deciding.NeedsAnotherPerson, deciding.NotDecided,
    deciding.RewrittenMeanwhile, deciding.Unanswered, NothingToSay,
)  # fmt: skip


@login_required
def raise_from_case(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask once more, or page whoever is on call and tell the requester where help is."""
    case = case_page.case_of(reference, request.user)
    now = timezone.now()
    may_tell = access.may_change(case, request.user) and not case.is_finished
    macro = showing.crisis_macro(case, request.user, now=now) if may_tell else None
    if request.method != "POST":
        shown = case_page.head(case, request.user)
        context = {"case": shown, "crisis_text": macro.rendered if macro else ""}
        return render(request, "casework/raise_emergency.html", context)
    raise_emergency(
        reference=reference,
        by=request.user,
        now=now,
        page_within=timedelta(minutes=settings.EMERGENCY_PAGE_MINUTES),
        decide_within=timedelta(minutes=settings.EMERGENCY_DECISION_MINUTES),
    )
    if request.POST.get("send") and macro:
        _tell_the_requester(request, case, macro)
    toasts.say(
        request,
        _("Whoever is on call is being paged. The case comes first."),
        undo_url=reverse("case-false-alarm", args=[reference]),
    )
    return redirect("case", reference)


def _tell_the_requester(request: SignedInRequest, case: Case, macro: ChosenMacro) -> None:
    """Send where help is; whatever keeps it from being sent, the alarm stands."""
    try:
        with transaction.atomic():
            reply_with_macros(
                reference=case.reference,
                by=request.user,
                text=macro.rendered,
                macros=[macro],
                now=timezone.now(),
                undo=timedelta(seconds=settings.UNDO_SECONDS),
                takes=False,
            )
    except NOT_SENT as refusal:
        messages.warning(request, explained(refusal))


@login_required
@require_POST
def false_alarm(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take an emergency back, and what was written to the requester if it has not left."""
    case = case_page.case_of(reference, request.user)
    has_left = _take_back_reply(case, request.user)
    try:
        take_back_emergency(reference=reference, by=request.user, now=timezone.now())
    except NoEmergency as refusal:
        messages.warning(request, explained(refusal))
    else:
        messages.success(request, _("A false alarm. All is as it was, and nobody counts it."))
        if has_left:
            messages.info(request, _("What you wrote to the requester has left already."))
    return redirect("case", reference)


def _take_back_reply(case: Case, by: StaffMember) -> bool:
    """Take back what was sent with the alarm; return whether it was too late for that."""
    running = case.emergencies.filter(state__in=Emergency.RUNNING, raised_by=by).first()
    last = case.messages.filter(author=by, direction="OUTBOUND").order_by("-pk").first()
    if last is None or running is None or last.at < running.raised_at:
        return False
    try:
        with transaction.atomic():
            services.take_back_reply(message_id=last.pk, by=by, now=timezone.now())
    except services.TooLate:
        return True
    return False


@login_required
@require_safe
def emergencies(request: SignedInRequest) -> HttpResponse:
    """List what runs, most urgent first, and what has ended, newest first."""
    _in_house(request.user)
    now = timezone.now()
    before = number_in(request.GET.get("before", ""))
    context = worksheets.lists(request.user, now=now, before=before)
    return render(request, "casework/emergencies.html", context)


@login_required
def emergency(request: SignedInRequest, emergency_id: int) -> HttpResponse:
    """Show the worksheet of an emergency, or keep what was written on it."""
    found = _found(request.user, emergency_id)
    problem, status = "", 200
    if request.method == "POST":
        problem = _done(
            lambda: deciding.fill_in(
                emergency_id=found.pk,
                by=request.user,
                answers={name: typed(request, name) for name in deciding.QUESTIONS},
                decision=_decision(request),
                now=timezone.now(),
            )
        )
        if not problem:
            if _decision(request):
                messages.success(request, _("Kept. Another person approves it now."))
            else:
                messages.warning(request, _("Kept. Nobody can approve it yet: propose a decision."))
            return redirect("emergency", found.pk)
        status = 422
    context = worksheets.page(found, request.user, now=timezone.now())
    if problem:
        context["problem"] = problem
    return render(request, "casework/emergency.html", context, status=status)


def _decision(request: SignedInRequest) -> str:
    decision = typed(request, "decision")
    return decision if decision in dict(worksheets.decisions()) else ""


@login_required
@require_POST
def hold(request: SignedInRequest, emergency_id: int) -> HttpResponse:
    """Take an emergency from the desk."""
    found = _found(request.user, emergency_id)
    try:
        paging.take_emergency(emergency_id=found.pk, by=request.user, now=timezone.now())
    except AlreadyTaken as taken:
        said = _("%(name)s took it first. Nothing was changed.") % {"name": taken.by}
        messages.warning(request, said)
    except Emergency.DoesNotExist:
        messages.warning(request, _("This emergency has ended. Nothing was changed."))
    return redirect("emergency", found.pk)


@login_required
@require_POST
def approve(request: SignedInRequest, emergency_id: int) -> HttpResponse:
    found = _found(request.user, emergency_id)
    return _act(
        request,
        found,
        lambda: deciding.approve(
            emergency_id=found.pk,
            by=request.user,
            now=timezone.now(),
            read=typed_moment(request, "drafted"),
        ),
        _("Decided by two people. Act on it now."),
    )


@login_required
@require_POST
def disclose(request: SignedInRequest, emergency_id: int) -> HttpResponse:
    found = _found(request.user, emergency_id)
    return _act(
        request,
        found,
        lambda: deciding.disclose(
            emergency_id=found.pk,
            by=request.user,
            agency=typed(request, "agency")[:200],
            contact=typed(request, "contact")[:200],
            what_data=typed(request, "given"),
            now=timezone.now(),
        ),
        _("Written down for good."),
    )


@login_required
@require_POST
def end(request: SignedInRequest, emergency_id: int) -> HttpResponse:
    found = _found(request.user, emergency_id)
    return _act(
        request,
        found,
        lambda: deciding.end_emergency(emergency_id=found.pk, by=request.user, now=timezone.now()),
        _("Ended. Take a moment for yourself before the next case."),
    )


@login_required
@require_POST
def rest(request: SignedInRequest) -> HttpResponse:
    """Take a while without cases after an emergency; nobody asks why."""
    now = timezone.now()
    availability.set_state(
        staff=request.user,
        state=Availability.State.DECOMPRESSING,
        why=_("After an emergency"),
        now=now,
        until=now + timedelta(minutes=settings.DECOMPRESSION_MINUTES),
    )
    messages.success(request, _("You get no cases until then. Come back earlier if you like."))
    return redirect("my-cases")


def _act(request: SignedInRequest, found: Emergency, do: Any, done: str) -> HttpResponse:
    problem = _done(do)
    if problem:
        context = worksheets.page(found, request.user, now=timezone.now())
        said = {name: typed(request, name) for name in ("agency", "contact", "given")}
        context |= {"problem": problem, "typed": said}
        return render(request, "casework/emergency.html", context, status=422)
    messages.success(request, done)
    return redirect("emergency", found.pk)


def _done(do: Any) -> str:
    """Do something to a worksheet; return the sentence that says why not, empty when done."""
    try:
        with transaction.atomic():
            do()
    except REFUSED as refusal:
        return worksheets.explained(refusal)
    except Emergency.DoesNotExist:
        return _("This emergency has ended. Nothing was changed.")
    return ""


def _in_house(staff: StaffMember) -> None:
    if staff.vendor_id:
        raise Http404("in-house only")


def _found(reader: StaffMember, emergency_id: int) -> Emergency:
    """Return an emergency of a case somebody in-house sees, or of which they may be called."""
    _in_house(reader)
    known = Emergency.objects.select_related("case", "raised_by", "acknowledged_by", "worksheet")
    found = known.filter(pk=emergency_id).first()
    if found is None:
        raise Http404("no such emergency")
    sees = access.visible_cases(reader).filter(pk=found.case_id).exists()
    if not sees and not is_on_a_rota(reader.pk):
        raise Http404("no such emergency")
    return found
