"""Whom filters are shared with, in words; and which shared ones somebody can open."""

from django.utils.translation import gettext as _

from caseward.casework.services.saving_filters import NOBODY_ELSE, Audience, audiences_of
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.views.desk.whence import list_at


def share_options(staff: StaffMember) -> list[tuple[str, str]]:
    """Return whom somebody may share a filter with; empty for those who share with nobody."""
    found = audiences_of(staff)
    return [("", _("Only me")), *((str(each), _words(each)) for each in found)] if found else []


def _words(audience: Audience) -> str:
    if audience == NOBODY_ELSE:
        return _("Only me")
    if audience.team_id:
        return _("Team %(name)s") % {"name": org.teams()[audience.team_id].name}
    assert audience.lob_id is not None
    name = named(org.lines_of_business()[audience.lob_id])
    return _("%(name)s, in-house") % {"name": name}


def can_open(staff: StaffMember, address: str) -> bool:
    """Say whether the list of a shared filter is one that somebody may open."""
    match = list_at(address)
    if match is None:
        return False
    own = routing.queues_for(staff.pk)
    return {
        "tier-2": staff.vendor_id is None,
        "unfinished": staff.leads_people,
        "queues": bool(own),
        "queue": match.kwargs.get("queue_id") in own,
    }.get(match.url_name or "", True)
