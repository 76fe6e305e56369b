"""Writing a rota, and taking it out of use."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework.emergency.rotas import (
    CIRCLE,
    NOBODY,
    NOT_HTTPS,
    NOT_IN_HOUSE,
    ROTAS,
    TWICE,
    CannotStand,
    may_change,
    read_rota,
)
from caseward.org import changing
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.content.fields import MORE, with_more_room
from caseward.web.views.desk.typed import typed
from caseward.web.views.lead.changes import (
    free_key,
    keep,
    not_yours,
    only_leads_in_house,
    was_changed,
)
from caseward.web.views.lead.duty.rota_forms import (
    PeopleForms,
    RotaForm,
    lines_for,
    people_choices,
    people_from,
    people_initial,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rota(request: SignedInRequest, rota_key: str = "") -> HttpResponse:
    """Show the form of a rota, or of a new one; a POST puts it to use."""
    only_leads_in_house(request)
    entry = read_rota(rota_key) if rota_key else None
    if (rota_key and entry is None) or not _may_write(request.user, entry):
        raise Http404
    data = with_more_room(request.POST, "people")
    form = RotaForm(data, initial=entry, by=request.user, key=rota_key)
    people = PeopleForms(
        data, initial=people_initial(entry), prefix="people",
        form_kwargs={"people": people_choices()},
    )  # fmt: skip
    is_meant = request.method == "POST" and MORE not in request.POST
    if is_meant and form.is_valid() & people.is_valid():
        wanted = {**form.facts(), "people": people_from(people)}
        if _kept(request, form, rota_key or free_key(wanted["name"], read_rota), wanted):
            return redirect("on-call")
    context = {
        "heading": entry["name"] if entry else _("New rota"),
        "rota_key": rota_key,
        "form": form,
        "people": people,
        "seen": changing.mark_of(entry),
    }
    return render(request, "lead/rota.html", context, status=422 if is_meant else 200)


def _may_write(staff: StaffMember, entry: dict[str, Any] | None) -> bool:
    return may_change(staff, entry) if entry else bool(lines_for(staff))


def _kept(request: SignedInRequest, form: RotaForm, key: str, wanted: dict[str, Any]) -> bool:
    try:
        keep(request, ROTAS, key, wanted, seen=typed(request, "seen"))
    except CannotStand as refused:
        form.add_error(None, _words(refused))
    except changing.ChangedMeanwhile:
        form.add_error(None, was_changed())
    except changing.NotYoursToChange:
        form.add_error(None, not_yours())
    return not form.errors


def _words(refused: CannotStand) -> str:
    names = dict(StaffMember.objects.filter(key=refused.about).values_list("key", "name"))
    about = {"about": names.get(refused.about, refused.about)}
    words = {
        NOBODY: _("Name at least one person: a rota with nobody on it pages nobody."),
        TWICE: _("%(about)s is on it twice. Give them one place with all their hours."),
        NOT_IN_HOUSE: _("%(about)s does not work in-house any more. Choose somebody else."),
        NOT_HTTPS: _("The webhook %(about)s has to begin with https://."),
        CIRCLE: _("The rota under “And then” leads back to this one. Choose another."),
    }
    return words[refused.code] % about


@login_required
@require_POST
def remove(request: SignedInRequest, rota_key: str) -> HttpResponse:
    """Take a rota out of use; who was on it is not paged by it any more."""
    only_leads_in_house(request)
    try:
        keep(request, ROTAS, rota_key, None, seen=typed(request, "seen"))
    except changing.NotYoursToChange:
        messages.warning(request, not_yours())
    except changing.ChangedMeanwhile:
        messages.warning(
            request, _("A colleague changed this rota first. Look at it, then decide again.")
        )
    return redirect("on-call")
