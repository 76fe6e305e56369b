"""Saved filters: keep the address of a list under a name, share it, change it, throw it away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework.models import SavedFilter
from caseward.casework.services import saving_filters
from caseward.casework.services.saving_filters import NOBODY_ELSE, Audience
from caseward.org.models import StaffMember
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import shelf
from caseward.web.views.desk.audiences import share_options
from caseward.web.views.desk.whence import is_list_address

UNDO_SALT = "caseward.saved-filter"
UNDO_SECONDS = 3600


class FilterName(forms.Form):
    """What a filter is called and who else finds it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": gettext_lazy("Write a name for the filter.")},
    )

    def __init__(self, *args: Any, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audiences = {str(each): each for each in saving_filters.audiences_of(by)}
        if self.audiences:
            self.fields["shared_with"] = forms.ChoiceField(
                label=gettext_lazy("Who finds it"),
                choices=share_options(by),
                required=False,
                widget=forms.Select(attrs={"class": "select"}),
            )

    @property
    def audience(self) -> Audience:
        return self.audiences.get(self.cleaned_data.get("shared_with", ""), NOBODY_ELSE)


class FilterForm(FilterName):
    """A filter about to be saved."""

    address = forms.CharField(max_length=500, widget=forms.HiddenInput)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if not is_list_address(address):
            raise forms.ValidationError(
                _("This is no list of cases. Open the list, choose its filters and save it there.")
            )
        return address


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def saved_filters(request: SignedInRequest) -> HttpResponse:
    """List one's filters; a POST saves another."""
    if request.method != "POST":
        address = request.GET.get("address", "")
        is_new = is_list_address(address)
        form = FilterForm(initial={"address": address}, by=request.user) if is_new else None
        return _page(request, form)
    form = FilterForm(request.POST, by=request.user)
    if form.is_valid() and _save(request, form):
        messages.success(request, _("The filter is saved and listed on the left."))
        return HttpResponseRedirect(form.cleaned_data["address"])
    return _page(request, form, status=422)


def _save(request: SignedInRequest, form: FilterForm) -> bool:
    name, address = form.cleaned_data["name"], form.cleaned_data["address"]
    try:
        saving_filters.save_filter(
            by=request.user, name=name, query=address, audience=form.audience
        )
    except saving_filters.NameTaken:
        form.add_error("name", _("You have a filter of this name. Choose another name."))
    except saving_filters.TooManyFilters:
        words = _("You have %(number)d filters already. Throw one away first.")
        form.add_error(None, words % {"number": saving_filters.MOST})
    return form.is_valid()


@login_required
@require_POST
def change_filter(request: SignedInRequest, filter_id: int) -> HttpResponse:
    """Give a filter another name, or share it with others."""
    form = FilterName(request.POST, by=request.user)
    if not form.is_valid():
        messages.warning(request, _("Write a name of at most 60 letters. Nothing was changed."))
        return redirect("saved-filters")
    try:
        saving_filters.change_filter(
            by=request.user,
            filter_id=filter_id,
            name=form.cleaned_data["name"],
            audience=form.audience,
        )
    except saving_filters.NameTaken:
        messages.warning(request, _("You have a filter of this name. Nothing was changed."))
    except saving_filters.NoSuchFilter:
        messages.warning(request, _("This filter is no longer there."))
    else:
        messages.success(request, _("The filter is changed."))
    return redirect("saved-filters")


@login_required
@require_POST
def delete_filter(request: SignedInRequest, filter_id: int) -> HttpResponse:
    """Throw a filter away; what it was comes along with the way back."""
    gone = saving_filters.delete_filter(by=request.user, filter_id=filter_id)
    words = _("The filter is gone. The cases it listed are untouched.")
    toasts.say(request, words, undo_url=_way_back(gone) if gone else "")
    return redirect("saved-filters")


def _way_back(gone: SavedFilter) -> str:
    kept = [gone.staff_id, gone.name, gone.query, gone.team_id, gone.lob_id]
    return reverse("restore-filter", args=[signing.dumps(kept, salt=UNDO_SALT, compress=True)])


@login_required
@require_POST
def restore_filter(request: SignedInRequest, kept: str) -> HttpResponse:
    """Put a filter back that was thrown away within the hour; twice changes nothing."""
    try:
        found = signing.loads(kept, salt=UNDO_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        raise Http404("no filter, or thrown away too long ago") from None
    staff_id, name, query, team_id, lob_id = found
    if staff_id != request.user.pk:
        raise Http404("somebody else's filter")
    try:
        saving_filters.save_filter(
            by=request.user, name=name, query=query, audience=Audience(team_id, lob_id)
        )
    except (saving_filters.NameTaken, saving_filters.TooManyFilters, saving_filters.CannotShare):
        messages.warning(request, _("The filter could not be put back: its name is taken again."))
    else:
        messages.success(request, _("The filter is back."))
    return redirect("saved-filters")


def _page(request: SignedInRequest, form: FilterForm | None, *, status: int = 200) -> HttpResponse:
    staff = request.user
    everything = saving_filters.filters_for(staff)
    context = {
        "heading": _("Saved filters"),
        "form": form,
        "share_options": share_options(staff),
        "saved": [
            {"filter": saved, "audience": str(Audience.of(saved))}
            for saved in everything
            if saved.staff_id == staff.pk
        ],
        "lists": shelf.lists(staff, now=timezone.now(), current=reverse("saved-filters")),
    }
    return render(request, "casework/saved_filters.html", context, status=status)
