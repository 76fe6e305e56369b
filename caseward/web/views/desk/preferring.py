"""How somebody wants their desk: language, lists and cases side by side, what comes after."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from caseward.casework.models import Preference
from caseward.casework.services import preferring
from caseward.org.languages import page_language
from caseward.org.models import Language
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import shelf
from caseward.web.views.desk.whence import is_list_address, page_asking, without_case


class DeskForm(forms.Form):
    """What somebody may choose for their own desk."""

    language = forms.ChoiceField(
        label=_("Language of the desk"),
        help_text=_("Requesters are answered in their own language, whatever you choose here."),
        choices=Language.choices,
        widget=forms.Select(attrs={"class": "select"}),
    )
    after_sending = forms.ChoiceField(
        label=_("After sending an answer or handing a case on"),
        choices=[
            (Preference.Then.STAY, _("Stay on the case")),
            (Preference.Then.NEXT, _("Go to the next case in the list")),
            (Preference.Then.LIST, _("Go back to the list")),
        ],
        widget=forms.RadioSelect,
    )
    is_split = forms.TypedChoiceField(
        label=_("A case chosen from a list"),
        choices=[("", _("Opens a page of its own")), ("1", _("Is shown beside the list"))],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def your_desk(request: SignedInRequest) -> HttpResponse:
    """Show how one wants one's desk; a POST changes it."""
    kept = preferring.preference_of(request.user)
    initial = {
        "language": request.user.language,
        "after_sending": kept.after_sending,
        "is_split": "1" if kept.is_split else "",
    }
    form = DeskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        with translation.override(page_language(request.user.language)):
            messages.success(request, gettext("Your desk is as you want it."))
        return redirect("your-desk")
    context = {
        "heading": gettext("Your desk"),
        "form": form,
        "lists": shelf.lists(request.user, now=timezone.now(), current=reverse("your-desk")),
    }
    return render(request, "casework/your_desk.html", context, status=422 if form.errors else 200)


def _keep(request: SignedInRequest, form: DeskForm) -> None:
    said = form.cleaned_data
    preferring.read_in(by=request.user, language=Language(said["language"]))
    preferring.show_beside(by=request.user, is_split=bool(said["is_split"]))
    preferring.go_on_with(by=request.user, then=Preference.Then(said["after_sending"]))


@login_required
@require_POST
def show_beside(request: SignedInRequest) -> HttpResponse:
    """Show cases beside their list or not, and go back to the list."""
    preferring.show_beside(by=request.user, is_split=request.POST.get("is_split") == "1")
    page = page_asking(request)
    return redirect(without_case(page) if is_list_address(page) else reverse("my-cases"))
