"""Lists of cases: one's own, what waits in queues, tier 2, and everything for those who lead."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.casework import access
from caseward.casework.listing import Order, Pile, Place, page_of, rows_of
from caseward.org.models import Language, StaffMember
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import beside, days, filtering, ordering, paging, shelf
from caseward.web.views.desk.audiences import share_options
from caseward.web.views.desk.case_list import CaseList
from caseward.web.views.desk.table import table
from caseward.web.views.desk.whence import Whence, without_case

type ListOf = Callable[..., CaseList]
type View = Callable[..., HttpResponse]


def shown(list_of: ListOf) -> View:
    """Make a page of what a function says a list is about; only rows to a page that refreshes."""

    @login_required
    @require_safe
    @never_cache
    @wraps(list_of)
    def view(request: SignedInRequest, **named: int) -> HttpResponse:
        case_list = list_of(request.user, **named)
        is_refresh = bool(request.headers.get("HX-Request"))
        template = "casework/queue_changes.html" if is_refresh else "casework/queue.html"
        return render(request, template, _context(request, case_list, is_refresh=is_refresh))

    view.list_of = list_of  # type: ignore[attr-defined]  # a case asks what is next in its list
    return view


def _context(
    request: SignedInRequest, case_list: CaseList, *, is_refresh: bool
) -> dict[str, object]:
    staff, now, address = request.user, timezone.now(), paging.address(request)
    wanted = filtering.read(request.GET, case_list, staff)
    order = ordering.read(request.GET, case_list)
    page = page_of(
        case_list.pile,
        wanted.filters,
        by=staff,
        now=now,
        day_ends_at=days.ends_at(now),
        after=Place.read(request.GET.get("after", "")),
        before=Place.read(request.GET.get("before", "")),
        order=order,
    )
    is_split = "case" in request.GET or request.at_desk.is_split
    whence = Whence(without_case(request.get_full_path()), is_beside=is_split)
    return {
        "heading": case_list.heading,
        "filters": filtering.fitting(
            [*wanted.shown, *ordering.field(order, case_list)], is_narrow=is_split
        ),
        "is_filtered": wanted.is_set,
        "left_out": wanted.left_out,
        "is_kept": wanted.is_set or order is not Order.DUE,
        "clear_url": case_list.url,
        "save_url": reverse("saved-filters"),
        "share_options": share_options(staff),
        "save_address": address,
        "save_link": f"{reverse('saved-filters')}?{urlencode({'address': address})}",
        "refresh_url": request.get_full_path(),
        "rows": table(
            rows_of(page.ids),
            now=now,
            whence=whence,
            places=page.places,
            chosen=request.GET.get("case", ""),
            arranged_with=get_token(request) if order is Order.MINE else "",
            is_tickable=True,
        ),
        "has_rows": bool(page.ids),
        "lists": shelf.lists(staff, now=now, current=address),
        **paging.links(request, page),
        "nothing": case_list.nothing,
        "nothing_more": case_list.nothing_more,
        "is_split": is_split,
        "is_arranged": order is Order.MINE and bool(page.ids),
        **(beside.shown(request, staff, now) if is_split and not is_refresh else {}),
    }


@shown
def my_cases(staff: StaffMember) -> CaseList:
    return CaseList(
        heading=_("My open cases"),
        url=reverse("my-cases"),
        pile=Pile.in_hands(staff),
        narrows_by=("lob", "language", "reason", "priority", "due", "channel", "tag"),
        nothing=_("You have no open case"),
        nothing_more=_("Take the next one whenever you are ready."),
        is_own=True,
    )


@shown
def my_pending(staff: StaffMember) -> CaseList:
    return CaseList(
        heading=_("Waiting for the requester"),
        url=reverse("my-pending"),
        pile=Pile.held(staff),
        narrows_by=("lob", "language", "reason", "priority", "channel", "tag"),
        nothing=_("You wait for nobody"),
        nothing_more=_("Cases come here while you wait for an answer of the requester."),
    )


@shown
def my_snoozed(staff: StaffMember) -> CaseList:
    return CaseList(
        heading=_("Snoozed"),
        url=reverse("my-snoozed"),
        pile=Pile.snoozed(staff),
        narrows_by=("lob", "language", "status", "reason", "priority", "due", "channel", "tag"),
        nothing=_("No case of yours is snoozed"),
        nothing_more=_("Cases you snooze wait here until their time, or until somebody writes."),
    )


@shown
def my_resolved(staff: StaffMember) -> CaseList:
    return CaseList(
        heading=_("Resolved today"),
        url=reverse("my-resolved"),
        pile=Pile.finished(staff, since=days.began_at(timezone.now())),
        narrows_by=("lob", "language", "reason", "channel", "tag"),
        nothing=_("Nothing resolved yet today"),
        nothing_more=_("The cases you resolve today are listed here, newest first."),
    )


@shown
def queues(staff: StaffMember) -> CaseList:
    own = routing.queues_for(staff.pk)
    if not own:
        raise Http404("no queue to take from")
    return CaseList(
        heading=_("All my queues"),
        url=reverse("queues"),
        pile=Pile.waiting(own),
        narrows_by=("lob", "language", "status", "reason", "priority", "due", "channel", "tag"),
        nothing=_("Nobody is waiting in your queues"),
        nothing_more=_("New cases appear here on their own."),
    )


@shown
def queue(staff: StaffMember, queue_id: int) -> CaseList:
    found = routing.queues().get(queue_id)
    if found is None or queue_id not in routing.queues_for(staff.pk):
        raise Http404("no such queue, or not one to take from")
    names = {"lob": named(found.lob), "language": Language(found.language).label}
    return CaseList(
        heading=_("%(lob)s · %(language)s") % names,
        url=reverse("queue", args=[queue_id]),
        pile=Pile.waiting([queue_id]),
        narrows_by=("status", "reason", "priority", "due", "channel", "tag"),
        nothing=_("Nobody is waiting here"),
        nothing_more=_("New cases appear here on their own."),
    )


@shown
def tier_2(staff: StaffMember) -> CaseList:
    """Every unfinished case of tier 2 in one's lines of business, whoever has it."""
    if staff.vendor_id:
        raise Http404("tier 2 is in-house")
    lobs = access.lobs_of(staff)
    found = [q.pk for q in routing.queues().values() if q.tier == 2 and q.lob_id in lobs]
    return CaseList(
        heading=_("Tier 2"),
        url=reverse("tier-2"),
        pile=Pile.unfinished(found),
        narrows_by=(
            "lob", "language", "status", "reason", "priority", "due", "who", "vendor", "age",
            "channel", "tag",
        ),
        nothing=_("Tier 2 has no unfinished case"),
        nothing_more=_("What tier 1 escalates appears here on its own."),
    )  # fmt: skip


@shown
def unfinished(staff: StaffMember) -> CaseList:
    """Every unfinished case of the lines of business somebody leads."""
    if not staff.leads_people:
        raise Http404("for those who lead people")
    lobs = access.lobs_of(staff)
    return CaseList(
        heading=_("All unfinished cases"),
        url=reverse("unfinished"),
        pile=Pile.unfinished(q.pk for q in routing.queues().values() if q.lob_id in lobs),
        narrows_by=(
            "lob", "language", "status", "reason", "priority", "due", "who", "team", "vendor",
            "age", "channel", "tag",
        ),
        nothing=_("There is no unfinished case"),
        nothing_more=_("Everybody who wrote to us has an answer."),
    )  # fmt: skip
