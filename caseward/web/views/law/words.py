"""Presets, stages and clocks in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from caseward.policy.legal.models import LegalPreset
from caseward.policy.legal.shapes import RECEIVED, Stage
from caseward.sla.models import ClockKind

JURISDICTIONS = {
    "AU": lazy("Australia"),
    "EU": lazy("European Union"),
    "GB": lazy("United Kingdom"),
    "IN": lazy("India"),
    "MY": lazy("Malaysia"),
    "SG": lazy("Singapore"),
    "US": lazy("United States"),
}
SHIPPED_BY = "Caseward"
GRADES = {
    "P": lazy("Primary source read"),
    "S": lazy("Secondary sources"),
    "K": lazy("Common knowledge, unverified"),
    "C": lazy("Sources contradict each other"),
}
EVENTS = {
    RECEIVED: lazy("the report comes in"),
    "acknowledged": lazy("receipt is confirmed"),
    "interim_applied": lazy("the content is blocked for now"),
    "status_notified": lazy("the reporter is told the status"),
    "decided": lazy("the report is found justified"),
    "dismissed": lazy("the report is dismissed"),
    "removed": lazy("the content is removed"),
    "restored": lazy("the content is restored"),
    "reporter_notified": lazy("the notice reaches the reporter"),
    "author_notified": lazy("the notice reaches the author"),
    "inquiry_received": lazy("a side asks for an inquiry"),
    "inquiry_answered": lazy("the inquiry is answered"),
    "agency_reported": lazy("it is reported to an authority"),
    "preservation_requested": lazy("an authority asks to preserve it"),
    "order_received": lazy("an order comes in"),
    "order_complied": lazy("the order is carried out"),
    "body_opened": lazy("an outside body takes it up"),
    "body_answered": lazy("the outside body decides"),
    "not_applicable": lazy("the law turns out not to apply"),
}
DISMISSALS = {
    "frivolous": lazy("Frivolous"),
    "vexatious": lazy("Vexatious"),
    "bad_faith": lazy("In bad faith"),
    "trivial": lazy("Trivial"),
    "duplicate": lazy("A duplicate"),
    "not_prima_facie": lazy("Not so on the face of it"),
    "not_identifiable": lazy("Nobody can be recognised"),
    "out_of_scope": lazy("Out of the law's scope"),
    "unfounded": lazy("Unfounded"),
    "withdrawn": lazy("Withdrawn"),
    "misuse": lazy("Misuse of the procedure"),
    "same_grounds_resolved": lazy("Decided before on the same grounds"),
    "not_illegal": lazy("Not illegal"),
    "incomplete": lazy("The notice is incomplete"),
    "no_suspicion": lazy("No suspicion"),
    "declarations_missing": lazy("Declarations are missing"),
    "not_intimate": lazy("Not an intimate image"),
    "not_found": lazy("The content was not found"),
    "age_not_shown": lazy("The age was not shown"),
    "request_invalid": lazy("The request is not valid"),
    "not_apparent": lazy("Not apparent"),
}


def long(value: int, unit: str) -> str:
    """Say how long a stage runs, such as `24 hours` or `15 calendar days`."""
    return {
        "minute": ngettext("%(n)d minute", "%(n)d minutes", value),
        "hour": ngettext("%(n)d hour", "%(n)d hours", value),
        "calendar_day": ngettext("%(n)d calendar day", "%(n)d calendar days", value),
        "business_day": ngettext("%(n)d business day", "%(n)d business days", value),
        "month": ngettext("%(n)d month", "%(n)d months", value),
        "year": ngettext("%(n)d year", "%(n)d years", value),
    }[unit] % {"n": value}


def kind(code: str) -> str:
    return str(ClockKind(code).label)


def stage(said: Stage) -> dict[str, str]:
    """Return a stage in words: what it is, how long, from when, until when, whose number."""
    either = _(" or ")
    return {
        "kind": kind(said.kind),
        "long": long(said.value, said.unit),
        "starts": either.join(str(EVENTS[event]) for event in said.starts),
        "stops": either.join(str(EVENTS[event]) for event in said.stops) or _("it has run out"),
        "number": _("Our own target; the law gives no number")
        if said.is_own_target
        else _("As the law says"),
    }


def checked(preset: LegalPreset, grade: str) -> str:
    """Say who compared a preset with the law; what came with Caseward nobody here has."""
    values = {"day": date_format(preset.last_verified_on, "j F Y"), "who": preset.verified_by}
    if not preset.verified_by.startswith(SHIPPED_BY):
        return _("Verified on %(day)s by %(who)s.") % values
    read = {
        "P": _("The text of the law was read for Caseward on %(day)s."),
        "K": _("Written for Caseward on %(day)s from common knowledge."),
    }.get(grade, _("Secondary sources were read for Caseward on %(day)s."))
    return f"{read % values} {_('Nobody in this operation has verified it yet.')}"


def dismissal(code: str) -> str:
    return str(DISMISSALS.get(code, code.replace("_", " ")))
