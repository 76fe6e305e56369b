"""Templates of notes for colleagues: which there are, how often they are used, writing them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.org import changing
from caseward.org import queries as org
from caseward.org.models import ConfigurationChange, Language, StaffMember
from caseward.policy.models import NoteTemplate
from caseward.policy.services.templates import (
    NOTE_TEMPLATES,
    may_change_notes,
    note_facts,
    read_note_template,
)
from caseward.web.languages import data_language, named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.fields import line, lines, select
from caseward.web.views.desk.typed import typed
from caseward.web.views.lead.changes import (
    free_key,
    history,
    keep,
    not_yours,
    only_leads_in_house,
    was_changed,
)

SINCE = timedelta(days=28)
LONGEST_TEXT = 5_000


class NoteTemplateForm(forms.Form):
    """What a template says in each language, and who uses it."""

    title = forms.CharField(label=lazy("Name"), max_length=120, widget=line())
    in_house_only = forms.BooleanField(
        label=lazy("For in-house use: vendors' staff neither see it nor the notes made with it"),
        required=False,
    )

    def __init__(self, *args: Any, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_of_business"] = forms.ChoiceField(
            label=lazy("Line of business"), choices=lines_of(by), required=False, widget=select()
        )
        for code, language in Language.choices:
            self.fields[f"text_{code}"] = forms.CharField(
                label=language, required=code == "en", max_length=LONGEST_TEXT,
                widget=lines(7, lang=code, dir="auto"),
            )  # fmt: skip
        self.order_fields(["title", "line_of_business"])

    @property
    def texts(self) -> list[Any]:
        return [self[f"text_{code}"] for code in Language.values]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        texts = {code: said[f"text_{code}"].strip() for code in Language.values}
        return {
            "line_of_business": said["line_of_business"] or None,
            "title": said["title"].strip(),
            "texts": {code: text for code, text in texts.items() if text},
            "in_house_only": said["in_house_only"],
        }


def lines_of(by: StaffMember) -> list[tuple[str, Any]]:
    """Return the lines whose templates somebody may write."""
    own = [
        (lob.key, named(lob))
        for lob in org.lines_of_business().values()
        if may_change_notes(by, {"line_of_business": lob.key})
    ]
    if may_change_notes(by, {"line_of_business": None}):
        return [("", _("Every line of business")), *own]
    return own


@login_required
@require_safe
@never_cache
def note_templates(request: SignedInRequest) -> HttpResponse:
    """List the templates with their uses of late."""
    only_leads_in_house(request)
    since = timezone.now() - SINCE
    found = NoteTemplate.objects.filter(is_active=True).select_related("lob")
    found = found.annotate(
        used=Count("uses", filter=Q(uses__at__gte=since)), last_used=Max("uses__at")
    )
    context = {
        "heading": _("Note templates"),
        "rows": [_row(row, request.user) for row in found.order_by("lob__position", "title", "pk")],
        "may_begin": bool(lines_of(request.user)),
        "days": SINCE.days,
        **history(request, ConfigurationChange.What.NOTE_TEMPLATE),
    }
    return render(request, "content/note_templates.html", context)


def _row(row: Any, reader: StaffMember) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "lob": named(row.lob) if row.lob else _("Every line of business"),
        "languages": [code for code in Language.values if code in row.texts],
        "text": row.text_in(data_language()),
        "in_house_only": row.in_house_only,
        "used": row.used,
        "last_used": row.last_used,
        "may_change": may_change_notes(reader, note_facts(row)),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def note_template(request: SignedInRequest, template_key: str = "") -> HttpResponse:
    """Show the form of a template, or of a new one; a POST puts it to use."""
    only_leads_in_house(request)
    entry = read_note_template(template_key) if template_key else None
    may_write = may_change_notes(request.user, entry) if entry else bool(lines_of(request.user))
    if (template_key and entry is None) or not may_write:
        raise Http404
    form = NoteTemplateForm(request.POST or None, initial=_initial(entry), by=request.user)
    if request.method == "POST" and form.is_valid():
        wanted = form.facts()
        key = template_key or free_key(wanted["title"], read_note_template)
        if _kept(request, form, key, wanted):
            return redirect("note-templates")
    context = {
        "heading": entry["title"] if entry else _("New note template"),
        "template_key": template_key,
        "form": form,
        "seen": changing.mark_of(entry),
    }
    return render(
        request, "content/note_template.html", context, status=422 if form.errors else 200
    )


def _initial(entry: Mapping[str, Any] | None) -> dict[str, Any]:
    if entry is None:
        return {}
    texts = {f"text_{code}": text for code, text in entry["texts"].items()}
    return {**entry, **texts, "line_of_business": entry["line_of_business"] or ""}


def _kept(
    request: SignedInRequest, form: NoteTemplateForm, key: str, wanted: dict[str, Any]
) -> bool:
    try:
        keep(request, NOTE_TEMPLATES, key, wanted, seen=typed(request, "seen"))
    except changing.ChangedMeanwhile:
        form.add_error(None, was_changed())
    except changing.NotYoursToChange:
        form.add_error(None, not_yours())
    return not form.errors


@login_required
@require_POST
def remove(request: SignedInRequest, template_key: str) -> HttpResponse:
    """Take a template out of use; notes made with it stay as they are."""
    only_leads_in_house(request)
    try:
        keep(request, NOTE_TEMPLATES, template_key, None, seen=typed(request, "seen"))
    except changing.NotYoursToChange:
        messages.warning(request, not_yours())
    except changing.ChangedMeanwhile:
        messages.warning(request, _("A colleague changed this first. Look again, then decide."))
    return redirect("note-templates")
