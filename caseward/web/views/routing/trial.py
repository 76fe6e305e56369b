"""One set of rules: what it changes, what trying it showed, and switching it on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from caseward.org import queries as org
from caseward.policy.queries import reasons
from caseward.routing.models import RuleSet, RuleTrial, TriedCase
from caseward.routing.rules import changing
from caseward.routing.rules.content import Rules, differences
from caseward.web.languages import data_language
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.lead.page import reach
from caseward.web.views.lead.words import percent, whole
from caseward.web.views.routing import words
from caseward.web.views.routing.changes import difference

AT_ONCE = 50
A_MINUTE = 60.0  # seconds
CLOSE = 0.2
"""A replay that differs by less than this share from what happened comes close to it."""


@login_required
@require_safe
@never_cache
def rule_set(request: SignedInRequest, rule_set_id: int) -> HttpResponse:
    """Show a proposal; while it is being tried the part about that asks again by itself."""
    reach(request.user)
    found = _found(rule_set_id)
    now, called = timezone.now(), words.names()
    changes = differences(Rules.from_json(found.base), Rules.from_json(found.content))
    trial = found.trials.order_by("-pk").first()
    context = {
        "heading": found.note or _("Rules of routing"),
        "rule_set": found,
        "state": found.get_state_display(),
        "written": moment(found.written_at, now=now),
        "switched_on": moment(found.switched_on_at, now=now) if found.switched_on_at else "",
        "changes": [difference(one, called) for one in changes],
        "may_change": request.user.role in changing.MAY_CHANGE_RULES,
        **_shown(request, trial, now),
    }
    fragment = "#trial" if request.headers.get("HX-Request") else ""
    return render(request, f"routing/rule_set.html{fragment}", context)


def _found(rule_set_id: int) -> RuleSet:
    sets = RuleSet.objects.select_related("written_by", "switched_on_by")
    found = sets.filter(pk=rule_set_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: SignedInRequest, trial: RuleTrial | None, now: datetime) -> dict[str, Any]:
    if trial is None:
        return {"trial": None}
    shown: dict[str, Any] = {
        "trial": trial,
        "is_going": trial.state in {"WAITING", "RUNNING"},
        "is_done": trial.state == "DONE",
        "trial_state": trial.get_state_display(),
        "span": f"{_day_and_time(trial.starts_at)} – {_day_and_time(trial.ends_at)}",
    }
    if trial.state == "DONE":
        shown |= _result(request, trial)
    return shown


def _day_and_time(at: datetime) -> str:
    return date_format(timezone.localtime(at), _("j M H:i"))


def _result(request: SignedInRequest, trial: RuleTrial) -> dict[str, Any]:
    after = request.GET.get("after", "")
    cases = trial.cases.order_by("id")
    if after.isdecimal() and len(after) < 19:
        cases = cases.filter(id__gt=int(after))
    rows = list(cases[: AT_ONCE + 1])
    more = len(rows) > AT_ONCE
    return {
        "moved": whole(trial.summary["moved"]),
        "moved_count": trial.summary["moved"],
        "columns": _columns(trial.summary),
        "calibration": _calibration(trial.summary),
        "otherwise": _otherwise(trial.summary.get("changes", {})),
        "cases": [_case(row) for row in rows[:AT_ONCE]],
        "next_url": f"?after={rows[AT_ONCE - 1].pk}" if more else "",
        "first_url": request.path if after else "",
    }


def _otherwise(counts: dict[str, int]) -> list[dict[str, str]]:
    """Return what would have changed and in how many cases; nothing of dry runs of old."""
    titles = {
        "somebody_else": _("Gone to another person"),
        "shorter": _("Waited shorter, by five minutes or more"),
        "longer": _("Waited longer, by five minutes or more"),
        "in_time": _("Answered in time instead of late"),
        "late": _("Late instead of in time"),
    }
    return [
        {"title": title, "cases": whole(counts.get(name, 0))}
        for name, title in titles.items() if counts
    ]  # fmt: skip


def _columns(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the replay under either set of rules, beside what really happened."""
    titles = {
        "really": _("What happened"),
        "before": _("Replayed under today's rules"),
        "after": _("Replayed under these rules"),
    }
    return [
        {
            "title": title,
            "cases": whole(part["cases"]),
            "given": whole(part["given"]),
            "missed": whole(part["missed"]),
            "missed_share": percent(part["missed"] / part["cases"]) if part["cases"] else "–",
            "median": words.waited(part["median_wait"]),
            "nine_in_ten": words.waited(part["wait_of_nine_in_ten"]),
        }
        for name, title in titles.items()
        for part in [summary[name]]
    ]


def _calibration(summary: dict[str, Any]) -> str:
    """Say how far the replay of today's rules is from what really happened."""
    really, replayed = summary["really"]["median_wait"], summary["before"]["median_wait"]
    if abs(really - replayed) <= max(CLOSE * really, A_MINUTE):
        told = _NEAR
    else:
        told = _SHORTER if replayed < really else _LONGER
    return str(told) % {"really": words.waited(really), "replayed": words.waited(replayed)}


_NEAR = gettext_lazy(
    "The replay comes close to that week: half of the cases really waited %(really)s or less; "
    "replayed under today's rules it is %(replayed)s."
)
_SHORTER = gettext_lazy(
    "Half of the cases really waited %(really)s or less; replayed under today's rules it is "
    "%(replayed)s. The replay knows too little of what keeps people from work, so no wait in it is "
    "a promise: read how the two replays differ."
)
_LONGER = gettext_lazy(
    "Half of the cases really waited %(really)s or less; replayed under today's rules it is "
    "%(replayed)s. People did better than the replay has them do, so no wait in it is a promise: "
    "read how the two replays differ."
)


def _case(row: TriedCase) -> dict[str, Any]:
    line = org.lines_of_business().get(row.lob_id)
    reason = reasons().get(row.reason_id or 0)
    language = data_language()
    return {
        "reference": row.reference,
        "about": " · ".join(one.name_in(language) for one in (line, reason) if one is not None),
        "from": _place(row.vendor_before_id),
        "to": _place(row.vendor_after_id),
        "has_moved": row.has_moved,
        "waited_before": words.waited(row.waited_before),
        "waited_after": words.waited(row.waited_after),
        "missed": _missed(row),
    }


def _place(vendor_id: int | None) -> str:
    vendor = org.vendors().get(vendor_id or 0)
    return vendor.name if vendor else _("Tier 2")


def _missed(row: TriedCase) -> str:
    match row.missed_before, row.missed_after:
        case True, True:
            return _("late either way")
        case True, False:
            return _("in time now")
        case False, True:
            return _("late now")
        case _:
            return _("in time either way")


@login_required
@require_POST
def act(request: SignedInRequest, rule_set_id: int, verb: str) -> HttpResponse:
    """Try, cancel, switch on, go back or throw away, then show the set again."""
    reach(request.user)
    found, now = _found(rule_set_id), timezone.now()
    try:
        target = _ACTS[verb](found, request, now)
    except changing.MayNotChangeRules:
        messages.error(request, _("Only LOB leads and above change how cases are routed."))
    except changing.AlreadyTrying:
        messages.info(request, _("A dry run of these rules is under way."))
    except changing.NotTried:
        messages.error(
            request, _("Try the rules on last week first; then they can be switched on.")
        )
    except changing.RulesChangedMeanwhile:
        messages.error(
            request,
            _(
                "Routing was changed after these rules were written down, so nothing was "
                "done. Look at the rules in force and propose the change again."
            ),
        )
    else:
        return redirect(target)
    return redirect("routing-rule-set", found.pk)


def _try(found: RuleSet, request: SignedInRequest, now: datetime) -> str:
    changing.ask_trial(rule_set=found, by=request.user, now=now)
    return reverse("routing-rule-set", args=[found.pk])


def _cancel(found: RuleSet, request: SignedInRequest, now: datetime) -> str:
    trial = found.trials.order_by("-pk").first()
    if trial and changing.cancel_trial(trial_id=trial.pk, by=request.user, now=now):
        messages.success(request, _("The dry run was cancelled."))
    return reverse("routing-rule-set", args=[found.pk])


def _switch_on(found: RuleSet, request: SignedInRequest, now: datetime) -> str:
    changing.switch_on(rule_set_id=found.pk, by=request.user, now=now)
    messages.success(request, _("Switched on. Cases are routed by these rules from now on."))
    return reverse("routing-rule-set", args=[found.pk])


def _go_back(found: RuleSet, request: SignedInRequest, now: datetime) -> str:
    former = changing.go_back(rule_set_id=found.pk, by=request.user, now=now)
    messages.success(request, _("The former rules are in force again."))
    return reverse("routing-rule-set", args=[former.pk])


def _drop(found: RuleSet, request: SignedInRequest, now: datetime) -> str:
    if changing.drop(rule_set_id=found.pk, by=request.user):
        messages.success(request, _("The proposal was thrown away."))
    return reverse("routing-rules")


_ACTS = {
    "try": _try, "cancel": _cancel, "switch-on": _switch_on, "go-back": _go_back, "drop": _drop,
}  # fmt: skip
