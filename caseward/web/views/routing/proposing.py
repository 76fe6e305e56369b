"""Proposing other rules: one form with all of them, checked against last week when it is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from caseward.org import queries as org
from caseward.org.models import Certification, Skill
from caseward.routing import queries as routing
from caseward.routing.rules import changing
from caseward.routing.rules.content import Rules
from caseward.routing.rules.in_force import rules_in_force
from caseward.web.middleware import SignedInRequest
from caseward.web.views.lead.page import reach
from caseward.web.views.routing import limit_form, rule_form, words
from caseward.web.views.routing.rule_form import Given
from caseward.web.views.routing.words import Names


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: SignedInRequest) -> HttpResponse:
    """Show the form; a POST checks the rules and writes them down as a proposal."""
    reach(request.user)
    if request.user.role not in changing.MAY_CHANGE_RULES:
        raise PermissionDenied
    present, called = rules_in_force(), words.names()
    if request.method != "POST":
        return _page(request, rule_form.untouched(present), called)
    given = rule_form.read(request.POST, present, called)
    if given.errors:
        return _page(request, given, called)
    try:
        made = changing.propose(
            rules=given.rules, note=given.note, by=request.user, now=timezone.now()
        )
    except changing.NothingChanges:
        given.errors.append(_("These are the rules in force. Change at least one of them."))
    except changing.RulesNotSound as refused:
        return _page(request, given, called, words.problems(refused.problems, called))
    else:
        messages.success(request, _("Written down. Nothing changes until it is switched on."))
        return redirect("routing-rule-set", made.pk)
    return _page(request, given, called)


def _page(
    request: SignedInRequest,
    given: Given,
    called: Names,
    problems: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "heading": _("Change how cases are routed"),
        "errors": given.errors,
        "problems": problems or [],
        "note": given.note,
        "open": given.open,
        "lines": [_line(given, called, key) for key in called.lines],
        "overflow": given.rows,
        "certifications": [(key, words.subject(key)) for key in _certifications(given.rules)],
        "levels": Skill.Level.choices,
        "rooms": limit_form.room_rows(given.rules, given.typed),
        "weights": limit_form.weight_rows(given.rules, given.typed),
    }
    status = 422 if given.errors or problems else 200
    return render(request, "routing/propose.html", context, status=status)


def _certifications(rules: Rules) -> list[str]:
    held = Certification.objects.order_by("key").values_list("key", flat=True).distinct()
    asked = {need.certification for need in rules.needs.values() if need.certification}
    return sorted({*held, *asked})


def _line(given: Given, called: Names, line: str) -> dict[str, Any]:
    """Return what can be changed about a line of business."""
    queues = _queues(given, line)
    touched = {f"queue {queue['id']}" for queue in queues} & given.open
    return {
        "name": called.line(line),
        "is_open": line in given.open or bool(touched),
        "shares": _shares(given, called, line),
        "needs": _needs(given, called, line),
        "queues": queues,
    }


def _shares(given: Given, called: Names, line: str) -> list[dict[str, Any]]:
    """Return each vendor's share as it was typed, read or not."""
    return [
        {
            "name": f"share {line} {vendor}",
            "label": called.vendor(vendor),
            "value": given.typed.get(f"share {line} {vendor}", f"{100 * share:g}"),
            "said": words.share(share),
        }
        for (of_line, vendor), share in sorted(given.rules.shares.items())
        if of_line == line
    ]


def _needs(given: Given, called: Names, line: str) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{line} {reason}",
            "label": called.reason(line, reason),
            "certification": need.certification,
            "level": need.language_level,
        }
        for (of_line, reason), need in sorted(given.rules.needs.items())
        if of_line == line
    ]


def _queues(given: Given, line: str) -> list[dict[str, Any]]:
    lines = org.lines_of_business()
    return [
        {
            "id": queue_id,
            "label": words.queue_name(queue_id, with_line=False),
            "is_pushed": queue_id in given.rules.pushing,
            "minutes": limit_form.minutes_shown(given.rules, given.typed, queue_id),
        }
        for queue_id, queue in routing.queues().items()
        if queue.lob_id in lines and lines[queue.lob_id].key == line
    ]
