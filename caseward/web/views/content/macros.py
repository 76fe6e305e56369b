"""Macros: the list with what came of each, writing, reviewing, comparing, bringing back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caseward.org import queries as org
from caseward.org.models import Language
from caseward.policy import access
from caseward.policy.macro_actions import Actions
from caseward.policy.macros import PLACEHOLDER, filled, unfilled
from caseward.policy.models import Macro, MacroVersion, VersionState
from caseward.policy.services import versions
from caseward.policy.services.macros import KeyTaken, begin_macro
from caseward.quality.macros import MacroFigures, figures_by_macro, figures_by_version
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.action_words import sentences
from caseward.web.views.content.differences import difference
from caseward.web.views.content.macro_forms import (
    MacroForm,
    NewMacroForm,
    initial_of,
    known,
    unknown_placeholders,
)
from caseward.web.views.content.versions import carry_out, only_in_house, shown

PAGE = 30
SINCE = timedelta(days=90)
EXAMPLE = {
    "requester_name": "Asha",
    "reference": "CW-7F3K-9QP",
    "agent_name": "Aarav",
    "status_url": "https://…",
}


@login_required
@require_GET
def macros(request: SignedInRequest) -> HttpResponse:
    """List macros with how much they are used, edited and liked, by name."""
    only_in_house(request)
    found, next_url = _page(request.GET)
    figures = figures_by_macro([macro.pk for macro in found], since=timezone.now() - SINCE)
    context = {
        "heading": _("Macros"),
        "rows": [_row(macro, figures.get(macro.pk, MacroFigures())) for macro in found],
        "q": request.GET.get("q", ""),
        "lob": request.GET.get("lob", ""),
        "lobs": [(lob.key, named(lob)) for lob in org.lines_of_business().values()],
        "next_url": next_url,
        "is_further": "after" in request.GET,
        "can_begin": any(
            access.may_write(request.user, lob_id) for lob_id in (None, *org.lines_of_business())
        ),
        "days": SINCE.days,
    }
    return render(request, "content/macros.html", context)


def _page(asked: QueryDict) -> tuple[list[Macro], str]:
    title, _dash, key = asked.get("after", "").replace("\x00", "").partition("|")
    found = _wanted(asked)
    if key:
        found = found.filter(Q(title__gt=title) | Q(title=title, key__gt=key))
    page = list(found.order_by("title", "key")[: PAGE + 1])
    if len(page) <= PAGE:
        return page, ""
    last, query = page[PAGE - 1], asked.copy()
    query["after"] = f"{last.title}|{last.key}"
    return page[:PAGE], f"{reverse('macros')}?{query.urlencode()}"


def _wanted(asked: QueryDict) -> QuerySet[Macro]:
    found = Macro.objects.select_related("lob").prefetch_related(
        Prefetch("versions", MacroVersion.objects.exclude(state=VersionState.RETIRED))
    )
    for word in asked.get("q", "").replace("\x00", "").split()[:8]:
        in_texts = Q(texts__icontains=word)
        found = found.filter(Q(title__icontains=word) | Q(key__icontains=word) | in_texts)
    lob = asked.get("lob", "")
    return found.filter(lob__key=lob.replace("\x00", "")) if lob else found


def _row(macro: Macro, figures: MacroFigures) -> dict[str, Any]:
    by_state = {version.state: version for version in macro.versions.all()}
    released = by_state.get(VersionState.RELEASED)
    making = by_state.get(VersionState.IN_REVIEW) or by_state.get(VersionState.DRAFT)
    return {
        "macro": macro,
        "lob": named(macro.lob) if macro.lob else _("Every line of business"),
        "languages": [
            (code, Language(code).label) for code in (released.texts if released else {})
        ],
        "released": released,
        "in_review": making is not None and making.state == VersionState.IN_REVIEW,
        "is_draft": making is not None and making.state == VersionState.DRAFT,
        "figures": figures,
    }


@login_required
def new_macro(request: SignedInRequest) -> HttpResponse:
    """Make room for a macro, then write it."""
    only_in_house(request)
    form = NewMacroForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            macro = begin_macro(by=request.user, **form.cleaned_data)
        except KeyTaken:
            form.add_error("key", _("There is a macro of this key. Choose another key."))
        else:
            return redirect("macro", macro.key)
    context = {"heading": _("New macro"), "form": form}
    return render(request, "content/new_macro.html", context, status=422 if form.errors else 200)


@login_required
def macro(request: SignedInRequest, macro_key: str) -> HttpResponse:
    """Show a macro with its versions; a POST writes the draft."""
    only_in_house(request)
    found = _macro(macro_key)
    known_versions = list(
        found.versions.select_related("author", "reviewer", "macro").order_by("-number")
    )
    may_write = access.may_write(request.user, found.lob_id)
    newest = known_versions[0] if known_versions else None
    initial = initial_of(newest) if newest else {"title": found.title}
    form = MacroForm(request.POST or None, macro=found, initial=initial)
    if request.method == "POST" and may_write and form.is_valid():
        versions.write_draft(
            found, by=request.user, content=form.content(), note=form.cleaned_data["note"]
        )
        messages.success(request, _("The draft is kept. Nobody can use it before it is released."))
        return redirect("macro", found.key)
    figures = figures_by_version(
        [version.pk for version in known_versions], since=timezone.now() - SINCE
    )
    context = {
        "heading": found.title,
        "macro": found,
        "lob": named(found.lob) if found.lob else _("Every line of business"),
        "form": form,
        "may_write": may_write,
        "placeholders": [f"{{{word}}}" for word in known()],
        "versions": [
            {
                **shown(version, request.user),
                "figures": figures.get(version.pk, MacroFigures()),
                "does": sentences(Actions.read(version.actions), found.lob_id),
            }
            for version in known_versions
        ],
    }
    return render(request, "content/macro.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def macro_step(request: SignedInRequest, macro_key: str, number: int, do: str) -> HttpResponse:
    """Move a version of a macro on: to review, back, into use, out of use."""
    only_in_house(request)
    carry_out(request, _version(macro_key, number), do)
    return redirect("macro", macro_key)


@login_required
@require_GET
def compare_macro(request: SignedInRequest, macro_key: str, number: int) -> HttpResponse:
    """Show what a version changed, beside the one it was to take the place of or any other."""
    only_in_house(request)
    later = _version(macro_key, number)
    earlier = _earlier(later, request.GET.get("with", ""))
    languages = [code for code in Language.values if code in {**earlier.texts, **later.texts}]
    context = {
        "heading": _("%(title)s: what version %(number)d changes")
        % {"title": later.title, "number": later.number},
        "macro": later.macro,
        "later": later,
        "earlier": earlier,
        "others": later.macro.versions.exclude(pk=later.pk).order_by("-number"),
        "texts": [
            {
                "language": code,
                "label": Language(code).label,
                "difference": difference(earlier.texts.get(code, ""), later.texts.get(code, "")),
            }
            for code in languages
        ],
        "does_before": sentences(Actions.read(earlier.actions), later.macro.lob_id),
        "does_after": sentences(Actions.read(later.actions), later.macro.lob_id),
        "conditions_before": earlier.conditions,
        "conditions_after": later.conditions,
    }
    return render(request, "content/macro_difference.html", context)


@login_required
@require_POST
def preview_macro(request: SignedInRequest, macro_key: str) -> HttpResponse:
    """Show each language as a requester would read it, and what nothing fills in."""
    only_in_house(request)
    _macro(macro_key)
    texts = {code: request.POST.get(f"text_{code}", "")[:10_000] for code in Language.values}
    wanted = set(unfilled(texts["en"]))
    values = {**EXAMPLE, "platform": org.operation().platform_name}
    previews = [
        {
            "language": code,
            "label": Language(code).label,
            "text": mark_safe(  # noqa: S308  (escaped on this very line)
                PLACEHOLDER.sub(lambda m: f"<mark>{m[0]}</mark>", escape(filled(text, values)))
            ),
            "unknown": [f"{{{word}}}" for word in unknown_placeholders(text)],
            "missing": [f"{{{word}}}" for word in sorted(wanted - set(unfilled(text)))],
        }
        for code, text in texts.items()
        if text.strip()
    ]
    return render(request, "content/_macro_preview.html", {"previews": previews})


def _macro(key: str) -> Macro:
    found = Macro.objects.select_related("lob").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _version(key: str, number: int) -> MacroVersion:
    found = MacroVersion.objects.filter(macro__key=key, number=number)
    version = found.select_related("macro", "macro__lob", "author", "reviewer").first()
    if version is None:
        raise Http404
    return version


def _earlier(later: MacroVersion, wanted: str) -> MacroVersion:
    others = MacroVersion.objects.filter(macro=later.macro).exclude(pk=later.pk)
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9:
        others = others.filter(number=int(wanted))
    else:
        others = others.filter(number__lt=later.number)
    found = others.order_by("-number").first()
    if found is None:
        raise Http404
    return found
