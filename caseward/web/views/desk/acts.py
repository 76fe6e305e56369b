"""Verbs on a case that ask something first: each a dialog, and a page where there is no script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from caseward.casework import access, services
from caseward.casework.models import Case
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.escalating import AlreadyEscalated, NotEscalated
from caseward.casework.services.merging import CannotMerge
from caseward.casework.services.snoozing import NoReason, NotWhen
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.routing.services import NowhereToWait
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import act_forms as forms
from caseward.web.views.desk import case_page
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.snooze_form import SnoozeForm
from caseward.web.views.desk.typed import typed_number

Answers = dict[str, Any]
Verb = Callable[[str, StaffMember, Answers, "int | None", datetime], Any]


@dataclass(frozen=True)
class Act:
    """One verb: how it is asked for, who may, and what it calls."""

    id: str
    title: Any
    submit: Any
    form: type[forms.ActForm]
    needs: str  # the permission of the page's head, such as `can_resolve`
    do: Verb
    done: Any = ""
    lead: Any = ""
    is_goodbye: bool = False  # whoever did it is done with the case
    undo: str = ""  # the name of the address that takes it back
    is_at_hand: bool = False  # its dialog comes with the page, not when it is asked for


def _resolve(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.resolve_case(reference=ref, by=by, disposition=said["disposition"], seen=seen, now=now)


def _transfer(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    lob = org.lines_of_business()[said["lob"]]
    services.transfer_case(
        reference=ref, by=by, lob=lob, language=said["language"], why=said["why"], now=now
    )


def _assign(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.assign_case(reference=ref, to=said["to"], by=by, now=now)


def _escalate(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.escalate_case(
        reference=ref, by=by, why=said["why"], tried=said["tried"], seen=seen, now=now
    )


def _settle(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.settle_escalation(
        reference=ref, by=by, verdict=said["verdict"], note=said["note"], now=now
    )


def _return(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.return_escalation(
        reference=ref, by=by, verdict=said["verdict"], note=said["note"], now=now
    )


def _prioritise(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.change_priority(reference=ref, by=by, priority=said["priority"], now=now)


def _recognise(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.change_reason(reference=ref, by=by, reason=said["reason"], now=now)


def _merge(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.merge_case(reference=ref, into=said["other"], by=by, now=now)


def _link(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.link_cases(reference=ref, other=said["other"], note=said["note"], by=by, now=now)


def _snooze(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.snooze_case(
        reference=ref, by=by, until=said["until"], why=said["why"], seen=seen, now=now
    )


ACTS = {
    act.id: act
    for act in (
        Act(
            "transfer",
            lazy("Transfer"),
            lazy("Transfer"),
            forms.TransferForm,
            "can_transfer",
            _transfer,
            lazy("The case waits in its new queue."),
            lazy("To another line of business or language in the same tier."),
            is_goodbye=True,
        ),
        Act(
            "escalate",
            lazy("Escalate to tier 2"),
            lazy("Escalate"),
            forms.EscalateForm,
            "can_escalate",
            _escalate,
            lazy("Tier 2 has the case. You will see its verdict here."),
            is_at_hand=True,
            is_goodbye=True,
        ),
        Act(
            "resolve",
            lazy("Resolve"),
            lazy("Resolve case"),
            forms.ResolveForm,
            "can_resolve",
            _resolve,
            lazy("The case is resolved."),
            lazy("Without a further message to the requester."),
            is_at_hand=True,
            is_goodbye=True,
        ),
        Act(
            "settle",
            lazy("Settle the escalation"),
            lazy("Settle"),
            forms.SettleForm,
            "can_answer",
            _settle,
            lazy("The case is yours to answer."),
            is_at_hand=True,
        ),
        Act(
            "return",
            lazy("Return to tier 1"),
            lazy("Return"),
            forms.ReturnForm,
            "can_answer",
            _return,
            lazy("Tier 1 has the case again, with your verdict."),
            is_at_hand=True,
            is_goodbye=True,
        ),
        Act(
            "assign",
            lazy("Give to a colleague"),
            lazy("Give"),
            forms.AssignForm,
            "can_sort",
            _assign,
            lazy("The case is in your colleague's hands."),
            is_goodbye=True,
        ),
        Act(
            "snooze",
            lazy("Snooze"),
            lazy("Snooze"),
            SnoozeForm,
            "can_snooze",
            _snooze,
            lazy("The case is out of sight until then, or until the requester writes."),
            lazy("It leaves your lists and the queue, and comes back by itself."),
            is_goodbye=True,
            undo="case-wake",
        ),
        Act(
            "priority",
            lazy("Change the priority"),
            lazy("Change"),
            forms.PriorityForm,
            "can_sort",
            _prioritise,
        ),
        Act(
            "reason",
            lazy("Change the reason"),
            lazy("Change"),
            forms.ReasonForm,
            "can_sort",
            _recognise,
        ),
        Act(
            "merge",
            lazy("Merge into another case"),
            lazy("Merge"),
            forms.MergeForm,
            "can_sort",
            _merge,
            lazy("Merged. You can undo this on the duplicate."),
            lazy("This case is closed as a duplicate; its messages show with the other one."),
            is_goodbye=True,
        ),
        Act(
            "link",
            lazy("Link with another case"),
            lazy("Link"),
            forms.LinkForm,
            "can_tag",
            _link,
        ),
    )
}


def offered(case: Case, head: dict[str, Any], reader: StaffMember) -> list[dict[str, Any]]:
    """Return the dialogs of what a reader most often does with a case in this state."""
    may_answer = head["can_reply"] and case.tier == 2 and not reader.vendor_id
    return [
        shown(act, case, act.form(case=case, by=reader))
        for act in ACTS.values()
        if act.is_at_hand and {**head, "can_answer": may_answer}[act.needs]
    ]


def shown(act: Act, case: Case, form: forms.ActForm) -> dict[str, Any]:
    return {
        "id": act.id,
        "title": act.title,
        "url": reverse(f"case-{act.id}", args=[case.reference]),
        "form": form,
        "lead": act.lead,
        "submit": act.submit,
    }


@login_required
def act_on_case(request: SignedInRequest, reference: str, act_id: str) -> HttpResponse:
    """Ask a verb's questions, or carry it out and go back to the case.

    A script gets the questions as a dialog for the page that is open.
    """
    act = ACTS[act_id]
    case = case_page.case_of(reference, request.user)
    form = act.form(request.POST or None, case=case, by=request.user)
    if request.method == "POST" and form.is_valid():
        problem = _carry_out(act, case, request, form.cleaned_data)
        if problem is None:
            return redirect("case", reference)
        form.add_error(None, problem)
    status = 422 if form.errors else 200
    head = case_page.head(case, request.user)
    context = {"case": head, "act": shown(act, case, form)}
    is_for_a_dialog = request.method == "GET" and request.headers.get("HX-Request")
    template = "casework/_act_dialog.html" if is_for_a_dialog else "casework/act.html"
    return render(request, template, context, status=status)


def _carry_out(act: Act, case: Case, request: SignedInRequest, said: Answers) -> str | None:
    """Call the verb; return the sentence that says why not, or None when it is done."""
    try:
        act.do(case.reference, request.user, said, seen_by(request), timezone.now())
    except (
        access.NotYoursToChange,
        access.ChangedMeanwhile,
        services.AlreadyResolved,
        services.NothingToSay,
        AlreadyEscalated,
        NotEscalated,
        NowhereToWait,
        CannotTakeIt,
        CannotMerge,
        NotWhen,
        NoReason,
    ) as refusal:
        return explained(refusal)
    if act.done:
        undo_url = reverse(act.undo, args=[case.reference]) if act.undo else ""
        toasts.say(request, act.done, offers_next=act.is_goodbye, undo_url=undo_url)
    return None


def seen_by(request: HttpRequest) -> int | None:
    """Return the number of the last event the page showed, where it says so."""
    return typed_number(request, "seen")
