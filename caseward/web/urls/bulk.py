"""Addresses of acting on many cases."""

from django.urls import path

from caseward.web.views.desk.bulk import pages

urlpatterns = [
    path("", pages.bulk_actions, name="bulk-actions"),
    path("<int:action_id>", pages.bulk_action, name="bulk-action"),
    path("<int:action_id>/decide", pages.decide, name="bulk-decide"),
    path("<int:action_id>/start", pages.start, name="bulk-start"),
    path("<int:action_id>/cancel", pages.cancel, name="bulk-cancel"),
    path("<int:action_id>/undo", pages.undo, name="bulk-undo"),
    path("<int:action_id>/cases", pages.cases, name="bulk-cases"),
]
