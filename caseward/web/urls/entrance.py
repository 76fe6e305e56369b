"""Signing in and out, and where one lands."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from caseward.web.views import entrance

urlpatterns = [
    path("", entrance.home, name="home"),
    path("sign-in", entrance.SignIn.as_view(), name="sign-in"),
    path("favicon.ico", entrance.icon, name="icon"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
]
