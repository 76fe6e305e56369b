"""The turns a case took on its way to people, each with its reasons in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said
from django.utils.translation import ngettext

from caseward.casework import explaining
from caseward.casework.models import Case
from caseward.ledger.models import Event
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.views.desk.showing import matching, moments, ranking
from caseward.web.views.desk.showing.colleagues import name_for

HOW = {
    "next": said("%(name)s asked for the next case and got it."),
    "campaign": said("%(name)s asked for the next case; it is one of a campaign they help with."),
    "chosen": said("%(name)s chose it."),
    "assigned": said("It was given to %(name)s by hand."),
    "offered": said("It was offered to %(name)s, who accepted."),
}
SAID = {
    "case.opened": said("It began to wait in %(queue)s."),
    "case.released": said("It was given back to its queue."),
    "case.moved": said("It was moved from %(from)s to %(queue)s."),
    "case.transferred": said("It was transferred: %(why)s"),
    "case.escalated": said("It was escalated to tier 2."),
    "escalation.accepted": said("Escalation accepted"),
    "escalation.rerouted": said("Escalation sent on: %(why)s"),
    "escalation.returned": said("Tier 2 returned it."),
    "case.reopened": said("Reopened"),
    "case.resumed": said("Open again, clocks run on"),
    "case.unmerged": said("Merge undone"),
    "emergency.acknowledged": said("Emergency taken"),
    "emergency.taken_back": said("False alarm: all is as it was"),
    "case.snoozed": said("It was snoozed: %(why)s"),
    "case.woken": said("It waited again."),
    "offer.made": said("It was offered to %(name)s."),
    "offer.accepted": said("%(name)s accepted."),
    "offer.declined": said("%(name)s left it to somebody else."),
    "offer.timed_out": said("%(name)s did not answer in time."),
    "offer.withdrawn": said("The offer to %(name)s was withdrawn."),
}
BECAUSE = {
    "OVERFLOW": said("Its queue could not keep up (overflow rule %(rule)s)."),
    "VENDOR_OFF": said("Its vendor was switched off."),
}


def turns(case: Case, reader: StaffMember, *, now: datetime) -> list[dict[str, Any]]:
    """Return what decided who has a case, oldest first."""
    return [_turn(event, reader, now) for event in explaining.turns_of(case)]


def _turn(event: Event, reader: StaffMember, now: datetime) -> dict[str, Any]:
    why = event.data.get("why")
    reasons = why if isinstance(why, dict) else {}
    terms = ranking.told(reasons, of_people=_is_of_people(event))
    return {
        "at": event.at,
        "when": moments.moment(event.at, now=now),
        "what": _sentence(event) % _words(event, reader),
        "because": _because(event, reasons),
        "chosen_from": _chosen_from(event, reasons),
        "ranked": ranking.in_words(terms),
        "parts": ranking.parts(terms, reasons.get("weights", {})),
        "passed_over": matching.passed_over(reasons.get("refused", {})),
        "is_of_people": _is_of_people(event),
    }


def _sentence(event: Event) -> str:
    if event.kind == "case.assigned":
        return _(HOW[event.data["how"]]) if event.data.get("how") in HOW else _(HOW["assigned"])
    return _(SAID[event.kind])


def _words(event: Event, reader: StaffMember) -> dict[str, str]:
    data = event.data
    name = name_for(reader, staff_id=data.get("to_id"), name=str(data.get("to_name", "")))
    return {
        "name": name,
        "queue": queue_named(data.get("to_queue_id") or data.get("queue_id"), reader),
        "from": queue_named(data.get("from_queue_id"), reader),
        "why": str(data.get("why", "")),
    }


def _because(event: Event, reasons: dict[str, Any]) -> str:
    if reasons.get("override"):
        return _("A lead passed over a rule: %(why)s") % {"why": reasons["override"]}
    why, note = event.data.get("why"), event.data.get("note")
    if event.kind == "case.moved" and isinstance(why, str) and why:
        return _(BECAUSE[why]) % {"rule": event.data.get("rule", "")} if why in BECAUSE else why
    return str(note or "")


def _chosen_from(event: Event, reasons: dict[str, Any]) -> str:
    """Say how many a choice was made from: of cases for who asks, of people for an offer."""
    count = reasons.get("of")
    if not count:
        return ""
    if _is_of_people(event):
        return ngettext(
            "Chosen from %(count)d person who could have it.",
            "Chosen from %(count)d people who could have it.",
            count,
        ) % {"count": count}
    return ngettext(
        "Chosen from %(count)d case at the head of their queues.",
        "Chosen from %(count)d cases at the head of their queues.",
        count,
    ) % {"count": count}


def _is_of_people(event: Event) -> bool:
    """Say whether a person was chosen for a case, rather than a case for a person."""
    return event.kind == "offer.made" or event.data.get("how") == "offered"


def queue_named(queue_id: int | None, reader: StaffMember) -> str:
    """Return a queue's name as a reader may know it: another vendor's has none."""
    queue = routing.queues().get(queue_id or 0)
    if queue is None:
        return _("another queue")
    lob = named(org.lines_of_business()[queue.lob_id])
    language = Language(queue.language).label
    if queue.tier == 2:
        return _("tier 2, %(lob)s, %(language)s") % {"lob": lob, "language": language}
    if reader.vendor_id not in {None, queue.vendor_id}:
        return _("another queue")
    vendor = org.vendors()[queue.vendor_id or 0].name
    return _("%(vendor)s, %(lob)s, %(language)s") % {
        "vendor": vendor,
        "lob": lob,
        "language": language,
    }
