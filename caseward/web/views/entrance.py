"""Signing in, and where one lands."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class SignIn(LoginView):
    template_name = "registration/login.html"
    redirect_authenticated_user = True


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Agents land on the desk, those who lead people on the lead's page."""
    return redirect("lead" if request.user.leads_people else "my-cases")
