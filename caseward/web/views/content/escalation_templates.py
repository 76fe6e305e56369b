"""What agents are asked when they escalate: by line of business and reason, with a preview."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.org import changing
from caseward.org import queries as org
from caseward.org.models import ConfigurationChange, LineOfBusiness
from caseward.policy import access
from caseward.policy import queries as policy
from caseward.policy.escalation_templates import Fact
from caseward.policy.models import Reason
from caseward.policy.services.templates import (
    ESCALATION_TEMPLATES,
    escalation_key,
    read_escalation_template,
    read_escalation_templates,
)
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.fact_forms import FactForms, facts_from, initial_of
from caseward.web.views.content.fields import MORE, with_more_room
from caseward.web.views.desk.escalation_forms import field_of
from caseward.web.views.desk.typed import typed
from caseward.web.views.lead.changes import (
    history,
    keep,
    not_yours,
    only_leads_in_house,
    was_changed,
)

PREVIEW = "preview"


@login_required
@require_safe
@never_cache
def escalation_templates(request: SignedInRequest) -> HttpResponse:
    """List every reason with what is asked when its cases are escalated."""
    only_leads_in_house(request)
    known = {
        escalation_key(entry["line_of_business"], entry["reason"]): entry["facts"]
        for entry in read_escalation_templates()
    }
    context = {
        "heading": _("Escalation templates"),
        "groups": [_group(lob, known) for lob in org.lines_of_business().values()],
        **history(request, ConfigurationChange.What.ESCALATION_TEMPLATE),
    }
    return render(request, "content/escalation_templates.html", context)


def _group(lob: LineOfBusiness, known: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    of_line = known.get(lob.key)
    rows = [_row(lob, reason, known, of_line) for reason in policy.reasons_of(lob.pk)]
    first = {
        "name": _("Every other reason"),
        "reason_key": "",
        "facts": len(of_line or ()),
        "is_own": of_line is not None,
        "needed": _needed(of_line or ()),
    }
    return {"line_key": lob.key, "lob": named(lob), "rows": [*rows, first]}


def _row(
    lob: LineOfBusiness, reason: Reason, known: dict[str, Any], of_line: Any
) -> dict[str, Any]:
    own = known.get(escalation_key(lob.key, reason.key))
    asked = (of_line or ()) if own is None else own
    return {
        "name": named(reason),
        "reason_key": reason.key,
        "facts": len(asked),
        "is_own": own is not None,
        "needed": _needed(asked),
    }


def _needed(facts: Sequence[dict[str, Any]]) -> int:
    return sum(fact["required"] for fact in facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def escalation_template(
    request: SignedInRequest, line_key: str, reason_key: str = ""
) -> HttpResponse:
    """Show what is asked for a reason or line; a POST previews it, or puts it to use."""
    only_leads_in_house(request)
    lob, reason = _subject(line_key, reason_key)
    entry = read_escalation_template(escalation_key(line_key, reason_key or None))
    inherited = read_escalation_template(line_key) if reason_key and entry is None else None
    shown = (entry or inherited or {"facts": []})["facts"]
    asked = FactForms(
        with_more_room(request.POST, "facts"), initial=initial_of(shown), prefix="facts"
    )
    may_change = access.may_release(request.user, lob.pk)
    facts, problem = [Fact.read(written) for written in shown], ""
    if request.method == "POST" and may_change and asked.is_valid():
        facts = facts_from(asked)
        problem = _problem_of(facts) or _kept(request, lob, reason, facts)
        if not problem and not {PREVIEW, MORE} & set(request.POST):
            return redirect("escalation-templates")
    context = {
        "heading": named(reason) if reason else _("Every other reason"),
        "lob": named(lob),
        "line_key": line_key,
        "reason_key": reason_key,
        "may_change": may_change,
        "is_own": entry is not None,
        "is_inherited": inherited is not None,
        "forms": asked,
        "problem": problem,
        "seen": changing.mark_of(entry),
        "preview": _preview(facts),
        "is_preview": PREVIEW in request.POST,
    }
    is_wrong = request.method == "POST" and (bool(problem) or not asked.is_valid())
    status = 422 if is_wrong and MORE not in request.POST else 200
    return render(request, "content/escalation_template.html", context, status=status)


def _subject(line_key: str, reason_key: str) -> tuple[LineOfBusiness, Reason | None]:
    lob = next((one for one in org.lines_of_business().values() if one.key == line_key), None)
    if lob is None:
        raise Http404
    reasons = {reason.key: reason for reason in policy.reasons_of(lob.pk)}
    if reason_key and reason_key not in reasons:
        raise Http404
    return lob, reasons.get(reason_key)


def _problem_of(facts: Sequence[Fact]) -> str:
    keys = [fact.key for fact in facts]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        return _("Two facts have the key %(key)s. Give each a key of its own.") % {"key": twice[0]}
    return "" if facts else _("Ask at least one fact, or go back to those of the whole line.")


def _kept(
    request: SignedInRequest, lob: LineOfBusiness, reason: Reason | None, facts: Sequence[Fact]
) -> str:
    """Keep the facts unless they are only looked at; return what stands in the way."""
    if {PREVIEW, MORE} & set(request.POST):
        return ""
    reason_key = reason.key if reason else None
    wanted = {
        "line_of_business": lob.key,
        "reason": reason_key,
        "facts": [fact.stored() for fact in facts],
    }
    key = escalation_key(lob.key, reason_key)
    try:
        keep(request, ESCALATION_TEMPLATES, key, wanted, seen=typed(request, "seen"))
    except changing.ChangedMeanwhile:
        return was_changed()
    except changing.NotYoursToChange:
        return not_yours()
    return ""


def _preview(facts: Sequence[Fact]) -> forms.Form:
    """Return the questions as the agent sees them; nothing can be sent."""
    form = forms.Form(auto_id="preview_%s")
    form.fields |= {fact.key: field_of(fact) for fact in facts}
    for field in form.fields.values():
        field.widget.attrs["form"] = "preview-only"
    return form


@login_required
@require_POST
def remove(request: SignedInRequest, line_key: str, reason_key: str = "") -> HttpResponse:
    """Ask for a reason what is asked for its line again, and for a line nothing."""
    only_leads_in_house(request)
    key = escalation_key(line_key, reason_key or None)
    try:
        keep(request, ESCALATION_TEMPLATES, key, None, seen=typed(request, "seen"))
    except changing.NotYoursToChange:
        messages.warning(request, not_yours())
    except changing.ChangedMeanwhile:
        messages.warning(request, _("A colleague changed this first. Look again, then decide."))
    return redirect("escalation-templates")
