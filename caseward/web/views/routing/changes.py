"""What a set of rules changes, rule by rule, in words."""

from typing import Any

from django.utils.translation import gettext as _

from caseward.routing.rules.content import Difference
from caseward.web.views.routing import limits, words
from caseward.web.views.routing.words import Names


def difference(one: Difference, called: Names) -> dict[str, str]:
    """Return what a change is about, and the rule before and after."""
    return {
        "about": _about(one, called),
        "before": _said(one, one.before, called),
        "after": _said(one, one.after, called),
    }


def _about(one: Difference, called: Names) -> str:
    match one.about:
        case "share":
            line, vendor = called.line(one.key[0]), called.vendor(one.key[1])
            return _("Share of %(line)s for %(vendor)s") % {"line": line, "vendor": vendor}
        case "need":
            return f"{called.line(one.key[0])} · {called.reason(*one.key)}"
        case "overflow":
            return _("Overflow rule %(key)s") % {"key": one.key[0]}
        case "room":
            return _("What somebody holds: %(channel)s") % {"channel": limits.channel(one.key[0])}
        case "weight":
            return _("What counts: %(part)s") % {"part": limits.PARTS[one.key[0]].label}
    return words.queue_name(int(one.key[0]))


def _said(one: Difference, rule: Any, called: Names) -> str:
    match one.about:
        case "share":
            return words.share(rule)
        case "need":
            return words.need(rule)
        case "overflow":
            return words.overflow(rule, called)
        case "room":
            return limits.room(rule, one.key[0])
        case "weight":
            return limits.worth(one.key[0], rule)
        case "hold_back":
            return limits.hold_back(rule)
    return words.mode(is_pushing=rule)
