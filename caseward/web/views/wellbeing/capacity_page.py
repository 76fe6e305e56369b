"""What the page of limits met shows: incidents, one's requests, and sums over enough people."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services import overriding
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.wellbeing import words
from caseward.wellbeing import consents, queries
from caseward.wellbeing.consents import MAY_ASK, Asked
from caseward.wellbeing.queries import Sums

LATELY = timedelta(days=7)
MOST = 50


def shown(reader: StaffMember, now: datetime) -> dict[str, Any]:
    may_ask = reader.role in MAY_ASK
    running = overriding.open_incidents(reader)[:MOST]
    return {
        "incidents": [_running(one, reader, now, may_ask=may_ask) for one in running],
        "ended": [_ended(one, now) for one in _lately(reader, now)],
        "may_ask": may_ask,
        "asked": _asked(reader, now),
        "sums": [_sum(row) for row in queries.sums(now)],
    }


def _lately(reader: StaffMember, now: datetime) -> list[CapacityIncident]:
    seen = CapacityIncident.objects.filter(queue__lob_id__in=access.lobs_of(reader))
    return list(seen.filter(ended_at__gt=now - LATELY).order_by("-ended_at", "-pk")[:MOST])


def _running(
    incident: CapacityIncident, reader: StaffMember, now: datetime, *, may_ask: bool
) -> dict[str, Any]:
    due, free = incident.due_at, incident.free_at
    assert incident.case is not None  # one that runs names the most urgent case
    return {
        **_named(incident, now),
        "id": incident.pk,
        "reference": incident.case.reference,
        "free": moments.due(free, now=now) if free and free > now else "",
        "is_too_late": bool(due and (due <= now or free is None or due < free)),
        "people": overriding.who_could_be_asked(incident, by=reader) if may_ask else [],
    }


def _ended(incident: CapacityIncident, now: datetime) -> dict[str, Any]:
    assert incident.ended_at is not None  # only ended ones are asked for
    lasted = incident.ended_at - incident.opened_at
    return {**_named(incident, now), "lasted": lasted, "is_overrun": incident.is_overrun}


def _named(incident: CapacityIncident, now: datetime) -> dict[str, Any]:
    queue = routing.queues()[incident.queue_id]
    vendor = org.vendors().get(queue.vendor_id or 0)
    return {
        "lob": named(org.lines_of_business()[queue.lob_id]),
        "language": Language(queue.language).label,
        "who": vendor.name if vendor else _("Tier 2"),
        "severity": incident.severity,
        "category": words.category(incident.category) if incident.category else "",
        "cases": incident.cases,
        "caps": words.caps(incident.caps),
        "due": moments.due(incident.due_at, now=now) if incident.due_at else "",
        "since": moments.moment(incident.opened_at, now=now),
    }


def _asked(reader: StaffMember, now: datetime) -> list[dict[str, Any]]:
    asked = consents.asked_by(reader, since=now - LATELY)
    cases = dict(
        Case.objects.filter(pk__in=[one.case_id for one in asked]).values_list("pk", "reference")
    )
    people = StaffMember.objects.in_bulk([one.staff_id for one in asked])
    return [
        {
            "reference": cases.get(one.case_id, ""),
            "who": people[one.staff_id].name,
            "when": moments.moment(one.asked_at, now=now),
            "state": _state(one, now),
        }
        for one in asked
    ]


def _state(asked: Asked, now: datetime) -> str:
    if asked.agreed_at:
        return _("Agreed")
    return _("No answer yet") if asked.expires_at > now else _("Ended without an answer")


def _sum(row: Sums) -> dict[str, Any]:
    vendor = org.vendors().get(row.employer or 0)
    employer = vendor.name if vendor else _("In-house")
    return {
        "who": _("Everybody") if row.employer is None else employer,
        "people": row.people,
        "a_day": number_format(row.minutes / row.shifts, 0) if row.shifts else "0",
        "kept": _("%(share)s %%") % {"share": number_format(100 * row.kept_share, 1)},
    }
