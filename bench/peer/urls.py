"""Where django-helpdesk's links lead; it needs them to write its answers."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
