"""Addresses of desk pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("caseward.web.urls.case")),
]
