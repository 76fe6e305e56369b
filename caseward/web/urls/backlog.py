"""Addresses of what waits: the backlog, campaigns, cases open for long."""

from django.urls import path

from caseward.web.views.lead import aged
from caseward.web.views.lead.backlog import page
from caseward.web.views.lead.campaigns import changing, pages

CAMPAIGN = "campaigns/<int:campaign_id>"

urlpatterns = [
    path("", page.backlog, name="backlog"),
    path("campaigns", pages.campaigns, name="campaigns"),
    path("campaigns/new", changing.new, name="campaign-new"),
    path(CAMPAIGN, pages.campaign, name="campaign"),
    path(f"{CAMPAIGN}/change", changing.change, name="campaign-change"),
    path(f"{CAMPAIGN}/pause", changing.pause, name="campaign-pause"),
    path(f"{CAMPAIGN}/resume", changing.resume, name="campaign-resume"),
    path(f"{CAMPAIGN}/stop", changing.stop, name="campaign-stop"),
    path(f"{CAMPAIGN}/restore", changing.restore, name="campaign-restore"),
    path("aged", aged.aged, name="aged"),
    path("aged/<slug:reference>", aged.review, name="case-review"),
]
