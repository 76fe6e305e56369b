"""The case page and the verbs that ask nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said
from django.views.decorators.http import require_GET, require_POST

from caseward.casework import access, services
from caseward.casework.services import presence
from caseward.casework.services.assigning import CannotTakeIt, MustRest
from caseward.casework.services.merging import CannotMerge
from caseward.casework.services.resolving import NotResolved
from caseward.core.tags import NotATag
from caseward.org.queries import name_of_leader
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.act_forms import RevealForm
from caseward.web.views.desk.back_again import telling_who_is_back
from caseward.web.views.desk.escalation_refusals import REFUSALS
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing import limits, people
from caseward.web.views.desk.typed import typed
from caseward.web.views.desk.whence import Whence, page_of_case
from caseward.web.views.tags import why_no_tag

Verb = Callable[..., Any]
REFUSED: tuple[type[Exception], ...] = (
    access.NotYoursToChange, services.AlreadyResolved, CannotTakeIt, CannotMerge, MustRest,
    NotResolved, *REFUSALS,
)  # fmt: skip


@login_required
@require_GET
def show(request: SignedInRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_page.case_of(reference, request.user)
    presence.shown(case=case, staff=request.user, now=now)
    context = case_page.page(request, case, request.user, now)
    if request.headers.get("HX-Target") == "pane":
        return render(request, "casework/_pane.html", context)
    return render(request, "casework/case.html", context | _beside(request, now))


def _beside(request: SignedInRequest, now: datetime) -> dict[str, str]:
    """Return where the list is that the case was opened from, and what is next in it."""
    whence = Whence.read(request)
    found = whence.neighbours(request.user, now)
    return {
        "back_url": whence.address or reverse("my-cases"),
        "above_url": whence.url_of_neighbour(found.above),
        "below_url": whence.url_of_neighbour(found.below),
    }


@login_required
@require_GET
def changes(request: SignedInRequest, reference: str) -> HttpResponse:
    """What changed since, for an open page that says what is being written on it."""
    case = case_page.case_of(reference, request.user)
    context = case_page.page(request, case, request.user, timezone.now())
    context |= {
        "swapped": True,
        "kind": request.GET.get("kind", "REPLY"),
        "is_composer_empty": request.GET.get("composer") == "empty",
    }
    return render(request, "casework/open_case_changes.html", context)


def _verb(
    do: Verb, done: str = "", *, takes: bool = False
) -> Callable[[SignedInRequest, str], HttpResponse]:
    """Make a page of a verb that asks nothing: do it, say so, go back to the case."""

    @login_required
    @require_POST
    def view(request: SignedInRequest, reference: str) -> HttpResponse:
        try:
            with telling_who_is_back(request) as back:
                do(reference=reference, by=request.user, now=timezone.now())
                back.took = reference if takes else ""
        except REFUSED as refusal:
            messages.warning(request, explained(refusal))
        else:
            if done:
                messages.success(request, _(done))
        return redirect(page_of_case(request, reference))

    return view


take = _verb(services.take_case, takes=True)
release = _verb(services.release_case, said("The case waits in its queue again."))
reopen = _verb(services.reopen_case, said("The case is open again."))
unmerge = _verb(services.unmerge_case, said("The merge is undone."))
accept = _verb(services.accept_escalation)
wake = _verb(services.wake_case, said("The case is back in its lists."))


@login_required
@require_POST
def be_present(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say that somebody has the case open, and answer who else has."""
    case = case_page.case_of(reference, request.user)
    now = timezone.now()
    presence.heartbeat(
        case=case, staff=request.user, is_writing=bool(request.POST.get("typing")), now=now
    )
    others = presence.who_else(case=case, staff=request.user, now=now)
    viewers = [
        {
            "name": viewer.name
            or name_of_leader(request.user, viewer.staff_id)
            or _("A colleague in-house"),
            "is_typing": viewer.is_writing,
        }
        for viewer in others
    ]
    context = {
        "viewers": viewers,
        "case": {"reference": reference},
        "limit": limits.limit(case, request.user, now=now),
    }
    return render(request, "casework/_viewers.html", context)


@login_required
@require_POST
def change_tags(request: SignedInRequest, reference: str, *, adds: bool) -> HttpResponse:
    case = case_page.case_of(reference, request.user)
    tag = typed(request, "tag")
    kept = [name for name in case.tags if name != tag]
    problem = _tagging_refused(request, reference, [*kept, tag] if adds else kept)
    if not request.headers.get("HX-Request"):
        if problem:
            messages.warning(request, problem)
        return redirect("case", reference)
    case = case_page.case_of(reference, request.user)
    context = {"case": case_page.head(case, request.user), "tags": case.tags, "problem": problem}
    return render(request, "casework/_tags.html", context)


def _tagging_refused(request: SignedInRequest, reference: str, tags: list[str]) -> str:
    """Let a case have these tags; return why it has not, or nothing."""
    try:
        services.set_tags(reference=reference, by=request.user, tags=tags, now=timezone.now())
    except access.NotYoursToChange as refusal:
        return explained(refusal)
    except NotATag as refusal:
        return why_no_tag(refusal)
    return ""


@login_required
@require_POST
def unlink(request: SignedInRequest, reference: str) -> HttpResponse:
    """Undo a link with another case, from either of the two."""
    other = typed(request, "other").strip()
    services.unlink_cases(reference=reference, other=other, by=request.user, now=timezone.now())
    messages.success(request, _("The two cases are no longer linked."))
    return redirect("case", reference)


@login_required
def reveal(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show contact details whole to in-house staff, who say why; it stays on the timeline."""
    case = case_page.case_of(reference, request.user)
    if request.user.vendor_id is not None:
        raise access.CaseNotVisible(reference)
    form = RevealForm(request.POST or None, case=case, by=request.user)
    contact = None
    if request.method == "POST" and form.is_valid():
        contact = services.reveal_contact(
            reference=reference, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    context = {
        "case": case_page.head(case, request.user),
        "parties": people.parties(case),
        "form": form,
        "contact": contact,
        "is_answered": request.method == "POST" and form.is_valid(),
    }
    return render(request, "casework/reveal.html", context, status=422 if form.errors else 200)
