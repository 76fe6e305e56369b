"""Requests for help on a case, and those that wait for somebody."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import Case, HelpRequest
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for

MOST_SHOWN = 10


def on_case(case: Case, reader: StaffMember, *, now: datetime) -> list[dict[str, Any]]:
    """Return the open questions about a case, oldest first; answers are notes on it."""
    running = case.help_requests.filter(state=HelpRequest.State.OPEN)
    asked = running.select_related("asked_by", "to_staff").order_by("pk")[:MOST_SHOWN]
    mine = set(running.filter(access.asked_to_help(reader)).values_list("pk", flat=True))
    return [shown(each, reader, now=now, is_for_me=each.pk in mine) for each in asked]


def shown(
    request: HelpRequest, reader: StaffMember, *, now: datetime, is_for_me: bool
) -> dict[str, Any]:
    by = request.asked_by
    return {
        "id": request.pk,
        "question": request.question,
        "by": name_for(reader, staff_id=request.asked_by_id, name=by.name if by else ""),
        "to": to_whom(request, reader),
        "at": request.asked_at,
        "when": moments.moment(request.asked_at, now=now),
        "can_answer": is_for_me and request.asked_by_id != reader.pk,
        "can_decline": is_for_me and request.to_staff_id == reader.pk,
        "can_withdraw": request.asked_by_id == reader.pk,
    }


def to_whom(request: HelpRequest, reader: StaffMember) -> str:
    if request.to_staff_id:
        name = request.to_staff.name if request.to_staff else ""
        return name_for(reader, staff_id=request.to_staff_id, name=name)
    line = org.lines_of_business()[request.to_lob_id or 0]
    words = {"line": named(line), "language": Language(request.to_language).label}
    return _("In-house: %(line)s, %(language)s") % words
