from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "caseward.automation"
