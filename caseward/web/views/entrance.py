"""Signing in, and where one lands."""

from datetime import datetime
from math import ceil
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from caseward.org import signing_in
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.public.visitors import address_hash

SYSTEM = Actor.system("sign-in")


class SignIn(LoginView):
    """Let staff in, at a pace that makes guessing passwords pointless."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._refuse_if_too_many()
        except signing_in.TooManyAttempts as problem:
            return self._wait(problem.until)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        with acting(SYSTEM):
            signing_in.signed_in(form.get_user(), account=self._account, now=timezone.now())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        with acting(SYSTEM):
            signing_in.refused(account=self._account, now=timezone.now())
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    @property
    def _account(self) -> str:
        return self.request.POST.get("username", "").replace("\x00", "")[:254]

    def _refuse_if_too_many(self) -> None:
        with acting(SYSTEM):
            attempt = signing_in.note_attempt(
                account=self._account, address=address_hash(self.request), now=timezone.now()
            )
        try:
            with acting(SYSTEM):
                signing_in.refuse_if_too_many(attempt)
        except signing_in.TooManyAttempts:
            with acting(SYSTEM):
                signing_in.forget(attempt)
            raise

    def _wait(self, until: datetime) -> HttpResponse:
        minutes = max(1, ceil((until - timezone.now()).total_seconds() / 60))
        words = ngettext(
            "There were too many attempts to sign in. Wait %(minutes)d minute, then try again.",
            "There were too many attempts to sign in. Wait %(minutes)d minutes, then try again.",
            minutes,
        )
        context = self.get_context_data(
            form=AuthenticationForm(self.request), problem=words % {"minutes": minutes}
        )
        return self.render_to_response(context, status=429)


@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """Agents land on the desk, those who lead people on the lead's page."""
    if request.user.role == StaffMember.Role.VENDOR_MANAGER:
        return redirect(f"{reverse('lead')}?by=vendor")
    return redirect("lead" if request.user.leads_people else "my-cases")


def icon(_request: HttpRequest) -> HttpResponse:
    """Lead browsers to the icon where a page names none: letters, files, figures as CSV."""
    return redirect(static("img/favicon.svg"), permanent=True)
