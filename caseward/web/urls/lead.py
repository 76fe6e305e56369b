"""Addresses of the lead's pages."""

from django.urls import path

from caseward.web.views.lead import cases, page

urlpatterns = [
    path("", page.lead, name="lead"),
    path("cases", cases.lead_cases, name="lead-cases"),
    path("figures.csv", page.lead_csv, name="lead-csv"),
]
