"""Addresses of the lead's pages."""

from django.urls import path

from caseward.web.views.lead import cases, escalations, on_call, page

urlpatterns = [
    path("", page.lead, name="lead"),
    path("cases", cases.lead_cases, name="lead-cases"),
    path("escalations", escalations.escalations, name="lead-escalations"),
    path("escalations/cases", escalations.escalation_cases, name="lead-escalation-cases"),
    path("escalations.csv", escalations.escalations_csv, name="lead-escalations-csv"),
    path("on-call", on_call.on_call, name="on-call"),
    path("figures.csv", page.lead_csv, name="lead-csv"),
]
