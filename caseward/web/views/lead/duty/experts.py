"""Who knows what: the experts agents escalate to and in-house staff ask."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.casework.emergency.rotas import on_call_staff
from caseward.casework.experts import EXPERTS, may_change, read_expert, read_experts
from caseward.org import changing
from caseward.org import queries as org
from caseward.org.models import ConfigurationChange, Language, StaffMember
from caseward.policy import queries as policy
from caseward.web.languages import data_language, named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.fields import line, select, ticks
from caseward.web.views.desk.typed import typed
from caseward.web.views.lead.changes import (
    free_key,
    history,
    keep,
    not_yours,
    only_leads_in_house,
    was_changed,
)
from caseward.web.views.lead.duty.rota_forms import lines_for


class ExpertForm(forms.Form):
    """Somebody in-house, and what they know."""

    def __init__(self, *args: Any, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = on_call_staff().order_by("name", "pk").values_list("key", "name")
        own = [(key, name) for key, name in lines_for(by) if key]
        self.fields |= {
            "staff": forms.ChoiceField(
                label=lazy("Who"), choices=[("", lazy("Choose…")), *people], widget=select()
            ),
            "line_of_business": forms.ChoiceField(
                label=lazy("Line of business"), choices=own, widget=select()
            ),
            **{f"topic_{code}": _topic(code, name) for code, name in Language.choices},
            "reasons": ticks(lazy("Offered first on cases about"), _reasons(dict(own))),
        }

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        line_key = said.get("line_of_business", "")
        wrong = [one for one in said.get("reasons", ()) if not one.startswith(f"{line_key}:")]
        if line_key and wrong:
            self.add_error("reasons", _("Tick reasons of the line of business above only."))
        return said

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        topics = {code: said[f"topic_{code}"].strip() for code in Language.values}
        return {
            "staff": said["staff"],
            "line_of_business": said["line_of_business"],
            "topics": {code: topic for code, topic in topics.items() if topic},
            "reasons": [one.partition(":")[2] for one in said["reasons"]],
        }


def _topic(code: str, language: str) -> forms.CharField:
    return forms.CharField(
        label=_("What they know, in %(language)s") % {"language": language},
        required=code == "en",
        max_length=120,
        widget=line(lang=code, dir="auto"),
    )


def _reasons(lines: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = org.lines_of_business()
    return [
        (f"{known[one.lob_id].key}:{one.key}", f"{named(known[one.lob_id])}: {named(one)}")
        for one in policy.reasons().values()
        if one.is_active and one.lob_id in known and known[one.lob_id].key in lines
    ]


def _initial(entry: Mapping[str, Any] | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {
        **entry,
        **{f"topic_{code}": topic for code, topic in entry["topics"].items()},
        "reasons": [f"{entry['line_of_business']}:{key}" for key in entry["reasons"]],
    }


@login_required
@require_safe
@never_cache
def experts(request: SignedInRequest) -> HttpResponse:
    """List the experts, with what they know and on which cases they are offered first."""
    only_leads_in_house(request)
    found = read_experts()
    people = StaffMember.objects.filter(key__in=[facts["staff"] for _key, facts in found])
    names = {member.key: member for member in people}
    context = {
        "heading": _("Experts"),
        "experts": [_row(key, facts, names, request.user) for key, facts in found],
        "may_begin": any(key for key, _name in lines_for(request.user)),
        **history(request, ConfigurationChange.What.EXPERT),
    }
    return render(request, "lead/experts.html", context)


def _row(
    key: str, facts: dict[str, Any], people: dict[str, StaffMember], reader: StaffMember
) -> dict[str, Any]:
    lines = {lob.key: lob for lob in org.lines_of_business().values()}
    lob = lines.get(facts["line_of_business"])
    reasons = {one.key: named(one) for one in policy.reasons_of(lob.pk if lob else 0)}
    topics = facts["topics"]
    return {
        "key": key,
        "name": people[facts["staff"]].name,
        "has_left": not people[facts["staff"]].is_active,
        "line": named(lob) if lob else facts["line_of_business"],
        "topic": topics.get(data_language()) or topics["en"],
        "reasons": [reasons.get(one, one) for one in facts["reasons"]],
        "seen": changing.mark_of(facts),
        "may_change": may_change(reader, facts),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def expert(request: SignedInRequest, expert_key: str = "") -> HttpResponse:
    """Show the form of an expert, or of a new one; a POST puts it to use."""
    only_leads_in_house(request)
    entry = read_expert(expert_key) if expert_key else None
    may_write = may_change(request.user, entry) if entry else bool(lines_for(request.user))
    if (expert_key and entry is None) or not may_write:
        raise Http404
    form = ExpertForm(request.POST or None, initial=_initial(entry), by=request.user)
    if request.method == "POST" and form.is_valid():
        wanted = form.facts()
        key = expert_key or free_key(wanted["topics"]["en"], read_expert)
        if _kept(request, form, key, wanted):
            return redirect("experts")
    context = {
        "heading": entry["topics"]["en"] if entry else _("New expert"),
        "form": form,
        "seen": changing.mark_of(entry),
    }
    return render(request, "lead/expert.html", context, status=422 if form.errors else 200)


def _kept(request: SignedInRequest, form: ExpertForm, key: str, wanted: dict[str, Any]) -> bool:
    try:
        keep(request, EXPERTS, key, wanted, seen=typed(request, "seen"))
    except changing.ChangedMeanwhile:
        form.add_error(None, was_changed())
    except changing.NotYoursToChange:
        form.add_error(None, not_yours())
    return not form.errors


@login_required
@require_POST
def remove(request: SignedInRequest, expert_key: str) -> HttpResponse:
    """Name somebody an expert no more; what was escalated to them stays with them."""
    only_leads_in_house(request)
    try:
        keep(request, EXPERTS, expert_key, None, seen=typed(request, "seen"))
    except changing.NotYoursToChange:
        messages.warning(request, not_yours())
    except changing.ChangedMeanwhile:
        messages.warning(request, _("A colleague changed this first. Look again, then decide."))
    return redirect("experts")
