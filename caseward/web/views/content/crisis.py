"""The registry of help in a crisis: what is there, what is stale, and who makes sure."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caseward.org.models import Language, StaffMember
from caseward.policy import access
from caseward.policy.models import CrisisResource
from caseward.policy.services.crisis import doubt_resource, keep_resource, verify_resource
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.fields import line, select
from caseward.web.views.content.versions import only_in_house
from caseward.web.views.desk.typed import typed


class ResourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """An entry of the registry."""

    language = forms.ChoiceField(label=lazy("Language"), choices=Language.choices, widget=select())
    country = forms.RegexField(
        "^([A-Za-z]{2})?$",
        label=lazy("Country"),
        required=False,
        help_text=lazy("Two letters, such as MY. None: where no country has its own."),
        widget=line(),
    )
    url = forms.URLField(label=lazy("Page"), required=False, widget=line(), assume_scheme="https")

    class Meta:
        model = CrisisResource
        fields = ("key", "country", "language", "name", "phone", "url", "valid_days")
        labels = {
            "key": lazy("Need"),
            "name": lazy("Name"),
            "phone": lazy("Phone number"),
            "valid_days": lazy("Verify again after so many days"),
        }
        help_texts = {
            "key": lazy("Such as suicide; macros name it as {crisis:suicide}."),
        }
        widgets = {
            "key": line(), "name": line(), "phone": line(),
            "valid_days": forms.NumberInput(attrs={"class": "input", "min": 1, "max": 366}),
        }  # fmt: skip

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_valid_days(self) -> int:
        days = int(self.cleaned_data["valid_days"])
        if not 1 <= days <= 366:
            raise forms.ValidationError(_("Choose from 1 to 366 days."))
        return days

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("phone") and not said.get("url") and not self.errors:
            self.add_error("phone", _("Give a phone number or a page, or both."))
        return said


@login_required
@require_GET
def crisis(request: SignedInRequest) -> HttpResponse:
    """List every entry, stale ones first."""
    only_in_house(request)
    today = timezone.localdate()
    found = CrisisResource.objects.filter(is_active=True).select_related("verified_by")
    rows = [_row(resource, today) for resource in found.order_by("key", "country", "language")]
    stale = sum(row["is_stale"] for row in rows)
    context = {
        "heading": _("Help in a crisis"),
        "rows": sorted(rows, key=lambda row: not row["is_stale"]),
        "may_verify": access.may_verify(request.user),
        "stale": stale,
        "alarm": ngettext(
            "%(count)d entry has not been verified lately. Nothing that names it can be sent.",
            "%(count)d entries have not been verified lately. Nothing that names them can be sent.",
            stale,
        )
        % {"count": stale},
    }
    return render(request, "content/crisis.html", context)


def _row(resource: CrisisResource, today: date) -> dict[str, Any]:
    return {
        "resource": resource,
        "language": Language(resource.language).label,
        "is_stale": resource.is_stale(today),
        "verified_by": resource.verified_by.name if resource.verified_by else "",
        "placeholder": f"{{crisis:{resource.key}}}",
    }


@login_required
def edit_resource(request: SignedInRequest, resource_id: int | None = None) -> HttpResponse:
    """Write an entry down, or change it."""
    only_in_house(request)
    _only_those_who_verify(request.user)
    resource = _resource(resource_id) if resource_id else None
    form = ResourceForm(request.POST or None, instance=resource)
    if request.method == "POST" and form.is_valid():
        fresh = _resource(resource_id) if resource_id else None
        keep_resource(by=request.user, now=timezone.now(), resource=fresh, **form.cleaned_data)
        messages.success(request, _("Kept. Nothing names it before somebody has verified it."))
        return redirect("crisis")
    context = {"heading": _("An entry of the registry"), "form": form}
    return render(request, "content/resource.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def verify(request: SignedInRequest, resource_id: int) -> HttpResponse:
    """Say that it was called or opened today, and helps."""
    only_in_house(request)
    _only_those_who_verify(request.user)
    how = typed(request, "how").strip()[:300]
    if not how:
        messages.warning(request, _("Say how you made sure, such as whom you spoke to."))
        return redirect("crisis")
    verify_resource(
        _resource(resource_id), by=request.user, how=how, today=timezone.localdate(),
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Verified. Macros name it again from now on."))
    return redirect("crisis")


@login_required
@require_POST
def doubt(request: SignedInRequest, resource_id: int) -> HttpResponse:
    """Say that it may not help any more; everybody in-house may."""
    only_in_house(request)
    doubt_resource(_resource(resource_id), by=request.user, now=timezone.now())
    messages.success(request, _("Nothing names it now. Somebody who leads has to verify it."))
    return redirect("crisis")


def _resource(resource_id: int) -> CrisisResource:
    found = CrisisResource.objects.filter(pk=resource_id, is_active=True).first()
    if found is None:
        raise Http404
    return found


def _only_those_who_verify(staff: StaffMember) -> None:
    if not access.may_verify(staff):
        raise Http404
