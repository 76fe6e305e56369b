"""Which part of the floor the address of the page says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework.floor.people import FloorNotVisible, Scope, own_team_of, widest_scope
from caseward.org.models import StaffMember
from caseward.web.views.lead import places
from caseward.web.views.lead.places import Place

EVERYBODY = "all"
SHOWN = ("busy", "idle")  # people with too much in hand, and people with nothing
NAMED = {
    "team": places.teams,
    "site": places.sites,
    "vendor": places.vendors,
    "lob": places.lobs,
}


def widest(staff: StaffMember) -> Scope:
    """Return all somebody may see; nobody else learns of the page."""
    try:
        return widest_scope(staff)
    except FloorNotVisible:
        raise Http404 from None


def read_scope(asked: QueryDict, staff: StaffMember) -> Scope:
    """Return the part of the floor asked for; a team leader begins with their own team."""
    scope = widest(staff)
    if not set(NAMED) & set(asked) and staff.role == StaffMember.Role.TEAM_LEADER:
        return replace(scope, team_id=own_team_of(staff))
    return narrowed(scope, asked)


def narrowed(scope: Scope, asked: QueryDict) -> Scope:
    """Return the part of what may be seen that an address names; unknown places narrow nothing."""
    return replace(
        scope,
        team_id=_chosen("team", asked),
        site_id=_chosen("site", asked),
        vendor_id=_chosen("vendor", asked),
        lob_id=_chosen("lob", asked),
    )


def read_shown(asked: QueryDict) -> str:
    """Return which people are asked for: `busy`, `idle`, or everybody."""
    wanted = asked.get("show", "")
    return wanted if wanted in SHOWN else ""


def filters(scope: Scope) -> list[dict[str, Any]]:
    """Return the selects above the page; `all` says that nothing is narrowed."""
    labels = {
        "team": _("Every team"),
        "site": _("Every site"),
        "vendor": _("Every vendor and in-house"),
        "lob": _("Every line of business"),
    }
    return [
        {
            "name": name,
            "label": labels[name],
            "value": _key(name, scope) or EVERYBODY,
            "is_set": _key(name, scope) != "",
            "options": [(EVERYBODY, labels[name]), *_options(name, scope)],
        }
        for name in NAMED
    ]


def query_of(scope: Scope, show: str = "") -> str:
    """Return what an address says of a part of the floor; it always says something."""
    said = {name: _key(name, scope) or EVERYBODY for name in NAMED}
    return urlencode({**said, **({"show": show} if show else {})})


def name_of(scope: Scope) -> str:
    """Return what a part of the floor is called."""
    chosen = [getattr(scope, f"{name}_id") for name in NAMED]
    names = [
        next((place.name for place in _places(name) if place.id == chosen_id), "")
        for name, chosen_id in zip(NAMED, chosen, strict=True)
        if chosen_id is not None
    ]
    return ", ".join(name for name in names if name) or _("everybody")


def reaches(count: int) -> str:
    """Say how many people a message is for."""
    if not count:
        return _("Nobody works there, so nobody can be told.")
    return ngettext("It goes to %(count)d person.", "It goes to %(count)d people.", count) % {
        "count": count
    }


def _options(name: str, scope: Scope) -> list[tuple[str, str]]:
    return [
        (place.key, place.name)
        for place in _places(name)
        if name != "lob" or place.id in scope.lob_ids
    ]


def _places(name: str) -> list[Place]:
    """Return the places of a filter; only vendors have one that stands for none: in-house."""
    found = NAMED[name]()
    if name == "vendor":
        return [replace(place, name=_("In-house")) if not place.id else place for place in found]
    return [place for place in found if place.id]


def _chosen(name: str, asked: Mapping[str, str]) -> int | None:
    wanted = asked.get(name, EVERYBODY)
    return next((place.id for place in _places(name) if place.key == wanted), None)


def _key(name: str, scope: Scope) -> str:
    chosen = getattr(scope, f"{name}_id")
    return next((place.key for place in _places(name) if place.id == chosen), "")
