"""Addresses of the lead's pages."""

from django.urls import path

from caseward.web.views.lead import cases, changes, escalations, page
from caseward.web.views.lead.duty import experts, rota, trials
from caseward.web.views.lead.duty import page as duty

ROTA = "on-call/of/<slug:rota_key>"
EXPERT = "on-call/experts/of/<slug:expert_key>"

urlpatterns = [
    path("", page.lead, name="lead"),
    path("cases", cases.lead_cases, name="lead-cases"),
    path("escalations", escalations.escalations, name="lead-escalations"),
    path("escalations/cases", escalations.escalation_cases, name="lead-escalation-cases"),
    path("escalations.csv", escalations.escalations_csv, name="lead-escalations-csv"),
    path("on-call", duty.on_call, name="on-call"),
    path("on-call/new", rota.rota, name="rota-new"),
    path(ROTA, rota.rota, name="rota"),
    path(f"{ROTA}/remove", rota.remove, name="rota-remove"),
    path(f"{ROTA}/trial", trials.try_out, name="rota-trial"),
    path("on-call/experts", experts.experts, name="experts"),
    path("on-call/experts/new", experts.expert, name="expert-new"),
    path(EXPERT, experts.expert, name="expert"),
    path(f"{EXPERT}/remove", experts.remove, name="expert-remove"),
    path("changes/<int:change_id>/undo", changes.undo, name="change-undo"),
    path("figures.csv", page.lead_csv, name="lead-csv"),
]
