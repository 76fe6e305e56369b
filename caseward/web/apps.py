from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "caseward.web"
