"""Pages: the desk, the lead's page, and what requesters see without signing in."""

from django.urls import include, path

urlpatterns = [
    path("", include("caseward.web.urls.entrance")),
    path("", include("caseward.web.urls.desk")),
    path("", include("caseward.web.urls.emergencies")),
    path("desk/bulk/", include("caseward.web.urls.bulk")),
    path("", include("caseward.web.urls.wellbeing")),
    path("floor/", include("caseward.web.urls.floor")),
    path("lead/", include("caseward.web.urls.lead")),
    path("lead/backlog/", include("caseward.web.urls.backlog")),
    path("lead/", include("caseward.web.urls.content")),
    path("lead/", include("caseward.web.urls.law")),
    path("lead/routing/", include("caseward.web.urls.routing")),
    path("sent-mail/", include("caseward.web.urls.sent_mail")),
    path("", include("caseward.web.urls.public")),
]
