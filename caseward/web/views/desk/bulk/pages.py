"""The pages of bulk actions: everything works without a script; with one, progress is live."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.casework import access, bulk
from caseward.casework.models import BulkAction, BulkItem
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import days
from caseward.web.views.desk.bulk import words
from caseward.web.views.desk.bulk.forms import BulkForm, forms_for
from caseward.web.views.desk.listed import list_at
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed, typed_each

ON_A_PAGE = 50
SHOWN_ACTIONS = 50
MOST_SELECTED = 500

type View = Callable[..., HttpResponse]


def of_action(view: Callable[[SignedInRequest, BulkAction], HttpResponse]) -> View:
    """Give a view the action its address names; not one's own and not there are answered alike."""

    @login_required
    @never_cache
    @wraps(view)
    def found(request: SignedInRequest, action_id: int) -> HttpResponse:
        try:
            return view(request, bulk.action_to_read(action_id=action_id, by=request.user))
        except bulk.NoSuchAction:
            raise Http404 from None

    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bulk_actions(request: SignedInRequest) -> HttpResponse:
    """List what was done to many cases; a POST chooses cases for another."""
    if request.method == "POST":
        return _choose(request)
    now = timezone.now()
    rows = [
        {
            "url": reverse("bulk-action", args=[action.pk]),
            "said": words.said(action),
            "state": words.STATES[BulkAction.State(action.state)],
            "is_running": action.is_running,
            "who": action.by.name,
            "at": action.created_at,
            "when": moment(action.created_at, now=now),
        }
        for action in bulk.actions_of(request.user)[:SHOWN_ACTIONS]
    ]
    return render(request, "bulk/actions.html", {"heading": _("Bulk actions"), "actions": rows})


def _choose(request: SignedInRequest) -> HttpResponse:
    address, now = typed(request, "address"), timezone.now()
    listed = list_at(address, request.user)
    try:
        if not request.POST.get("all"):
            references = typed_each(request, "case", at_most=MOST_SELECTED)
            action = bulk.choose_cases(
                by=request.user, references=references, address=address if listed else "", now=now
            )
        elif listed is None or listed.left_out:
            raise bulk.NothingChosen
        else:
            action = bulk.choose_list(
                by=request.user, pile=listed.case_list.pile, filters=listed.filters,
                address=address, now=now, day_ends_at=days.ends_at(now),
            )  # fmt: skip
    except bulk.NothingChosen:
        messages.warning(request, _("No case was chosen. Tick some cases of the list first."))
        return redirect(address if listed else "home")
    return redirect("bulk-action", action.pk)


@of_action
def bulk_action(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    """Show an action as it is: what to decide, what would happen, how far it is, what it did."""
    if action.state == BulkAction.State.CHOOSING and action.by_id != request.user.pk:
        raise Http404
    kind = request.GET.get("kind", "")
    is_open = action.state == BulkAction.State.CHOOSING and kind in forms_for(request.user)
    form = _form(kind, action, request.user) if is_open else None
    is_part = bool(request.headers.get("HX-Request"))
    template = "bulk/action.html#progress" if is_part else "bulk/action.html"
    return render(request, template, _context(request.user, action, form, kind=kind))


def _form(kind: str, action: BulkAction, by: StaffMember) -> BulkForm:
    initial = action.about if kind == action.kind else None
    return forms_for(by)[kind](action=action, by=by, initial=initial)


@require_POST
@of_action
def decide(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    """Say what to do; nothing happens yet."""
    kind = request.POST.get("kind", "")
    known = forms_for(request.user)
    if kind not in known:
        raise Http404
    form = known[kind](request.POST, action=action, by=request.user)
    if not form.is_valid():
        context = _context(request.user, action, form, kind=kind)
        return render(request, "bulk/action.html", context, status=422)
    try:
        bulk.decide(action_id=action.pk, kind=kind, about=form.about(), by=request.user)
    except bulk.AlreadyStarted:
        messages.warning(request, _("It was started already. What it does cannot be changed."))
    return redirect("bulk-action", action.pk)


@require_POST
@of_action
def start(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    try:
        bulk.start(action_id=action.pk, by=request.user, now=timezone.now())
    except bulk.NothingToDo:
        messages.warning(request, _("Every case is left out: there is nothing to start."))
    except bulk.AlreadyStarted:
        messages.warning(request, _("It ran already. Nothing was started again."))
    return redirect("bulk-action", action.pk)


@require_POST
@of_action
def cancel(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    bulk.cancel(action_id=action.pk, by=request.user, now=timezone.now())
    return redirect("bulk-action", action.pk)


@require_POST
@of_action
def undo(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    try:
        bulk.undo(action_id=action.pk, by=request.user, now=timezone.now())
    except bulk.NothingToDo:
        messages.warning(request, _("There is nothing left to undo."))
    return redirect("bulk-action", action.pk)


@require_safe
@of_action
def cases(request: SignedInRequest, action: BulkAction) -> HttpResponse:
    """List the cases of an action in one state, with why each was left out."""
    state = request.GET.get("state", "")
    after = request.GET.get("after", "")
    items = action.items.order_by("case_id").select_related("case")
    if state in BulkItem.State.values:
        items = items.filter(state=state)
    if after.isascii() and after.isdecimal() and len(after) <= 18:
        items = items.filter(case_id__gt=int(after))
    page = list(items[: ON_A_PAGE + 1])
    context = {
        "heading": words.said(action),
        "back_url": reverse("bulk-action", args=[action.pk]),
        "rows": _rows(page[:ON_A_PAGE], request.user),
        "next_url": _next_url(action, state, page),
    }
    return render(request, "bulk/cases.html", context)


def _rows(items: list[BulkItem], reader: StaffMember) -> list[dict[str, Any]]:
    seen = access.visible_cases(reader).in_bulk([item.case_id for item in items])
    return [
        {
            "reference": case.reference,
            "url": reverse("case", args=[case.reference]),
            "title": case.title,
            "language": case.language,
            "state": item_states()[item.state],
            "why": str(words.WHY.get(item.why, "")),
        }
        for item in items
        if (case := seen.get(item.case_id)) is not None
    ]


def _next_url(action: BulkAction, state: str, page: list[BulkItem]) -> str:
    if len(page) <= ON_A_PAGE:
        return ""
    address = reverse("bulk-cases", args=[action.pk])
    return f"{address}?state={state}&after={page[ON_A_PAGE - 1].case_id}"


def item_states() -> dict[str, str]:
    return {
        "WAITING": _("To do"),
        "DONE": _("Done"),
        "SKIPPED": _("Left out"),
        "UNDONE": _("Undone"),
        "KEPT": _("Could not be undone"),
    }


def _context(
    reader: StaffMember, action: BulkAction, form: BulkForm | None, *, kind: str
) -> dict[str, Any]:
    progress = bulk.progress_of(action)
    return {
        "heading": _("Act on many cases"),
        "action": action,
        "said": words.said(action),
        "state": words.STATES[BulkAction.State(action.state)],
        "is_mine": action.by_id == reader.pk,
        "cases": progress.cases,
        "counts": _counts(action, progress.states),
        "finished_share": _share(action, progress),
        "waiting": progress.waiting,
        "done": progress.done,
        "why_not": _reasons(progress.skipped),
        "why_kept": _reasons(progress.kept),
        "sample": _sample(action, reader),
        "kinds": _kinds(action, reader),
        "form": form,
        "form_kind": kind if form else "",
        "most": bulk.MOST,
    }


def _counts(action: BulkAction, states: Mapping[str, int]) -> list[dict[str, Any]]:
    address = reverse("bulk-cases", args=[action.pk])
    return [
        {"label": label, "count": states[state], "url": f"{address}?state={state}"}
        for state, label in item_states().items()
        if states.get(state)
    ]


def _share(action: BulkAction, progress: bulk.Progress) -> float:
    """Return how far it is: of what was to do, or of what is to be undone."""
    states, left = progress.states, progress.waiting
    if action.state == BulkAction.State.UNDOING:
        undone, left = states.get("UNDONE", 0) + states.get("KEPT", 0), progress.done
        return undone / (undone + left) if undone + left else 1.0
    return 1 - left / progress.cases if progress.cases else 1.0


def _reasons(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"why": str(words.WHY.get(why, why)), "count": count} for why, count in ordered]


def _sample(action: BulkAction, reader: StaffMember) -> list[dict[str, Any]]:
    items = action.items.filter(state=BulkItem.State.WAITING).order_by("pk")
    return _rows(list(items[:5]), reader) if action.state == BulkAction.State.CHOOSING else []


def _kinds(action: BulkAction, reader: StaffMember) -> list[dict[str, Any]]:
    address = reverse("bulk-action", args=[action.pk])
    return [
        {
            "code": kind,
            "label": label,
            "icon": words.ICONS[kind],
            "url": f"{address}?kind={kind}#decide",
        }
        for kind, label in words.LABELS.items()
        if kind in forms_for(reader)
    ]
