"""Saved filters: keep the address of a narrowed list under a name, rename it, throw it away."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework.models import SavedFilter
from caseward.casework.services import saving_filters
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import shelf
from caseward.web.views.desk.whence import is_list_address


class FilterName(forms.Form):
    """What a filter is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": gettext_lazy("Write a name for the filter.")},
    )


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
        form = FilterForm(initial={"address": address}) if is_list_address(address) else None
        return _page(request, form)
    form = FilterForm(request.POST)
    if form.is_valid() and _save(request, form):
        messages.success(request, _("The filter is saved and listed on the left."))
        return HttpResponseRedirect(form.cleaned_data["address"])
    return _page(request, form, status=422)


def _save(request: SignedInRequest, form: FilterForm) -> bool:
    name, address = form.cleaned_data["name"], form.cleaned_data["address"]
    try:
        saving_filters.save_filter(by=request.user, name=name, query=address)
    except saving_filters.NameTaken:
        form.add_error("name", _("You have a filter of this name. Choose another name."))
    except saving_filters.TooManyFilters:
        words = _("You have %(number)d filters already. Throw one away first.")
        form.add_error(None, words % {"number": saving_filters.MOST})
    return form.is_valid()


@login_required
@require_POST
def rename_filter(request: SignedInRequest, filter_id: int) -> HttpResponse:
    form = FilterName(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Write a name of at most 60 letters. Nothing was changed."))
        return redirect("saved-filters")
    try:
        saving_filters.rename_filter(
            by=request.user, filter_id=filter_id, name=form.cleaned_data["name"]
        )
    except saving_filters.NameTaken:
        messages.warning(request, _("You have a filter of this name. Nothing was changed."))
    except saving_filters.NoSuchFilter:
        messages.warning(request, _("This filter is no longer there."))
    return redirect("saved-filters")


@login_required
@require_POST
def delete_filter(request: SignedInRequest, filter_id: int) -> HttpResponse:
    saving_filters.delete_filter(by=request.user, filter_id=filter_id)
    messages.success(request, _("The filter is gone. The cases it listed are untouched."))
    return redirect("saved-filters")


def _page(request: SignedInRequest, form: FilterForm | None, *, status: int = 200) -> HttpResponse:
    context = {
        "heading": _("Saved filters"),
        "form": form,
        "saved": SavedFilter.objects.filter(staff=request.user).order_by("name", "pk"),
        "lists": shelf.lists(request.user, now=timezone.now(), current=reverse("saved-filters")),
    }
    return render(request, "casework/saved_filters.html", context, status=status)
