"""Rules and what trying them showed, in words of the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caseward.ledger.models import Event
from caseward.org import queries as org
from caseward.org.models import Language, Skill
from caseward.policy.models import Reason
from caseward.routing import queries as routing
from caseward.routing.rules.checking import Problem
from caseward.routing.rules.content import Need, Overflow
from caseward.web.languages import data_language
from caseward.web.look import brief
from caseward.web.views.lead.words import percent
from caseward.web.views.routing import limits


@dataclass(frozen=True, slots=True)
class Names:
    """What keys and ids are called."""

    lines: dict[str, str]
    vendors: dict[str, str]
    reasons: dict[tuple[str, str], str]

    def line(self, key: str) -> str:
        return self.lines.get(key, key)

    def vendor(self, key: str) -> str:
        return self.vendors.get(key, key)

    def reason(self, line: str, key: str) -> str:
        return self.reasons.get((line, key), key)


def names() -> Names:
    language = data_language()
    lines = org.lines_of_business()
    reasons = Reason.objects.select_related("lob").filter(lob__in=lines)
    return Names(
        lines={lob.key: lob.name_in(language) for lob in lines.values()},
        vendors={vendor.key: vendor.name for vendor in org.vendors().values()},
        reasons={(reason.lob.key, reason.key): reason.name_in(language) for reason in reasons},
    )


def share(share: float | None) -> str:
    return _("none") if share is None else f"{percent(share)} %"


def need(one: Need | None) -> str:
    """Say what somebody must bring to a case."""
    if one is None or one == Need():
        return _("nothing in particular")
    parts = [certification(one.certification)] if one.certification else []
    if one.language_level > 1:
        level = Skill.Level(one.language_level).label
        parts.append(_("in the language: %(level)s") % {"level": level})
    return ", ".join(parts)


def certification(key: str) -> str:
    """Say what a certification is called: people give them names such as `child-safety`."""
    return _("certified in %(what)s") % {"what": key.replace("-", " ")}


def subject(key: str) -> str:
    """Say what a certification is about, as a heading or a choice has it."""
    return key.replace("-", " ").capitalize()


def overflow(rule: Overflow | None, called: Names) -> str:
    """Say where waiting work goes, and when."""
    if rule is None:
        return _("none")
    return _("From %(from)s to %(to)s when %(conditions)s; %(count)s at a time") % {
        "from": _whose(rule.from_tier, rule.from_vendor, called, rule),
        "to": _whose(rule.to_tier, rule.to_vendor, called),
        "conditions": _(" and ").join(_conditions(rule)),
        "count": rule.at_a_time,
    }


def _whose(tier: int, vendor: str, called: Names, rule: Overflow | None = None) -> str:
    parts = [called.vendor(vendor) if vendor else _("Tier %(tier)s") % {"tier": tier}]
    if rule and rule.from_line:
        parts.append(called.line(rule.from_line))
    if rule and rule.from_language:
        parts.append(str(Language(rule.from_language).label))
    return " · ".join(parts)


def _conditions(rule: Overflow) -> list[str]:
    found = []
    if rule.waiting_over is not None:
        found.append(_("more than %(count)s wait") % {"count": rule.waiting_over})
    if rule.oldest_over_minutes is not None:
        span = brief(timedelta(minutes=rule.oldest_over_minutes))
        found.append(_("the oldest has waited over %(span)s") % {"span": span})
    if rule.at_risk_over is not None:
        share = percent(rule.at_risk_over)
        found.append(_("over %(share)s %% are due within the hour") % {"share": share})
    if rule.while_closed:
        sites = {site.key: site.name for site in org.sites().values()}
        site = sites.get(rule.while_closed, rule.while_closed)
        found.append(_("%(site)s is closed") % {"site": site})
    return found or [_("always")]


def mode(*, is_pushing: bool) -> str:
    return _("cases are offered") if is_pushing else _("agents take the next case")


def queue_name(queue_id: int, *, with_line: bool = True) -> str:
    """Name a queue by its line of business, language, and whose it is."""
    queue = routing.queues().get(queue_id)
    if queue is None:
        return str(queue_id)
    vendor = org.vendors().get(queue.vendor_id or 0)
    line = org.lines_of_business().get(queue.lob_id)
    parts = [
        line.name_in(data_language()) if line and with_line else "",
        str(Language(queue.language).label),
        vendor.name if vendor else _("Tier %(tier)s") % {"tier": queue.tier},
    ]
    return " · ".join(part for part in parts if part)


def problems(found: Iterable[Problem], called: Names) -> list[dict[str, Any]]:
    """Return each problem as a sentence, with the case that shows it."""
    found = list(found)
    references = _references({one.case_id for one in found if one.case_id})
    return [
        {"text": _problem(one, called), "reference": references.get(one.case_id or 0, "")}
        for one in found
    ]


def _references(case_ids: set[int]) -> dict[int, str]:
    opened = Event.objects.filter(kind="case.opened", case_id__in=case_ids)
    return dict(opened.values_list("case_id", "data__reference"))


def _problem(one: Problem, called: Names) -> str:
    values = {
        "line": called.line(one.line),
        "vendor": called.vendor(one.key),
        "reason": called.reason(one.line, one.key) if one.key else called.line(one.line),
        "language": Language(one.language).label if one.language else "",
        "share": percent(one.load),
        "times": number_format(one.load, decimal_pos=1, use_l10n=True),
        "key": one.key,
        "channel": limits.channel(one.key) if one.code == "never_fits" else "",
        "units": limits.units(one.load),
        "queue": queue_name(int(one.key)) if one.code == "holds_for_ever" else "",
    }
    return str(_PROBLEMS[one.code]) % values


_PROBLEMS = {
    "shares_above_one": gettext_lazy(
        "The shares of %(line)s add up to %(share)s %%. Lower one of them: together they may not "
        "pass 100 %%."
    ),
    "share_out_of_range": gettext_lazy(
        "The share of %(vendor)s in %(line)s must be above 0 and at most 100 %%."
    ),
    "overflow_always": gettext_lazy("Overflow rule %(key)s needs at least one condition."),
    "overflow_nowhere": gettext_lazy("Overflow rule %(key)s leads back to where the cases wait."),
    "overflow_circle": gettext_lazy(
        "Overflow rules %(key)s would pass the same cases to and fro. Narrow one of them."
    ),
    "nobody_may": gettext_lazy(
        "Nobody could take %(reason)s in %(language)s. Ask for less, or give somebody what it "
        "needs first."
    ),
    "starves": gettext_lazy(
        "%(reason)s in %(language)s would starve: last week's work takes %(times)s times the "
        "hours of everybody who could do it."
    ),
    "never_fits": gettext_lazy(
        "No case of %(channel)s would ever fit: it takes %(units)s, and nobody holds so much. Let "
        "people hold more of it, or let a case take less."
    ),
    "holds_for_ever": gettext_lazy(
        "%(queue)s would never let go of what can wait: somebody's shift is always about to "
        "begin. Hold back for a shorter time."
    ),
}


def waited(seconds: float | None) -> str:
    if seconds is None:
        return _("still waiting at the end")
    return brief(timedelta(seconds=seconds)) if seconds >= 60 else _("under a minute")
