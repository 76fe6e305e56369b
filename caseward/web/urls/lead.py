"""Addresses of lead pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
