"""Verbs on a case that ask something first: each a dialog, and a page where there is no script."""

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
from caseward.casework.services.merging import CannotMerge
from caseward.casework.services.playbook import StepsMissing
from caseward.casework.services.snoozing import NoReason, NotWhen
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.routing.services import NowhereToWait
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import act_forms as forms
from caseward.web.views.desk import case_page
from caseward.web.views.desk.act import Act, Answers
from caseward.web.views.desk.escalation_acts import ESCALATION_ACTS
from caseward.web.views.desk.escalation_refusals import REFUSALS
from caseward.web.views.desk.going_on import page_after
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.snooze_form import SnoozeForm
from caseward.web.views.desk.typed import typed_number
from caseward.web.views.desk.whence import page_of_case


def _resolve(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.resolve_case(reference=ref, by=by, disposition=said["disposition"], seen=seen, now=now)


def _transfer(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    lob = org.lines_of_business()[said["lob"]]
    services.transfer_case(
        reference=ref,
        by=by,
        lob=lob,
        language=said["language"],
        why=said["why"],
        seen=seen,
        now=now,
    )


def _assign(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.assign_case(reference=ref, to=said["to"], by=by, seen=seen, now=now)


def _prioritise(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.change_priority(reference=ref, by=by, priority=said["priority"], seen=seen, now=now)


def _recognise(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.change_reason(reference=ref, by=by, reason=said["reason"], seen=seen, now=now)


def _merge(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.merge_case(reference=ref, into=said["other"], by=by, seen=seen, now=now)


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
} | ESCALATION_ACTS


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
            onward = page_after(request, timezone.now()) if act.is_goodbye else ""
            return redirect(onward or page_of_case(request, reference))
        form.add_error(None, problem)
    status = 422 if form.errors else 200
    head = case_page.head(case, request.user)
    context = {"case": head, "act": shown(act, case, form)}
    is_for_a_dialog = request.method == "GET" and request.headers.get("HX-Request")
    template = "casework/_act_dialog.html" if is_for_a_dialog else "casework/act.html"
    return render(request, template, context, status=status)


REFUSED: tuple[type[Exception], ...] = (
    access.NotYoursToChange,
    access.ChangedMeanwhile,
    services.AlreadyResolved,
    services.NothingToSay,
    NowhereToWait,
    CannotTakeIt,
    CannotMerge,
    StepsMissing,
    NotWhen,
    NoReason,
    *REFUSALS,
)


def _carry_out(act: Act, case: Case, request: SignedInRequest, said: Answers) -> str | None:
    """Call the verb; return the sentence that says why not, or None when it is done."""
    try:
        act.do(case.reference, request.user, said, seen_by(request), timezone.now())
    except REFUSED as refusal:
        return explained(refusal)
    if act.done:
        undo_url = reverse(act.undo, args=[case.reference]) if act.undo else ""
        toasts.say(request, act.done, offers_next=act.is_goodbye, undo_url=undo_url)
    return None


def seen_by(request: HttpRequest) -> int | None:
    """Return the number of the last event the page showed, where it says so."""
    return typed_number(request, "seen")
