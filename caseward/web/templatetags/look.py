"""The functions of `caseward.web.look` for Django's templates."""

from django import template

from caseward.web import look

register = template.Library()
register.simple_tag(look.icon)
register.simple_tag(look.mark)
register.filter(look.brief)
register.filter(look.initials)


@register.filter
def status_icon(status: str) -> str:
    """Return the name of the icon that stands for a case's status."""
    return look.STATUS_ICONS[status]


@register.filter
def clock_icon(state: str) -> str:
    """Return the name of the icon that stands for a clock's state."""
    return look.CLOCK_ICONS[state]
