"""Answering what colleagues ask: about their cases, or about one's own escalation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.casework import access, services
from caseward.casework.models import HelpRequest
from caseward.casework.services import helping
from caseward.casework.services.asking_back import NotYoursToAnswer
from caseward.casework.services.replying import NothingToSay
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing import helping as showing
from caseward.web.views.desk.typed import number_in, typed

AT_ONCE = 50


@login_required
@require_safe
@never_cache
def help_wanted(request: SignedInRequest) -> HttpResponse:
    """List what one is asked, oldest first, and what one asked oneself."""
    now, reader = timezone.now(), request.user
    asked = HelpRequest.objects.select_related("case", "asked_by", "to_staff")
    running = asked.filter(state=HelpRequest.State.OPEN)
    after = number_in(request.GET.get("after", ""))
    for_me = running.filter(access.asked_to_help(reader)).exclude(asked_by=reader).order_by("pk")
    if after is not None:
        for_me = for_me.filter(pk__gt=after)
    page = list(for_me[: AT_ONCE + 1])
    mine = asked.filter(asked_by=reader).order_by("-asked_at", "-pk")[:AT_ONCE]
    context = {
        "wanted": [_row(each, request, True) for each in page[:AT_ONCE]],
        "mine": [_row(each, request, False) for each in mine],
        "next_after": page[AT_ONCE - 1].pk if len(page) > AT_ONCE else "",
        "now": now,
    }
    return render(request, "casework/help_wanted.html", context)


def _row(asked: HelpRequest, request: SignedInRequest, is_for_me: bool) -> dict[str, object]:
    row = showing.shown(asked, request.user, now=timezone.now(), is_for_me=is_for_me)
    state = HelpRequest.State(asked.state)
    return {
        **row,
        "reference": asked.case.reference,
        "subject": asked.case.title or _("(no subject)"),
        "language": asked.case.language,
        "state": asked.state,
        "state_label": state.label,
        "answer": asked.answer,
    }


@login_required
@require_POST
def answer(request: SignedInRequest, help_id: int) -> HttpResponse:
    """Answer a request for help, or say that one cannot."""
    now, text = timezone.now(), typed(request, "text")
    try:
        if request.POST.get("decline"):
            asked = helping.decline_help(help_id=help_id, by=request.user, why=text, now=now)
            done = _("They know that you cannot help.")
        else:
            asked = helping.answer_help(help_id=help_id, by=request.user, answer=text, now=now)
            done = _("Your answer is a note on the case.")
    except (NothingToSay, helping.HelpIsOver, helping.CannotHelp) as refusal:
        messages.warning(request, explained(refusal))
        return redirect("help-wanted")
    messages.success(request, done)
    sees = access.visible_cases(request.user).filter(pk=asked.case_id).exists()
    return redirect("case", asked.case.reference) if sees else redirect("help-wanted")


@login_required
@require_POST
def withdraw(request: SignedInRequest, help_id: int) -> HttpResponse:
    try:
        asked = helping.withdraw_help(help_id=help_id, by=request.user, now=timezone.now())
    except helping.HelpIsOver as refusal:
        messages.warning(request, explained(refusal))
        return redirect("help-wanted")
    messages.success(request, _("The question is taken back."))
    return redirect("case", asked.case.reference)


@login_required
@require_POST
def answer_question(request: SignedInRequest, reference: str, question_id: int) -> HttpResponse:
    """Answer what tier 2 asks about an escalation of one's own."""
    try:
        services.answer_question(
            reference=reference,
            question_id=question_id,
            by=request.user,
            text=typed(request, "text"),
            now=timezone.now(),
        )
    except (NothingToSay, NotYoursToAnswer) as refusal:
        messages.warning(request, explained(refusal))
    else:
        messages.success(request, _("Tier 2 has your answer."))
    return redirect("case", reference)
