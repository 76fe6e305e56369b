"""Template tags of the pages for macros, playbooks and rules."""

from django import template

from caseward.web.views.lead.words import percent

register = template.Library()
register.filter("percent", percent)
