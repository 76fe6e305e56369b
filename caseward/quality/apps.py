from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "caseward.quality"
