"""Addresses of missed promises and of the laws that start clocks."""

from django.urls import path

from caseward.web.views.law import misses, presets

urlpatterns = [
    path("misses", misses.misses, name="misses"),
    path("misses/explain", misses.explain, name="misses-explain"),
    path("misses/<int:clock_id>/take-back", misses.take_back, name="miss-take-back"),
    path("legal", presets.presets, name="laws"),
    path("legal/<slug:key>", presets.preset, name="law"),
    path("legal/<slug:key>/ask", presets.ask, name="law-ask"),
    path("legal/<slug:key>/decide", presets.decide, name="law-decide"),
    path("legal/<slug:key>/verify", presets.verify, name="law-verify"),
    path("legal/<slug:key>/edit", presets.edit, name="law-edit"),
]
