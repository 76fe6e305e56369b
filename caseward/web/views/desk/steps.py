"""Working through the playbook of a case: doing, confirming and undoing its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from caseward.casework import access
from caseward.casework.services import owing, playbook
from caseward.policy.playbooks import LADDER, TICK
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.typed import typed, typed_moment

LONGEST = 2000


@login_required
@require_POST
def step(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Do, confirm or undo a step, then show the case as it is."""
    case_page.case_of(reference, request.user)
    asked: dict[str, Any] = {
        "reference": reference,
        "by": request.user,
        "key": key,
        "now": timezone.now(),
    }
    problem = ""
    try:
        match request.POST.get("do"):
            case "CONFIRM":
                playbook.confirm_step(**asked, read=typed_moment(request, "done_at"))
            case "UNDO":
                playbook.undo_step(**asked)
            case _:
                playbook.do_step(**asked, answer=_answer(request))
    except access.NotYoursToChange as refusal:
        problem = explained(refusal)
    except (
        playbook.NoSuchStep, playbook.NotAnAnswer, playbook.SamePerson, playbook.DoneByAnother,
        playbook.AnsweredAnew,
    ) as refusal:  # fmt: skip
        problem = _words(refusal)
    return _shown(request, reference, problem)


@login_required
@require_POST
def gates(request: SignedInRequest, reference: str, reason_id: int, do: str) -> HttpResponse:
    """Ask for the gates of an earlier reason to be dropped, agree to it, or take that back."""
    case_page.case_of(reference, request.user)
    if do not in GATES:
        raise Http404(do)
    verb, said = GATES[do]
    try:
        verb(reference=reference, reason_id=reason_id, by=request.user, now=timezone.now())
    except access.NotYoursToChange as refusal:
        messages.warning(request, explained(refusal))
    except owing.BoundByIt:
        messages.warning(
            request,
            _(
                "Whoever changed the reason, asked for this or works on the "
                "case cannot agree to it. Nothing was changed. Ask another lead."
            ),
        )
    except owing.NothingOwed:
        messages.info(request, _("Nothing of that reason is open any more. Nothing was changed."))
    else:
        undo_url = reverse("case-gates", args=[reference, reason_id, "owe"])
        toasts.say(request, str(said), undo_url=undo_url if do == "agree" else "")
    return redirect("case", reference)


GATES: dict[str, tuple[Callable[..., None], Any]] = {
    "ask": (owing.ask_to_drop, lazy("Asked. A lead is told and can agree with one click.")),
    "agree": (owing.agree_to_drop, lazy("Agreed. The case owes these steps no more.")),
    "owe": (owing.owe_again, lazy("Taken back. The case owes these steps again.")),
}


def _answer(request: SignedInRequest) -> dict[str, Any]:
    check, value = request.POST.get("check"), typed(request, "value").strip()[:LONGEST]
    if check == LADDER:
        return {"rungs": request.POST.getlist("rung"), "risks": request.POST.getlist("risk")}
    if check == TICK:
        return {"value": True}
    if check == "NUMBER":
        return {"value": _number(value)}
    return {"value": value}


def _number(value: str) -> float | None:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # also leaves out what is no number


def _words(refusal: Exception) -> str:
    return {
        playbook.NoSuchStep: _(
            "This step is not yours to do, or the playbook has changed. Nothing was changed."
        ),
        playbook.NotAnAnswer: _("This is no answer to the step. Choose or write one first."),
        playbook.SamePerson: _(
            "You did this step yourself. Ask a colleague to open the case and confirm it."
        ),
        playbook.AnsweredAnew: _(
            "It was answered anew since you opened the case. Read the answer, then confirm it."
        ),
        playbook.DoneByAnother: _(
            "A colleague did this step. Ask them or a team leader to undo it first."
        ),
    }[type(refusal)]


def _shown(request: SignedInRequest, reference: str, problem: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        if problem:
            messages.warning(request, problem)
        return redirect("case", reference)
    case = case_page.case_of(reference, request.user)
    context = case_page.page(request, case, request.user, timezone.now())
    context["playbook"]["problem"] = problem
    return render(request, "casework/case_changes.html", {**context, "swapped": True})
