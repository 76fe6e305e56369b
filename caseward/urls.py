"""Every address of Caseward."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("caseward.api.urls")),
    path("", include("caseward.jobs.urls")),
    path("", include("caseward.web.urls")),
]
