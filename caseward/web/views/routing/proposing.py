"""Proposing other rules: one form with all of them, checked against last week when it is saved."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from caseward.org.models import Certification, Skill
from caseward.routing import queries as routing
from caseward.routing.rules import changing
from caseward.routing.rules.content import Need, Rules
from caseward.routing.rules.in_force import rules_in_force
from caseward.web.middleware import SignedInRequest
from caseward.web.views.lead.page import reach
from caseward.web.views.routing import overflow_form, words
from caseward.web.views.routing.overflow_form import OverflowForm
from caseward.web.views.routing.words import Names


@dataclass
class Given:
    """What somebody typed, and what of it could not be read."""

    rules: Rules
    note: str
    errors: list[str]
    rows: list[OverflowForm]
    shares: dict[str, str] = field(default_factory=dict)


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
        rows = overflow_form.shown(present.overflow)
        return _page(request, Given(present, "", [], rows), called)
    given = _given(request.POST, present, called)
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


def _given(posted: QueryDict, present: Rules, called: Names) -> Given:
    errors: list[str] = []
    shares = {
        pair: _share(posted, pair, share, called, errors) for pair, share in present.shares.items()
    }
    needs = {pair: _need(posted, pair, need) for pair, need in present.needs.items()}
    pushing = frozenset(pk for pk in routing.queues() if posted.get(f"push {pk}") == "on")
    note = posted.get("note", "").strip()
    if not note:
        errors.append(_("Say why the rules should change; whoever looks later will ask."))
    rows = overflow_form.posted(posted)
    overflow, wrong = overflow_form.read(rows)
    errors += [
        _("Overflow rule %(name)s: look at its fields; a name is used once.") % {"name": name}
        for name in wrong
    ]
    rules = Rules(shares, needs, pushing, overflow if rows else present.overflow)
    typed = {name: str(text) for name, text in posted.items() if name.startswith("share ")}
    return Given(rules, note, errors, rows, typed)


def _share(
    posted: QueryDict, pair: tuple[str, str], present: float, called: Names, errors: list[str]
) -> float:
    """Read a percentage; one that is left out stays as it is."""
    written = posted.get(f"share {' '.join(pair)}")
    if written is None:
        return present
    try:
        share = round(float(str(sanitize_separators(written)).strip(" %")) / 100, 6)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        line, vendor = called.line(pair[0]), called.vendor(pair[1])
        errors.append(
            _("%(vendor)s in %(line)s: write a percentage above 0 and up to 100, such as 60.")
            % {"vendor": vendor, "line": line}
        )
        return present
    return share


def _need(posted: QueryDict, pair: tuple[str, str], present: Need) -> Need:
    key = " ".join(pair)
    certification = posted.get(f"certification {key}", present.certification)
    level = posted.get(f"level {key}", "")
    known = {str(value) for value in Skill.Level.values}
    return Need(
        certification.strip()[:50], int(level) if level in known else present.language_level
    )


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
        "lines": _lines(given, called),
        "overflow": given.rows,
        "certifications": [
            (key, key.replace("-", " ").capitalize()) for key in _certifications(given.rules)
        ],
        "levels": Skill.Level.choices,
        "queues": [
            {
                "name": f"push {pk}",
                "label": words.queue_name(pk),
                "is_on": pk in given.rules.pushing,
            }
            for pk in routing.queues()
        ],
    }
    status = 422 if given.errors or problems else 200
    return render(request, "routing/propose.html", context, status=status)


def _certifications(rules: Rules) -> list[str]:
    held = Certification.objects.order_by("key").values_list("key", flat=True).distinct()
    asked = {need.certification for need in rules.needs.values() if need.certification}
    return sorted({*held, *asked})


def _lines(given: Given, called: Names) -> list[dict[str, Any]]:
    """Return what can be changed, by line of business; a share as it was typed, read or not."""
    rules = given.rules
    return [
        {
            "name": name,
            "shares": [
                {
                    "name": f"share {line} {vendor}",
                    "label": called.vendor(vendor),
                    "value": given.shares.get(f"share {line} {vendor}", f"{100 * share:g}"),
                }
                for (of_line, vendor), share in sorted(rules.shares.items())
                if of_line == line
            ],
            "needs": [
                {
                    "key": f"{line} {reason}",
                    "label": called.reason(line, reason),
                    "certification": need.certification,
                    "level": need.language_level,
                }
                for (of_line, reason), need in sorted(rules.needs.items())
                if of_line == line
            ],
        }
        for line, name in called.lines.items()
    ]
