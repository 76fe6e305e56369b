"""The one address of this package."""

from django.urls import path

from caseward.jobs.health.views import health

urlpatterns = [path("healthz", health, name="health")]
