"""Addresses of the rules of routing."""

from django.urls import path

from caseward.web.views.routing import overview, proposing, trial

urlpatterns = [
    path("", overview.rules, name="routing-rules"),
    path("propose", proposing.propose, name="routing-propose"),
    path("<int:rule_set_id>", trial.rule_set, name="routing-rule-set"),
    path("<int:rule_set_id>/<slug:verb>", trial.act, name="routing-rule-set-act"),
]
