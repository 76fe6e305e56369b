"""The lists beside every list, each with how many cases it holds and how many are late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.listing import (
    AT_MOST,
    Pile,
    Size,
    count_escalated,
    sizes_in_hands,
    sizes_of_each,
    sizes_of_queues,
)
from caseward.casework.services.saving_filters import filters_for
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Queue
from caseward.web.languages import named
from caseward.web.views.desk import days
from caseward.web.views.desk.audiences import can_open

NEWS_FOR = timedelta(days=1)  # how long a verdict stands out
LOB_ICONS = {
    "account-security": "shield",
    "age-support": "user-check",
    "minor-safety": "shield-alert",
    "platform-integrity": "flag",
}

type Links = list[dict[str, Any]]


def lists(staff: StaffMember, *, now: datetime, current: str) -> list[dict[str, Any]]:
    """Return the lists of somebody, in groups."""
    groups = [
        (_("Mine"), _own(staff, now)),
        *_queues(staff, now),
        (_("Everything"), _led(staff, now)),
        *_saved(staff),
    ]
    path = current.partition("?")[0]
    saved = [link for _title, links in groups[-2:] for link in links]
    saved_is_current = any(link["url"] == current for link in saved)
    for _title, links in groups:
        for link in links:
            link["is_current"] = link["url"] == (current if saved_is_current else path)
    return [{"title": title, "links": links} for title, links in groups if links]


def _link(url: str, label: str, icon: str, size: Size | None = None) -> dict[str, Any]:
    return {
        "url": url,
        "label": label,
        "icon": icon,
        "count": _number(size.cases) if size else "",
        "late": _number(size.late) if size and size.late else "",
    }


def _number(count: int) -> str:
    shown = number_format(min(count, AT_MOST), use_l10n=True, force_grouping=True)
    return f"{shown}+" if count > AT_MOST else str(shown)


def _own(staff: StaffMember, now: datetime) -> Links:
    piles = [
        Pile.in_hands(staff),
        Pile.held(staff),
        Pile.snoozed(staff),
        Pile.finished(staff, since=days.began_at(now)),
    ]
    open_, pending, snoozed, resolved = sizes_in_hands(piles, by=staff, now=now)
    return [
        _link(reverse("my-cases"), _("My open cases"), "inbox", open_),
        _link(reverse("my-pending"), _("Waiting for the requester"), "hourglass", pending),
        _link(reverse("my-snoozed"), _("Snoozed"), "clock", snoozed),
        *_escalated(staff, now),
        _link(reverse("my-resolved"), _("Resolved today"), "check", Size(resolved.cases, 0)),
        _link(reverse("help-wanted"), _("Help wanted"), "users"),
    ]


def _escalated(staff: StaffMember, now: datetime) -> Links:
    """Return what tier 1 handed over: how much is not judged, and how much was lately."""
    if staff.tier != 1:
        return []
    running, judged = count_escalated(staff, since=now - NEWS_FOR)
    link = _link(reverse("my-escalations"), _("Escalated by me"), "layers", Size(running, 0))
    return [{**link, "fresh": _number(judged) if judged else ""}]


def _queues(staff: StaffMember, now: datetime) -> list[tuple[str, Links]]:
    """Return the queues somebody takes from, by line of business."""
    known = routing.queues()
    own = sorted((known[pk] for pk in routing.queues_for(staff.pk)), key=_place)
    if not own:
        return []
    sizes = sizes_of_each(Pile.waiting(queue.pk for queue in own), by=staff, now=now)
    everything = sum(sizes, start=Size(0, 0))
    groups = [
        (_("Queues"), [_link(reverse("queues"), _("All my queues"), "list-todo", everything)])
    ]
    sized = zip(own, sizes, strict=True)
    for lob_id, same_lob in groupby(sized, key=lambda pair: pair[0].lob_id):
        lob = org.lines_of_business()[lob_id]
        groups.append((named(lob), [_queue(queue, size) for queue, size in same_lob]))
    return groups


def _place(queue: Queue) -> tuple[int, int]:
    return list(org.lines_of_business()).index(queue.lob_id), queue.pk


def _queue(queue: Queue, size: Size) -> dict[str, Any]:
    icon = LOB_ICONS.get(org.lines_of_business()[queue.lob_id].key, "folder-open")
    return _link(reverse("queue", args=[queue.pk]), str(Language(queue.language).label), icon, size)


def _led(staff: StaffMember, now: datetime) -> Links:
    """Return what in-house people see of everybody's unfinished cases, by line of business."""
    if staff.vendor_id:
        return []
    lobs = [lob for pk, lob in org.lines_of_business().items() if pk in access.lobs_of(staff)]
    seen = [q for q in routing.queues().values() if q.lob_id in {lob.pk for lob in lobs}]
    tier_2 = [queue for queue in seen if queue.tier == 2]
    wanted = [(reverse("tier-2"), _("Tier 2"), "layers", tier_2)]
    if staff.leads_people:
        address = reverse("unfinished")
        wanted.insert(0, (address, _("All unfinished"), "folder-open", seen))
        wanted += [
            (
                f"{address}?lob={lob.pk}",
                named(lob),
                LOB_ICONS.get(lob.key, "folder-open"),
                [queue for queue in seen if queue.lob_id == lob.pk],
            )
            for lob in lobs
        ]
    sizes = _sizes([queues for *_rest, queues in wanted], staff, now)
    return [
        *(
            _link(url, label, icon, size)
            for (url, label, icon, _queues), size in zip(wanted, sizes, strict=True)
        ),
        _link(reverse("emergencies"), _("Emergencies"), "shield-alert"),
        _link(reverse("incidents"), _("Incidents"), "link"),
    ]


def _sizes(groups: Sequence[list[Queue]], staff: StaffMember, now: datetime) -> list[Size]:
    piles = [Pile.unfinished(queue.pk for queue in group) for group in groups]
    return sizes_of_queues(piles, by=staff, now=now)


def _saved(staff: StaffMember) -> list[tuple[str, Links]]:
    """Return one's own filters, and those that somebody shared with one."""
    own, shared = [], []
    for saved in filters_for(staff):
        if saved.staff_id == staff.pk:
            own.append(_link(saved.query, saved.name, "star"))
        elif can_open(staff, saved.query):
            shared.append(_link(saved.query, saved.name, "users"))
    if own:
        own.append(_link(reverse("saved-filters"), _("Change or throw away"), "pencil"))
    return [(_("Saved filters"), own), (_("Shared with me"), shared)]
