"""Addresses of public pages."""

from django.urls import path
from django.views.i18n import set_language

from caseward.web.views.public import contact, declining, following, rating

urlpatterns = [
    path("language", set_language, name="set_language"),
    path("help/", contact.topics, name="help"),
    path("help/sent/<str:token>", contact.sent, name="help-sent"),
    path("help/<slug:lob>/", contact.form, name="help-form"),
    path("status/<str:token>", following.status, name="status"),
    path("status/<str:token>/link", following.new_link, name="status-link"),
    path("status/<str:token>/files/<int:number>", following.file, name="status-file"),
    path("survey/<str:token>", rating.survey, name="survey"),
    path("survey/<str:token>/stop", declining.no_surveys, name="survey-stop"),
]
