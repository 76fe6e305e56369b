"""What a lead's pages are, in groups: the list beside each of them."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caseward.casework.access import MOVES_ANY_CASE
from caseward.casework.emergency.on_call import uncovered_rotas
from caseward.org.models import StaffMember
from caseward.policy.legal.queries import stale_presets

PREFIX = "/lead/"
FOR_WHO_MOVES_CASES = frozenset({"campaigns", "aged"})

GROUPS = (
    (
        _("How we are doing"),
        (
            ("lead", _("Figures"), "gauge", ""),
            ("misses", _("Missed promises"), "timer", "g z"),
            ("lead-escalations", _("Escalations"), "layers", ""),
            ("capacity", _("Caps and deadlines"), "shield-alert", ""),
        ),
    ),
    (
        _("Work"),
        (
            ("backlog", _("Backlog"), "archive", "g b"),
            ("campaigns", _("Campaigns"), "flag", ""),
            ("aged", _("Aged cases"), "hourglass", ""),
            ("bulk-actions", _("Bulk actions"), "list-todo", ""),
            ("incidents", _("Incidents"), "zap", ""),
            ("emergencies", _("Emergencies"), "triangle-alert", ""),
            ("on-call", _("On call and experts"), "bell", ""),
        ),
    ),
    (
        _("What we say and do"),
        (
            ("macros", _("Macros"), "message-square-text", ""),
            ("playbooks", _("Playbooks"), "book-open", ""),
            ("note-templates", _("Templates"), "sticky-note", ""),
            ("crisis", _("Crisis help"), "phone", ""),
        ),
    ),
    (
        _("Rules"),
        (
            ("routing-rules", _("Routing"), "merge", ""),
            ("automations", _("Automations"), "play", ""),
            ("laws", _("Laws"), "file-text", ""),
        ),
    ),
)


def areas(staff: StaffMember, path: str) -> list[dict[str, Any]]:
    """Return the groups of links beside a lead's page; none beside any other."""
    if not staff.leads_people or not path.startswith(PREFIX):
        return []
    groups = [
        {"title": title, "links": [_link(*area) for area in group if _is_for(staff, area[0])]}
        for title, group in GROUPS
    ]
    links: list[dict[str, Any]] = [link for group in groups for link in _links(group)]
    here = max((link["url"] for link in links if path.startswith(link["url"])), key=len)
    for link in links:
        link["is_current"] = link["url"] == here
        link["alarm"] = _alarm(link["name"], staff)
    return groups


def _alarm(name: str, staff: StaffMember) -> dict[str, Any] | None:
    """Return how much of a page waits for somebody who should act, and what that is."""
    if staff.vendor_id:
        return None
    if name == "on-call":
        count = uncovered_rotas(timezone.now())
        return {"count": count, "says": gettext("rotas with nobody on call now")} if count else None
    if name != "laws":
        return None
    stale = len(stale_presets(today=timezone.localdate()))
    says = gettext("switched on, to be compared with the law again")
    return {"count": stale, "says": says} if stale else None


def _is_for(staff: StaffMember, name: str) -> bool:
    return name not in FOR_WHO_MOVES_CASES or staff.role in MOVES_ANY_CASE


def _links(group: dict[str, Any]) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = group["links"]
    return links


def _link(name: str, label: Any, icon: str, key: str) -> dict[str, Any]:
    return {"name": name, "url": reverse(name), "label": label, "icon": icon, "key": key}
