"""What people may meet at most: the rules in force, and setting them with a reason."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from caseward.core.exposure import Caps
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.wellbeing import caps_shown, words
from caseward.web.views.wellbeing.caps_form import CapsForm, initial_of
from caseward.wellbeing import setting_caps
from caseward.wellbeing.setting_caps import CapsChangedMeanwhile, Scope

WITHDRAW = "withdraw"


@login_required
@require_safe
@never_cache
def caps(request: SignedInRequest) -> HttpResponse:
    """Show whom which caps hold for, and how they came to be."""
    _refuse_who_leads_nobody(request.user)
    context = caps_shown.shown(request.user, timezone.now())
    return render(request, "wellbeing/caps.html", {"heading": _("Caps on exposure"), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def set_caps(request: SignedInRequest) -> HttpResponse:
    """Show the form of one scope; a POST sets a new version, or says what it would loosen."""
    _refuse_who_leads_nobody(request.user)
    scope = caps_shown.asked_scope(request.GET)
    if not setting_caps.may_set(request.user, scope.lob.pk if scope.lob else None):
        raise PermissionDenied
    if request.method != "POST":
        present = setting_caps.rule_of(scope) or Caps()
        first = initial_of(present, setting_caps.version_of(scope))
        return _page(request, scope, CapsForm(initial=first))
    form = CapsForm(request.POST)
    if not form.is_valid() or not _is_meant(request, scope, form):
        return _page(request, scope, form)
    return _set(request, scope, form)


def _is_meant(request: SignedInRequest, scope: Scope, form: CapsForm) -> bool:
    """Say what would be loosened, unless the tick says that it is meant."""
    more = setting_caps.loosened_by(scope, _wanted(request, form))
    if not more or form.cleaned_data["is_meant"]:
        return True
    names = "; ".join(words.cap_name(name) for name in more)
    text = _("People may meet more than before: %(names)s. Tick this if it is meant.")
    form.add_error("is_meant", text % {"names": names})
    return False


def _wanted(request: SignedInRequest, form: CapsForm) -> Caps | None:
    return None if request.POST.get("does") == WITHDRAW else form.caps


def _set(request: SignedInRequest, scope: Scope, form: CapsForm) -> HttpResponse:
    wanted = _wanted(request, form)
    try:
        setting_caps.set_caps(
            by=request.user,
            caps=asdict(wanted) if wanted else {},
            why=form.cleaned_data["why"],
            now=timezone.now(),
            role=scope.role,
            lob=scope.lob,
            vendor=scope.vendor,
            seen=form.cleaned_data["seen"],
        )
    except CapsChangedMeanwhile:
        messages.warning(
            request, _("Somebody set these caps while you wrote. Look at theirs, then write again.")
        )
        return redirect("caps")
    messages.success(request, _("Set. They hold from everybody's next case on."))
    return redirect("caps")


def _page(request: SignedInRequest, scope: Scope, form: CapsForm) -> HttpResponse:
    name = caps_shown.scope_name(scope)
    context = {
        "heading": _("Caps for: %(scope)s") % {"scope": name},
        "form": form,
        "has_rule": setting_caps.rule_of(scope) is not None,
    }
    return render(request, "wellbeing/set_caps.html", context, status=422 if form.errors else 200)


def _refuse_who_leads_nobody(staff: StaffMember) -> None:
    if staff.vendor_id or not staff.leads_people:
        raise Http404
