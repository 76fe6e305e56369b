"""How small things look, for templates of either engine: icons, spans of time, languages."""

from datetime import timedelta
from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

STATUS_ICONS = {
    "NEW": "sparkles",
    "OPEN": "circle-dot",
    "PENDING": "hourglass",
    "ESCALATED": "layers",
    "RESOLVED": "check",
    "CLOSED": "archive",
    "REOPENED": "rotate-ccw",
}
CLOCK_ICONS = {
    "RUNNING": "timer",
    "AT_RISK": "timer",
    "MISSED": "circle-alert",
    "PAUSED": "pause",
    "MET": "check",
}

PRIORITY_CODES = {1: "URGENT", 2: "HIGH", 3: "NORMAL", 4: "LOW"}
PRIORITY_LABELS = {1: _lazy("Urgent"), 2: _lazy("High"), 3: _lazy("Normal"), 4: _lazy("Low")}


@cache
def icon(name: str) -> SafeString:
    """Return a decorative icon; what it means must also be said in words."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("vendor/lucide/sprite.svg"),
        name,
    )


@cache
def mark() -> SafeString:
    """Return Caseward's mark."""
    return format_html(
        '<svg viewBox="0 0 32 32" aria-hidden="true"><use href="{}#mark"/></svg>',
        static("img/mark.svg"),
    )


def brief(span: timedelta) -> str:
    """Say a span in two units at most: 3d 4h, 2h 05m, 12m; a minus sign when it is over."""
    minutes = int(abs(span).total_seconds() // 60)
    sign = "\u2212" if span < timedelta(0) else ""
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = {"sign": sign, "days": days, "hours": hours, "minutes": minutes}
    if days:
        return _("%(sign)s%(days)dd %(hours)dh") % parts
    if hours:
        return _("%(sign)s%(hours)dh %(minutes)02dm") % parts
    return _("%(sign)s%(minutes)dm") % parts


def age(span: timedelta) -> str:
    """Say how old something is in one unit: 3d, 21h, 12m."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 24 * 60:
        return _("%(days)dd") % {"days": minutes // (24 * 60)}
    if minutes >= 60:
        return _("%(hours)dh") % {"hours": minutes // 60}
    return _("%(minutes)dm") % {"minutes": max(0, minutes)}


def initials(name: str) -> str:
    """Return at most two letters to stand for a name."""
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(letters[:1] + letters[1:][-1:]).upper()
