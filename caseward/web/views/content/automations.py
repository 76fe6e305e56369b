"""Rules: the list with what each did; writing, testing on past cases, turning on and undoing."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caseward.automation import services as rules
from caseward.automation.checking import contradictions_of, others_that_are_on
from caseward.automation.models import Rule, RuleRun, RuleVersion
from caseward.automation.queries import Doings, doings_of
from caseward.casework.access import NotYoursToChange, visible_cases
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy import access
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content import rule_words
from caseward.web.views.content.macro_forms import NewMacroForm
from caseward.web.views.content.rule_forms import WHEN, RuleForm, initial_of
from caseward.web.views.content.versions import only_in_house
from caseward.web.views.desk.typed import typed

SINCE = timedelta(days=30)
PAGE = 25


@login_required
@require_GET
def automations(request: SignedInRequest) -> HttpResponse:
    """List every rule with what it did lately."""
    only_in_house(request)
    found = list(
        Rule.objects.filter(is_active=True)
        .select_related("lob")
        .prefetch_related("versions")
        .order_by("title", "key")
    )
    did = doings_of([rule.pk for rule in found], since=timezone.now() - SINCE)
    context = {
        "heading": _("Automations"),
        "rows": [_row(rule, did.get(rule.pk, Doings())) for rule in found],
        "can_begin": any(
            access.may_write(request.user, lob_id) for lob_id in (None, *org.lines_of_business())
        ),
        "days": SINCE.days,
    }
    return render(request, "content/automations.html", context)


def _row(rule: Rule, did: Doings) -> dict[str, Any]:
    newest = max(rule.versions.all(), key=lambda version: version.number, default=None)
    on = next((v for v in rule.versions.all() if v.state == RuleVersion.State.ON), None)
    shown = on or newest
    return {
        "rule": rule,
        "lob": named(rule.lob) if rule.lob else _("Every line of business"),
        "state": rule_words.STATES[shown.state] if shown else _("Not written yet"),
        "is_on": on is not None,
        "why_off": shown.why_off if shown and not on else "",
        "did": did,
    }


@login_required
def new_automation(request: SignedInRequest) -> HttpResponse:
    """Make room for a rule, then write it."""
    only_in_house(request)
    form = NewMacroForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            rule = rules.begin_rule(by=request.user, **form.cleaned_data)
        except rules.KeyTaken:
            form.add_error("key", _("There is a rule of this key. Choose another key."))
        else:
            return redirect("automation", rule.key)
    context = {"heading": _("New rule"), "form": form}
    status = 422 if form.errors else 200
    return render(request, "content/new_automation.html", context, status=status)


@login_required
def automation(request: SignedInRequest, rule_key: str) -> HttpResponse:
    """Show a rule, its trial and what it did; a POST keeps a draft."""
    only_in_house(request)
    rule = _rule(rule_key)
    versions = list(
        rule.versions.select_related("author", "turned_on_by", "rule", "rule__lob")
        .order_by("-number")
    )  # fmt: skip
    newest = versions[0] if versions else None
    form = RuleForm(request.POST or None, rule=rule, initial=initial_of(newest) if newest else {})
    may_write = access.may_write(request.user, rule.lob_id)
    if request.method == "POST" and may_write and form.is_valid() and _kept(request, rule, form):
        return redirect("automation", rule.key)
    runs, next_url = _runs(rule, request.GET.get("before", ""), request.user)
    context = {
        "heading": rule.title,
        "rule": rule,
        "lob": named(rule.lob) if rule.lob else _("Every line of business"),
        "form": form,
        "may_write": may_write,
        "versions": [_version_row(version, request.user) for version in versions],
        "trial": _trial(newest, request.user),
        "warnings": _warnings(newest),
        "runs": runs,
        "next_url": next_url,
        "is_further": "before" in request.GET,
        "own_url": reverse("automation", args=[rule.key]),
    }
    return render(request, "content/automation.html", context, status=422 if form.errors else 200)


def _kept(request: SignedInRequest, rule: Rule, form: RuleForm) -> bool:
    try:
        rules.write_rule(rule, by=request.user, now=timezone.now(), **form.content())
    except rules.BadRule as refusal:
        for wrong in refusal.problems:
            form.add_error(None, rule_words.problem(wrong))
        return False
    messages.success(request, _("The draft is kept. Test it against past cases next."))
    return True


def _version_row(version: RuleVersion, reader: StaffMember) -> dict[str, Any]:
    writes = access.may_write(reader, version.rule.lob_id)
    releases = access.may_release(reader, version.rule.lob_id)
    is_on = version.state == RuleVersion.State.ON
    return {
        "version": version,
        "label": rule_words.STATES[version.state],
        "when": [WHEN.get(kind, kind) for kind in version.kinds],
        "does": rule_words.in_words(version.deeds),
        "can_test": writes and not is_on,
        "can_turn_on": releases and not is_on and version.tested_at is not None,
        "can_turn_off": writes and is_on,
    }


def _trial(version: RuleVersion | None, reader: StaffMember) -> dict[str, Any] | None:
    if version is None or not version.trial:
        return None
    trial = version.trial
    references = [one["case"] for one in trial["sample"]]
    visible = set(
        visible_cases(reader).filter(reference__in=references).values_list("reference", flat=True)
    )
    return {
        **trial,
        "number": version.number,
        "since_at": datetime.fromisoformat(trial["since"]),
        "until_at": datetime.fromisoformat(trial["until"]),
        "deeds": rule_words.deeds_of(trial),
        "sample": [
            {"case": one["case"], "at": datetime.fromisoformat(one["at"])}
            for one in trial["sample"]
            if one["case"] in visible
        ],
    }


def _warnings(version: RuleVersion | None) -> list[str]:
    if version is None or version.state == RuleVersion.State.OFF:
        return []
    found = contradictions_of(version, others_that_are_on(version))
    return [rule_words.contradiction(each) for each in found]


def _runs(rule: Rule, before: str, reader: StaffMember) -> tuple[list[dict[str, Any]], str]:
    """Return runs on cases the reader may see, newest first."""
    found = RuleRun.objects.filter(rule=rule, case__in=visible_cases(reader))
    if before.isascii() and before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found.select_related("case", "version").order_by("-pk")[: PAGE + 1])
    next_url = ""
    if len(page) > PAGE:
        next_url = f"{reverse('automation', args=[rule.key])}?before={page[PAGE - 1].pk}"
    return [_run_row(run) for run in page[:PAGE]], next_url


def _run_row(run: RuleRun) -> dict[str, Any]:
    return {
        "run": run,
        "label": rule_words.RUNS[run.state],
        "did": [rule_words.DEEDS[deed["deed"]] for deed in run.did],
        "problem": rule_words.failure(run.problem),
        "can_undo": run.state == RuleRun.State.DONE
        and any(deed["deed"] in rules.UNDOABLE for deed in run.did),
    }


@login_required
@require_POST
def automation_step(request: SignedInRequest, rule_key: str, number: int, do: str) -> HttpResponse:
    """Test a version against past cases, turn it on, or off."""
    only_in_house(request)
    version = _version(rule_key, number)
    asked: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    try:
        match do:
            case "test":
                rules.try_rule(version, **asked)
                messages.success(request, _("Tested. Nothing was done to any case."))
            case "on":
                rules.turn_on(version, **asked)
                messages.success(request, _("On. It acts on what happens from now on."))
            case "off":
                rules.turn_off(version, why=typed(request, "why"), **asked)
                messages.success(request, _("Off. What it did stays; undo single runs below."))
            case _:
                raise Http404
    except rules.NotTested:
        messages.warning(request, _("Test this version against past cases first."))
    except rules.BadRule as refusal:
        messages.warning(request, rule_words.problem(refusal.problems[0]))
    except access.NotYoursToWrite:
        messages.warning(
            request, _("This is for whoever answers for the line of business. Nothing was changed.")
        )
    return redirect("automation", rule_key)


@login_required
@require_POST
def undo_automation(request: SignedInRequest, run_id: int) -> HttpResponse:
    """Put back what a run changed on a case the reader may see."""
    only_in_house(request)
    found = RuleRun.objects.filter(pk=run_id, case__in=visible_cases(request.user))
    run = found.select_related("rule").first()
    if run is None:
        raise Http404
    try:
        rules.undo_run(run, by=request.user, now=timezone.now())
    except rules.NothingToUndo:
        messages.warning(request, _("There is nothing left to undo here."))
    except NotYoursToChange:
        messages.warning(request, _("Somebody else holds this case. Ask them to change it back."))
    else:
        messages.success(request, _("Undone, where nobody had changed it since."))
    return redirect("automation", run.rule.key)


def _rule(key: str) -> Rule:
    found = Rule.objects.select_related("lob").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _version(key: str, number: int) -> RuleVersion:
    found = RuleVersion.objects.filter(rule__key=key, number=number)
    version = found.select_related("rule", "rule__lob").first()
    if version is None:
        raise Http404
    return version
