"""Cases open for long: those that want a decision first, and the page to decide on."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from caseward.casework import access
from caseward.casework.access import MOVES_ANY_CASE
from caseward.casework.listing import Place, rows_of
from caseward.casework.listing.aged import AGED_AFTER, LastReview, aged_cases
from caseward.casework.models import Case, CaseReview
from caseward.casework.services import AlreadyResolved
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.playbook import StepsMissing
from caseward.casework.services.reviewing import LONGEST, LookAgainWhen, Review, review_case
from caseward.ledger import queries as ledger
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import queries as policy
from caseward.routing.services import NowhereToWait
from caseward.web.languages import named
from caseward.web.look import age, brief
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import days, filtering, paging
from caseward.web.views.desk.escalation_refusals import REFUSALS as ESCALATION_REFUSALS
from caseward.web.views.desk.listed import case_list_at
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed_number

HANDED_UP = frozenset({Case.Status.ESCALATED, Case.Status.RESOLVED, Case.Status.CLOSED})
OUTCOMES = {
    "KEPT": gettext_lazy("Keep it with a next step"),
    "ESCALATED": gettext_lazy("Escalate it"),
    "MOVED": gettext_lazy("Move it to another line of business or language"),
    "RESOLVED": gettext_lazy("Resolve it"),
}
DECIDED = {
    "KEPT": gettext_lazy("Kept"),
    "ESCALATED": gettext_lazy("Escalated"),
    "MOVED": gettext_lazy("Moved"),
    "RESOLVED": gettext_lazy("Resolved"),
}
REFUSALS: tuple[type[Exception], ...] = (
    access.NotYoursToChange,
    access.ChangedMeanwhile,
    AlreadyResolved,
    CannotTakeIt,
    NowhereToWait,
    StepsMissing,
    *ESCALATION_REFUSALS,
)


@login_required
@require_safe
@never_cache
def aged(request: SignedInRequest) -> HttpResponse:
    """List cases open for long, oldest first; of those decided about, when to look again."""
    _only_leads(request.user)
    now = timezone.now()
    case_list = case_list_at(reverse("unfinished"), request.user)
    wanted = filtering.read(request.GET, case_list, request.user)
    is_decided = request.GET.get("decided") == "1"
    reviews, page = aged_cases(
        case_list.pile,
        wanted.filters,
        by=request.user,
        now=now,
        day_ends_at=days.ends_at(now),
        is_decided=is_decided,
        after=Place.read(request.GET.get("after", "")),
        before=Place.read(request.GET.get("before", "")),
    )
    context = {
        "heading": _("Aged cases"),
        "filters": wanted.shown,
        "is_filtered": wanted.is_set,
        "clear_url": reverse("aged"),
        "is_decided": is_decided,
        "days": AGED_AFTER.days,
        "rows": _rows(page.ids, reviews, now),
        **paging.links(request, page),
    }
    return render(request, "aged/list.html", context)


def _only_leads(staff: StaffMember) -> None:
    if staff.role not in MOVES_ANY_CASE:
        raise Http404


def _rows(ids: list[int], reviews: dict[int, LastReview], now: datetime) -> list[dict[str, Any]]:
    by_reference = dict(Case.objects.filter(pk__in=ids).values_list("reference", "pk"))
    reasons = policy.reasons()
    return [
        {
            "reference": row.reference,
            "url": reverse("case", args=[row.reference]),
            "review_url": reverse("case-review", args=[row.reference]),
            "title": row.title,
            "language": row.language,
            "reason": named(reasons[row.reason_id]) if row.reason_id else "",
            "who": row.assignee_name or "",
            "opened_at": row.opened_at,
            "can_escalate": row.status not in HANDED_UP,
            "age": age(now - row.opened_at),
            "due": _due(row.clock.deadline_at, now) if row.clock else "",
            **_decided(reviews[by_reference[row.reference]], now),
        }
        for row in rows_of(ids)
    ]


def _due(deadline_at: datetime | None, now: datetime) -> str:
    return brief(deadline_at - now) if deadline_at else _("Held")


def _decided(last: LastReview, now: datetime) -> dict[str, str]:
    if last.at is None or last.outcome is None:
        return {"decision": "", "next_step": "", "look_again": ""}
    said = {
        "outcome": DECIDED[last.outcome],
        "name": last.reviewer or "",
        "when": moment(last.at, now=now),
    }
    return {
        "decision": _("%(outcome)s by %(name)s, %(when)s") % said,
        "next_step": last.next_step or "",
        "look_again": moment(last.look_again_at, now=now) if last.look_again_at else "",
    }


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How does it go on?"),
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        initial="KEPT",
    )
    next_step = forms.CharField(
        label=gettext_lazy("Next step, or why"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    look_again_at = forms.DateTimeField(
        label=gettext_lazy("Look again"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text=gettext_lazy("For a case that is kept: at most 60 days from now."),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"class": "input", "type": "datetime-local"}
        ),
    )
    field_order = ("outcome", "next_step", "look_again_at", "lob", "language", "disposition")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        lobs = [(pk, named(lob)) for pk, lob in org.lines_of_business().items()]
        endings = [(each.pk, named(each)) for each in policy.dispositions_of(case.lob_id)]
        for name, label, choices, initial in (
            ("lob", _("Line of business, for one that moves"), lobs, case.lob_id),
            ("language", _("Language, for one that moves"), Language.choices, case.language),
            ("disposition", _("How it ended, for one that is resolved"),
             [("", _("Choose…")), *endings], ""),
        ):  # fmt: skip
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=initial,
                widget=forms.Select(attrs={"class": "select"}),
            )  # fmt: skip
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("outcome") == "RESOLVED" and not said.get("disposition"):
            self.add_error("disposition", _("Choose how the case ended."))
        where = (str(said.get("lob")), said.get("language"))
        if said.get("outcome") == "MOVED" and where == (str(self.case.lob_id), self.case.language):
            self.add_error("lob", _("Choose another line of business, or another language."))
        return said

    def review(self) -> Review:
        said = self.cleaned_data
        endings = {str(each.pk): each for each in policy.dispositions_of(self.case.lob_id)}
        return Review(
            outcome=said["outcome"],
            next_step=said["next_step"],
            look_again_at=said["look_again_at"],
            disposition=endings.get(said["disposition"]),
            lob=org.lines_of_business().get(int(said["lob"] or 0)),
            language=said["language"],
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request: SignedInRequest, reference: str) -> HttpResponse:
    """Decide how an aged case goes on."""
    _only_leads(request.user)
    case = access.case_to_read(reference=reference, by=request.user)
    form = ReviewForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid() and _decide(request, case, form):
        messages.success(request, _("Decided, and on the timeline of the case."))
        return redirect("aged")
    context = {
        "heading": _("Decide about %(reference)s") % {"reference": case.reference},
        "case": case,
        "form": form,
        "can_escalate": case.status not in HANDED_UP,
        "seen": ledger.last_number(case.pk),
        "age": age(timezone.now() - case.opened_at),
        "reviews": _history(case),
    }
    return render(request, "aged/review.html", context, status=422 if form.errors else 200)


def _decide(request: SignedInRequest, case: Case, form: ReviewForm) -> bool:
    try:
        review_case(
            reference=case.reference, by=request.user, review=form.review(), now=timezone.now(),
            seen=typed_number(request, "seen"),
        )  # fmt: skip
    except LookAgainWhen:
        form.add_error(
            "look_again_at",
            _("Choose a moment to come, at most %(days)d days away.") % {"days": LONGEST.days},
        )
    except REFUSALS as refusal:
        form.add_error(None, explained(refusal))
    return form.is_valid()


def _history(case: Case) -> list[dict[str, Any]]:
    found = CaseReview.objects.filter(case=case).select_related("reviewer").order_by("-at")[:10]
    now = timezone.now()
    return [
        _decided(
            LastReview(one.at, one.outcome, one.next_step, one.look_again_at, one.reviewer.name),
            now,
        )
        for one in found
    ]
