"""Playbooks: which reasons have one, writing their steps, reviewing and comparing them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caseward.org import queries as org
from caseward.policy import access
from caseward.policy.models import PlaybookVersion, Reason, VersionState
from caseward.policy.playbooks import Step
from caseward.policy.services import versions
from caseward.policy.services.playbooks import playbook_for
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.differences import difference
from caseward.web.views.content.playbook_forms import LABELS, StepForms, initial_of, steps_from
from caseward.web.views.content.versions import carry_out, only_in_house, shown


@login_required
@require_GET
def playbooks(request: SignedInRequest) -> HttpResponse:
    """List every reason with what is in force for its cases."""
    only_in_house(request)
    lobs = org.lines_of_business()
    in_use = PlaybookVersion.objects.exclude(state=VersionState.RETIRED)
    reasons = Reason.objects.filter(is_active=True, lob__is_active=True).prefetch_related(
        Prefetch("playbook__versions", in_use)
    )
    rows = [_row(reason) for reason in reasons.order_by("lob__position", "priority", "pk")]
    groups = [
        {"lob": named(lob), "rows": [row for row in rows if row["lob_id"] == pk]}
        for pk, lob in lobs.items()
    ]
    context = {"heading": _("Playbooks"), "groups": [one for one in groups if one["rows"]]}
    return render(request, "content/playbooks.html", context)


def _row(reason: Reason) -> dict[str, Any]:
    book = getattr(reason, "playbook", None)
    by_state = {version.state: version for version in book.versions.all()} if book else {}
    released = by_state.get(VersionState.RELEASED)
    steps = [Step.read(step) for step in released.steps] if released else []
    return {
        "reason": reason,
        "lob_id": reason.lob_id,
        "name": named(reason),
        "released": released,
        "steps": len(steps),
        "gates": sum(step.is_gate for step in steps),
        "in_review": VersionState.IN_REVIEW in by_state,
        "is_draft": VersionState.DRAFT in by_state,
    }


@login_required
def playbook(request: SignedInRequest, reason_id: int) -> HttpResponse:
    """Show the playbook of a reason with its versions; a POST writes the draft."""
    only_in_house(request)
    reason = _reason(reason_id)
    may_write = access.may_write(request.user, reason.lob_id)
    book = getattr(reason, "playbook", None)
    known = (
        list(book.versions.select_related("author", "reviewer").order_by("-number")) if book else []
    )
    steps = [Step.read(step) for step in known[0].steps] if known else []
    steps_asked = StepForms(
        request.POST or None, initial=initial_of(steps), prefix="steps",
        form_kwargs={"lob_id": reason.lob_id},
    )  # fmt: skip
    problem = ""
    if request.method == "POST" and may_write and steps_asked.is_valid():
        problem = _kept(request, reason, steps_from(steps_asked))
        if not problem:
            return redirect("playbook", reason.pk)
    context = {
        "heading": named(reason),
        "reason": reason,
        "lob": named(reason.lob),
        "may_write": may_write,
        "forms": steps_asked,
        "problem": problem,
        "versions": [shown(version, request.user) for version in known],
    }
    is_wrong = problem or (request.method == "POST" and not steps_asked.is_valid())
    return render(request, "content/playbook.html", context, status=422 if is_wrong else 200)


def _kept(request: SignedInRequest, reason: Reason, steps: list[Step]) -> str:
    keys = [step.key for step in steps]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        return _("Two steps have the key %(key)s. Give each a key of its own.") % {"key": twice[0]}
    if not steps:
        return _("Write at least one step.")
    note = str(request.POST.get("note", ""))[:300].replace("\x00", "")
    versions.write_draft(
        playbook_for(reason), by=request.user, note=note,
        content={"steps": [step.stored() for step in steps]},
    )  # fmt: skip
    messages.success(request, _("The draft is kept. It applies once somebody else releases it."))
    return ""


@login_required
@require_POST
def playbook_step(request: SignedInRequest, reason_id: int, number: int, do: str) -> HttpResponse:
    """Move a version of a playbook on."""
    only_in_house(request)
    carry_out(request, _version(reason_id, number), do)
    return redirect("playbook", reason_id)


@login_required
@require_GET
def compare_playbook(request: SignedInRequest, reason_id: int, number: int) -> HttpResponse:
    """Show what a version of a playbook changes against the one before."""
    only_in_house(request)
    later = _version(reason_id, number)
    before = later.playbook.versions.filter(number__lt=number).order_by("-number").first()
    if before is None:
        raise Http404
    context = {
        "heading": _("%(name)s: what version %(number)d changes")
        % {"name": named(later.playbook.reason), "number": number},
        "reason": later.playbook.reason,
        "difference": difference(_in_words(before), _in_words(later)),
    }
    return render(request, "content/playbook_difference.html", context)


def _in_words(version: PlaybookVersion) -> str:
    return "\n\n".join(_step_in_words(Step.read(step)) for step in version.steps)


def _step_in_words(step: Step) -> str:
    said = [f"{step.key}: {LABELS[step.check]}", *step.texts.values()]
    if step.is_gate:
        said.append(
            _("Gate: %(endings)s") % {"endings": ", ".join(step.blocks) or _("all endings")}
        )
    if step.tiers:
        said.append(_("Tier: %(tiers)s") % {"tiers": ", ".join(map(str, step.tiers))})
    if step.needs_second:
        said.append(_("Confirmed by a second person"))
    said += [f"{name}: {', '.join(values)}" for name, values in step.conditions.stored().items()]
    return "\n".join(said)


def _reason(reason_id: int) -> Reason:
    found = Reason.objects.filter(pk=reason_id).select_related("lob", "playbook").first()
    if found is None:
        raise Http404
    return found


def _version(reason_id: int, number: int) -> PlaybookVersion:
    found = PlaybookVersion.objects.filter(playbook__reason_id=reason_id, number=number)
    version = found.select_related("playbook", "playbook__reason").first()
    if version is None:
        raise Http404
    return version
