"""What every page needs around its own content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from caseward.casework.at_desk import AtDesk
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.web.areas import areas
from caseward.web.live.address import live_url
from caseward.web.look import initials
from caseward.web.views.desk.showing.doing import doing
from caseward.web.views.desk.team_messages import Shown, unread


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a signed-in page, worked out only when a template shows it."""
    staff = getattr(request, "user", None)
    if not isinstance(staff, StaffMember):
        return {}
    return {
        "nav_items": SimpleLazyObject(lambda: _nav_items(staff, request.path)),
        "areas": SimpleLazyObject(lambda: areas(staff, request.path)),
        "live_url": SimpleLazyObject(lambda: live_url(request)),
        "me": SimpleLazyObject(lambda: _me(staff)),
        "team_messages": SimpleLazyObject(lambda: _team_messages(request, staff)),
        "notice_count": SimpleLazyObject(lambda: _at_desk(request).unread_notices),
        "takes_cases": SimpleLazyObject(lambda: bool(routing.queues_for(staff.pk))),
        "doing": SimpleLazyObject(lambda: _doing(request, staff)),
    }


def _at_desk(request: HttpRequest) -> AtDesk:
    found: AtDesk = request.at_desk  # type: ignore[attr-defined]  # see `SaysWhoActs`
    return found


def _team_messages(request: HttpRequest, staff: StaffMember) -> list[Shown]:
    return unread(staff, timezone.now()) if _at_desk(request).has_messages else []


def _doing(request: HttpRequest, staff: StaffMember) -> dict[str, Any]:
    return doing(staff, _at_desk(request).availability, now=timezone.now())


def _me(staff: StaffMember) -> dict[str, str]:
    employer = staff.vendor.name if staff.vendor else _("In-house")
    site = org.sites().get(staff.site_id or 0)
    places = [staff.get_role_display(), employer, site.name if site else ""]
    return {
        "name": staff.name,
        "initials": initials(staff.name),
        "role": " · ".join(place for place in places if place),
    }


def _nav_items(staff: StaffMember, path: str) -> list[dict[str, Any]]:
    found = [("my-cases", _("Mine"), "inbox", "g m")]
    if routing.queues_for(staff.pk):
        found.append(("queues", _("Queues"), "list-todo", "g q"))
    if not staff.vendor_id:
        found.append(("tier-2", _("Tier 2"), "layers", "g e"))
        found.append(("sent-mails", _("Sent mail"), "send", "g s"))
    if staff.leads_people:
        found.append(("unfinished", _("All cases"), "folder-open", "g a"))
        found.append(("floor", _("Floor"), "users", "g l"))
        found.append(("lead", _("Lead"), "gauge", "g f"))
    elif not staff.vendor_id:
        found.append(("macros", _("Macros"), "message-square-text", "g o"))
    items = [_nav_item(*area, path=path) for area in found]
    here = max((item["url"] for item in items if item["is_current"]), key=len, default="")
    return [{**item, "is_current": item["url"] == here} for item in items]


def _nav_item(name: str, label: str, icon: str, key: str, *, path: str) -> dict[str, Any]:
    url = reverse(name)
    is_current = path == url if name == "my-cases" else path.startswith(url)
    return {"url": url, "label": label, "icon": icon, "key": key, "is_current": is_current}
