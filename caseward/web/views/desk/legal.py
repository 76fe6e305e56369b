"""What the law asks of a case: noting what was done, taking it back, keeping silent."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework import access, services
from caseward.casework.models import Case
from caseward.casework.services import obeying, silence
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.act_forms import ActForm, line, lines, select
from caseward.web.views.desk.acts import seen_by
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing import law, promises
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed, typed_number
from caseward.web.views.law import words

BY_THE_MINUTE = "%Y-%m-%dT%H:%M"
REFUSED: dict[type[Exception], Any] = {
    obeying.UnknownAct: _("There is no such act for you. Nothing was written down."),
    obeying.ReasonNotOnTheList: _(
        "A report is dismissed for a reason of the law's list, or not at all. Choose one."
    ),
    obeying.NotAtThatTime: _("Choose a moment after the case was opened and before now."),
    obeying.CannotTakeBack: _(
        "This cannot be taken back: it is final, or something else was written down since."
    ),
}


class LegalForm(ActForm):
    event = forms.ChoiceField(label=_("What was done?"), widget=select())
    dismissal = forms.ChoiceField(
        label=_("Dismissed because it is"), required=False, widget=select()
    )
    happened_at = forms.DateTimeField(
        label=_("When, if not just now?"),
        help_text=_("In UTC. A notice counts from when it was delivered."),
        required=False,
        input_formats=[BY_THE_MINUTE],
        widget=forms.DateTimeInput(
            format=BY_THE_MINUTE, attrs={"class": "input", "type": "datetime-local"}
        ),
    )
    note = forms.CharField(
        label=_("What should be known of it?"), required=False, max_length=500, widget=lines()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = obeying.LEGAL_ACTS.values()
        offered = [act for act in acts if self.by.vendor_id is None or not act.is_in_house]
        event, dismissal = self.fields["event"], self.fields["dismissal"]
        assert isinstance(event, forms.ChoiceField)
        assert isinstance(dismissal, forms.ChoiceField)
        event.choices = [("", _("Choose…"))] + [(act.event, act.label) for act in offered]
        reasons = obeying.dismissal_reasons(self.case)
        if not reasons:
            del self.fields["dismissal"]
            return
        dismissal.choices = [("", _("Choose…"))] + [
            (code, words.dismissal(code)) for code in reasons
        ]

    def clean_happened_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["happened_at"]
        return at.replace(tzinfo=UTC) if at else None


class SilenceForm(forms.Form):
    why = forms.CharField(label=_("Why?"), max_length=300, widget=line())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what the law asks of a case, and write down what was done."""
    case = case_page.case_of(reference, request.user)
    form = LegalForm(request.POST or None, case=case, by=request.user)
    if request.method == "POST" and form.is_valid():
        problem = _note(request, reference, form.cleaned_data)
        if not problem:
            messages.success(request, now_said("Written down. The clocks went on with it."))
            return redirect("case-legal", reference)
        form.add_error(None, problem)
    return _shown(request, case, form)


def _note(request: SignedInRequest, reference: str, said: dict[str, Any]) -> str:
    try:
        services.note_legal_act(
            reference=reference, by=request.user, now=timezone.now(), seen=seen_by(request), **said
        )
    except (access.NotYoursToChange, access.ChangedMeanwhile) as refusal:
        return explained(refusal)
    except tuple(REFUSED) as refusal:
        return str(REFUSED[type(refusal)])
    return ""


def _shown(request: SignedInRequest, case: Case, form: LegalForm) -> HttpResponse:
    now, clocks = timezone.now(), promises.kept(case)
    act = {
        "title": now_said("What the law asks"),
        "url": reverse("case-legal", args=[case.reference]),
        "form": form,
        "lead": "",
        "submit": now_said("Write it down"),
    }
    context = {
        "case": case_page.head(case, request.user),
        "act": act,
        "clocks": promises.clocks([clock for clock in clocks if clock.stage], now=now),
        "law": law.law(case, clocks, request.user),
        "last": _last(case, request.user, now),
        "is_in_house": request.user.vendor_id is None,
        "may_lift": request.user.role in silence.MAY_LIFT,
        "silence_form": SilenceForm(auto_id="id_silence_%s"),
    }
    return render(request, "casework/legal.html", context, status=422 if form.errors else 200)


def _last(case: Case, reader: StaffMember, now: datetime) -> dict[str, Any] | None:
    """Return the latest legal act, where it can be taken back."""
    event = obeying.last_act(case)
    act = obeying.LEGAL_ACTS.get(event.kind.removeprefix("legal.")) if event else None
    if event is None or act is None:
        return None
    return {
        "label": act.label,
        "number": event.seq,
        "when": moment(event.at, now=now),
        "at": event.at,
        "can_be_taken_back": not act.is_final and access.may_change(case, reader),
    }


@login_required
@require_POST
def take_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take the latest legal act back."""
    case_page.case_of(reference, request.user)
    try:
        services.take_back_legal_act(
            reference=reference,
            number=typed_number(request, "number") or 0,
            by=request.user,
            now=timezone.now(),
        )
    except (access.NotYoursToChange, obeying.CannotTakeBack) as refusal:
        known = REFUSED.get(type(refusal))
        messages.warning(request, str(known) if known else explained(refusal))
    else:
        messages.success(request, now_said("Taken back. The clocks are as before it."))
    return redirect("case-legal", reference)


@login_required
@require_POST
def keep_silent(request: SignedInRequest, reference: str) -> HttpResponse:
    """Lock a case by hand, or lift its lock; in-house staff only."""
    case_page.case_of(reference, request.user)
    if request.user.vendor_id is not None:
        raise Http404
    lifts = typed(request, "does") == "lift"
    verb = services.lift_disclosure if lifts else services.lock_disclosure
    try:
        verb(reference=reference, by=request.user, why=typed(request, "why"), now=timezone.now())
    except (access.NotYoursToChange, silence.MayNotLift, silence.NoReasonGiven) as refusal:
        messages.warning(request, explained(refusal))
    else:
        done = now_said("The lock is lifted.") if lifts else now_said("The case is locked.")
        messages.success(request, done)
    return redirect("case-legal", reference)
