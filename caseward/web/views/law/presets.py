"""Legal presets: which there are, what each says, who switched it on and when it was checked."""

from datetime import date, datetime, timedelta
from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.policy.legal import queries as legal
from caseward.policy.legal import switching
from caseward.policy.legal.models import LegalChange, LegalPreset
from caseward.policy.legal.shapes import PresetBroken, preset_from
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed, typed_number
from caseward.web.views.law import words

LONGEST = 20_000
A_YEAR = timedelta(days=365)
TOLD = {
    "preset.shipped": lazy("Version %(version)s came with Caseward"),
    "preset.asked": lazy("Asked: %(change)s. %(why)s"),
    "preset.approved": lazy("Approved: %(change)s"),
    "preset.refused": lazy("Refused: %(change)s"),
    "preset.withdrawn": lazy("Withdrawn: %(change)s"),
    "preset.verified": lazy("Compared with the law; again by %(review_by)s. %(note)s"),
}
REFUSED = {
    switching.MayNotChangeLaw: lazy(
        "Only delivery leads, regional leads and the global head change presets."
    ),
    switching.NeedsSomebodyElse: lazy(
        "You asked for this change, so somebody else must decide. Nothing was changed."
    ),
    switching.ChangeWaits: lazy(
        "Another change of this preset waits for a decision. Decide that one first."
    ),
    switching.NothingToDecide: lazy("Somebody decided this first, or nothing would change."),
}


class WithoutAliases(yaml.SafeLoader):
    """Reads no `*alias`: a few nested ones would stand for more than memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read; write the value out")
        return super().compose_node(parent, index)


class WhyForm(forms.Form):
    why = forms.CharField(
        label=lazy("Why?"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


class VerifyForm(forms.Form):
    review_by = forms.DateField(
        label=lazy("Compare it again by"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}),
    )
    note = forms.CharField(
        label=lazy("What did you read?"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def clean_review_by(self) -> date:
        day: date = self.cleaned_data["review_by"]
        today = timezone.now().date()
        if not today < day <= today + A_YEAR:
            raise forms.ValidationError(_("Choose a day within a year from tomorrow."))
        return day


class EditForm(WhyForm):
    content = forms.CharField(
        label=lazy("What it says"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "textarea law__source", "rows": 28, "dir": "ltr"}),
    )
    field_order = ("content", "why")

    def clean_content(self) -> dict[str, Any]:
        try:
            read = yaml.load(self.cleaned_data["content"], Loader=WithoutAliases)  # noqa: S506
            content = {name: _plain(value) for name, value in dict(read).items()}
            preset_from(content)
        except (yaml.YAMLError, PresetBroken, TypeError, ValueError, AttributeError) as problem:
            raise forms.ValidationError(
                _("This cannot be read as a preset: %(problem)s"),
                params={"problem": " ".join(str(problem).split())},
            ) from None
        return content


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@login_required
@require_safe
def presets(request: SignedInRequest) -> HttpResponse:
    """List the presets of every jurisdiction."""
    _only_leads(request.user)
    today = timezone.now().date()
    found = LegalPreset.objects.select_related("version").order_by("jurisdiction", "key")
    rows = [_row(preset, today) for preset in found]
    context = {
        "heading": _("Laws"),
        "places": [
            (words.JURISDICTIONS.get(code, code), [row for row in rows if row["place"] == code])
            for code in sorted({row["place"] for row in rows})
        ],
        "stale": sum(row["is_stale"] and row["preset"].is_on for row in rows),
        "on": sum(row["preset"].is_on for row in rows),
        "waiting": sum(bool(row["open"]) for row in rows),
    }
    return render(request, "law/presets.html", context)


def _row(preset: LegalPreset, today: date) -> dict[str, Any]:
    assert preset.version is not None  # loading gives every preset one
    said = preset_from(preset.version.content, number=preset.version.number)
    return {
        "preset": preset,
        "place": preset.jurisdiction,
        "said": said,
        "grade_label": words.GRADES[said.grade],
        "checked": words.checked(preset, said.grade),
        "stages": [words.stage(stage) for stage in said.stages],
        "is_stale": legal.is_stale(preset, today=today),
        "open": preset.changes.filter(outcome="").exists(),
    }


@login_required
@require_safe
def preset(request: SignedInRequest, key: str) -> HttpResponse:
    """Show what a preset says, where that comes from, and what became of it."""
    return render(request, "law/preset.html", _page(_found(key, request.user), request.user))


def _page(
    preset: LegalPreset, reader: StaffMember, verify: VerifyForm | None = None
) -> dict[str, Any]:
    now = timezone.now()
    change = preset.changes.filter(outcome="").select_related("asked_by", "version").first()
    return {
        **_row(preset, now.date()),
        "heading": preset.key,
        "change": change,
        "proposed": _difference(preset, change) if change else [],
        "is_mine": bool(change and change.asked_by_id == reader.pk),
        "may_change": switching.may_change(reader),
        "history": _history(preset, now),
        "why_form": WhyForm(auto_id="id_why_%s"),
        "verify_form": verify or VerifyForm(auto_id="id_verify_%s"),
        "events": words.EVENTS,
        "dismissals": [words.dismissal(code) for code in _dismissals(preset)],
    }


def _dismissals(preset: LegalPreset) -> tuple[str, ...]:
    return preset_from(preset.version.content).dismissal_reasons if preset.version else ()


def _difference(preset: LegalPreset, change: LegalChange) -> list[tuple[str, str, str]]:
    """Return what a new version says otherwise: the field, as it is, as it would be."""
    if change.kind != LegalChange.Kind.EDIT or not (change.version and preset.version):
        return []
    old, new = preset.version.content, change.version.content
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [(name, _source(old.get(name)), _source(new.get(name))) for name in names]


def _source(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).strip().removesuffix("...")


def _history(preset: LegalPreset, now: datetime) -> list[dict[str, Any]]:
    events = Event.objects.filter(case_id=0, kind__in=list(TOLD), data__preset=preset.key).order_by(
        "-seq"
    )[:100]
    return [
        {
            "what": _told(event),
            "who": event.actor_name,
            "at": event.at,
            "when": moment(event.at, now=now),
        }
        for event in events
    ]


def _told(event: Event) -> str:
    kinds = dict(LegalChange.Kind.choices)
    facts = {"version": "", "why": "", "note": "", "review_by": "", **event.data}
    return str(TOLD[event.kind]) % {**facts, "change": kinds.get(facts.get("change", ""), "")}


@login_required
@require_POST
def ask(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask for switching a preset on or off."""
    preset = _found(key, request.user)
    form = WhyForm(request.POST)
    kind = request.POST.get("kind", "")
    if kind not in {LegalChange.Kind.SWITCH_ON, LegalChange.Kind.SWITCH_OFF}:
        raise Http404
    if not form.is_valid():
        messages.warning(request, _("Say why first. Nothing was asked."))
        return redirect("law", key)
    _try(
        request,
        lambda: switching.ask(
            key=preset.key, kind=kind, by=request.user, now=timezone.now(), **form.cleaned_data
        ),
        _("Asked. Somebody else must approve it before it takes effect."),
    )
    return redirect("law", key)


@login_required
@require_POST
def decide(request: SignedInRequest, key: str) -> HttpResponse:
    """Approve, refuse or withdraw the change that waits."""
    _found(key, request.user)
    change_id = typed_number(request, "change") or 0
    if not LegalChange.objects.filter(pk=change_id, preset__key=key).exists():
        raise Http404
    approves = typed(request, "does") == "approve"
    verb = switching.approve if approves else switching.refuse
    done = _("Approved; it holds from now on.") if approves else _("The change was not made.")
    _try(request, lambda: verb(change_id=change_id, by=request.user, now=timezone.now()), done)
    return redirect("law", key)


@login_required
@require_POST
def verify(request: SignedInRequest, key: str) -> HttpResponse:
    """Note that somebody compared the preset with the law."""
    preset = _found(key, request.user)
    form = VerifyForm(request.POST, auto_id="id_verify_%s")
    if not form.is_valid():
        return render(request, "law/preset.html", _page(preset, request.user, form), status=422)
    now = timezone.now()
    _try(
        request,
        lambda: switching.verify(key=key, by=request.user, now=now, **form.cleaned_data),
        _("Noted. Thank you for comparing it with the law."),
    )
    return redirect("law", key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Propose a new version; it counts when somebody else approves it."""
    preset = _found(key, request.user)
    if not switching.may_change(request.user):
        raise Http404
    content = preset.version.content if preset.version else {}
    form = EditForm(request.POST or None, initial={"content": _source(content)})
    if request.method == "POST" and form.is_valid():
        try:
            switching.ask(
                key=key, kind=LegalChange.Kind.EDIT, by=request.user, now=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except (*REFUSED, PresetBroken) as refusal:
            form.add_error(None, str(REFUSED.get(type(refusal), refusal)))
        else:
            messages.success(request, _("Proposed. Somebody else must approve it."))
            return redirect("law", key)
    context = {"heading": _("New version of %(key)s") % {"key": key}, "key": key, "form": form}
    return render(request, "law/edit.html", context, status=422 if form.errors else 200)


def _try(request: SignedInRequest, verb: Any, done: str) -> None:
    try:
        verb()
    except tuple(REFUSED) as refusal:
        messages.warning(request, str(REFUSED[type(refusal)]))
    else:
        messages.success(request, done)


def _found(key: str, reader: StaffMember) -> LegalPreset:
    _only_leads(reader)
    found = LegalPreset.objects.select_related("version").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _only_leads(reader: StaffMember) -> None:
    if not reader.leads_people:
        raise Http404
