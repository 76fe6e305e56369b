"""What leads changed on screen: its history beside what it is about, and taking a change back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from caseward.casework.emergency.rotas import ROTAS
from caseward.casework.experts import EXPERTS
from caseward.org import changing
from caseward.org.changing import Kind
from caseward.org.models import ConfigurationChange, StaffMember
from caseward.policy.services.templates import ESCALATION_TEMPLATES, NOTE_TEMPLATES
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import number_in

AT_ONCE = 10
What = ConfigurationChange.What


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of configuration, the page that lists it, and what its values are called."""

    kind: Kind
    page: str
    names: dict[str, Any]


SHOWN = {
    What.ROTA: Shown(
        ROTAS,
        "on-call",
        {
            "name": gettext_lazy("name"),
            "region": gettext_lazy("region"),
            "line_of_business": gettext_lazy("line of business"),
            "fallback": gettext_lazy("fallback"),
            "people": gettext_lazy("people, order, hours or addresses"),
        },
    ),
    What.EXPERT: Shown(
        EXPERTS,
        "experts",
        {
            "staff": gettext_lazy("who"),
            "line_of_business": gettext_lazy("line of business"),
            "topics": gettext_lazy("what they know"),
            "reasons": gettext_lazy("reasons"),
        },
    ),
    What.ESCALATION_TEMPLATE: Shown(
        ESCALATION_TEMPLATES, "escalation-templates", {"facts": gettext_lazy("facts")}
    ),
    What.NOTE_TEMPLATE: Shown(
        NOTE_TEMPLATES,
        "note-templates",
        {
            "title": gettext_lazy("name"),
            "line_of_business": gettext_lazy("line of business"),
            "texts": gettext_lazy("texts"),
            "in_house_only": gettext_lazy("who sees it"),
        },
    ),
}


def only_leads_in_house(request: HttpRequest) -> None:
    """Let nobody of a vendor, and nobody who leads nobody, learn that there is such a page."""
    staff = request.user
    if not isinstance(staff, StaffMember) or staff.vendor_id or not staff.leads_people:
        raise Http404


def keep(
    request: SignedInRequest, kind: Kind, key: str, wanted: changing.Entry | None, *, seen: str
) -> ConfigurationChange | None:
    """Change an entry and say so, with a way back; see `changing.change` for what is refused."""
    done = changing.change(kind, key, wanted, by=request.user, now=timezone.now(), seen=seen)
    if done is None:
        messages.info(request, _("It is like that already. Nothing was changed."))
        return None
    words = {
        "ADDED": _("%(title)s is in use now."),
        "CHANGED": _("%(title)s was changed. It holds from now on."),
        "REMOVED": _("%(title)s is not in use any more."),
    }[changing.did(done)]
    undo_url = reverse("change-undo", args=[done.pk])
    toasts.say(request, words % {"title": done.title}, undo_url=undo_url)
    return done


def history(request: SignedInRequest, what: What) -> dict[str, Any]:
    """Return what `lead/_changes.html` expects: the last changes, newest first, page by page."""
    before = number_in(request.GET.get("before", ""))
    changes = ConfigurationChange.objects.filter(what=what).select_related("by", "undone_by__by")
    if before:
        changes = changes.filter(pk__lt=before)
    rows = list(changes.order_by("-pk")[: AT_ONCE + 1])
    newest = _newest_of_each(what, [row.key for row in rows])
    now = timezone.now()
    return {
        "changes": [_row(row, request.user, newest, now) for row in rows[:AT_ONCE]],
        "next_url": f"?before={rows[AT_ONCE - 1].pk}#changes" if len(rows) > AT_ONCE else "",
        "is_further": bool(before),
        "first_url": SHOWN[what].page,
    }


def _newest_of_each(what: What, keys: list[str]) -> set[int]:
    newest = ConfigurationChange.objects.filter(what=what, key__in=keys)
    return set(newest.order_by("key", "-pk").distinct("key").values_list("pk", flat=True))


def _row(
    row: ConfigurationChange, reader: StaffMember, newest: set[int], now: datetime
) -> dict[str, Any]:
    shown = SHOWN[What(row.what)]
    entries = [entry for entry in (row.before, row.after) if entry is not None]
    may_change = all(shown.kind.may_change(reader, entry) for entry in entries)
    return {
        "id": row.pk,
        "at": row.at,
        "when": moment(row.at, now=now),
        "by": row.by.name,
        "title": row.title,
        "did": _did(row),
        "changed": ", ".join(
            str(shown.names.get(name, name)) for name in changing.changed_names(row)
        )
        if changing.did(row) == "CHANGED"
        else "",
        "can_undo": may_change and row.pk in newest and row.undoes_id is None,
    }


def _did(row: ConfigurationChange) -> str:
    if row.undoes_id:
        return _("Taken back")
    return {"ADDED": _("Added"), "CHANGED": _("Changed"), "REMOVED": _("Taken out of use")}[
        changing.did(row)
    ]


@login_required
@require_POST
def undo(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Take a change back, then show the page it is about."""
    only_leads_in_house(request)
    found = ConfigurationChange.objects.filter(pk=change_id).first()
    if found is None:
        raise Http404
    shown = SHOWN[What(found.what)]
    try:
        changing.undo(shown.kind, change_id, by=request.user, now=timezone.now())
    except changing.NotYoursToChange:
        messages.warning(request, not_yours())
    except changing.ChangedMeanwhile:
        messages.warning(
            request, _("It was changed again since, so nothing was taken back. Look at it first.")
        )
    else:
        messages.success(request, _("Taken back. It is as it was before."))
    return redirect(shown.page)


def free_key(title: str, read: Callable[[str], object | None]) -> str:
    """Return a key for a new entry, from what it is called, that no entry in use has."""
    key = slugify(title)[:46].strip("-") or "entry"
    keys = (key, *(f"{key}-{number}" for number in range(2, 100)))
    return next((one for one in keys if read(one) is None), key)


def not_yours() -> str:
    return _(
        "This is for whoever answers for the line of business. Nothing was changed. Ask them, or "
        "your regional lead."
    )


def was_changed() -> str:
    return _(
        "A colleague changed this after you opened it, so nothing was kept. What you wrote is "
        "still below: compare it with the page, then keep it again to put it in place of theirs."
    )
