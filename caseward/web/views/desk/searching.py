"""Search by text and by reference; a whole reference leads straight to its case."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework import access, queries
from caseward.casework.listing import rows_of
from caseward.core.references import parse_reference
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import shelf
from caseward.web.views.desk.table import table

FEWEST_LETTERS = 3
FEWEST_CHARACTERS = 2  # of a script that writes a word in one or two


@login_required
@require_safe
@never_cache
def search(request: SignedInRequest) -> HttpResponse:
    """Show what was found, or say why nothing was."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[: queries.LONGEST_TEXT]
    if reference := _visible_reference(text, request.user):
        return redirect("case", reference)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    context = {
        "heading": _("Search"),
        "query": text,
        "lists": shelf.lists(request.user, now=timezone.now(), current=request.get_full_path()),
        **_answer(text, request.user, before=number),
    }
    return render(request, "casework/search.html", context)


def _visible_reference(text: str, staff: StaffMember) -> str:
    reference = parse_reference(text)
    if reference is None:
        return ""
    is_visible = access.visible_cases(staff).filter(reference=reference).exists()
    return reference if is_visible else ""


def _answer(text: str, staff: StaffMember, *, before: int | None) -> dict[str, Any]:
    nothing: dict[str, Any] = {"rows": "", "has_rows": False, "shown": 0, "next_url": ""}
    if not text:
        return {**nothing, "state": "EMPTY"}
    if _is_too_short(text):
        return {**nothing, "state": "SHORT"}
    try:
        found = queries.search(by=staff, text=text, before=before)
    except queries.SearchTooBroad:
        return {**nothing, "state": "BROAD"}
    rows = rows_of([case.pk for case in found.cases])
    return {
        "state": "FOUND" if rows else "NOTHING",
        "rows": table(rows, now=timezone.now()),
        "has_rows": bool(rows),
        "shown": len(rows),
        "next_url": _next(text, found.before),
    }


def _is_too_short(text: str) -> bool:
    longest = max(text.split(), key=len)
    return len(longest) < (FEWEST_LETTERS if longest.isascii() else FEWEST_CHARACTERS)


def _next(text: str, before: int | None) -> str:
    if before is None:
        return ""
    return f"{reverse('search')}?{urlencode([('q', text), ('before', str(before))])}"
