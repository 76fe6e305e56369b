"""Who is on call for a region and a line of business at a moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from caseward.casework.models import OnCallPlace, OnCallRota
from caseward.core.paging import Watch, is_on_call, watches
from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember

LONGEST_CHAIN = 5  # of rotas that fall back on each other


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody to page, and how."""

    staff_id: int
    rota_id: int | None = None
    email: str = ""
    webhook_url: str = ""


@kept_per_revision
def rotas() -> dict[int, OnCallRota]:
    """Return the rotas in use by their number."""
    active = OnCallRota.objects.filter(is_active=True).select_related("region", "lob", "fallback")
    return {rota.pk: rota for rota in active.order_by("key")}


@kept_per_revision
def places_of(rota_id: int) -> tuple[OnCallPlace, ...]:
    """Return the places of a rota in their order, of people who still work here."""
    places = OnCallPlace.objects.filter(rota_id=rota_id, staff__is_active=True)
    return tuple(places.select_related("staff").order_by("position"))


def on_call(*, region_id: int | None, lob_id: int, now: datetime) -> list[list[OnCall]]:
    """Return who is on call now, region by region in the order they are asked.

    Where no rota applies or nobody is on it, the leads of the line of business are.
    """
    chain = [_people(rota.pk, now) for rota in _chain(_rota_for(region_id, lob_id))]
    staffed = [people for people in chain if people]
    return staffed or [[OnCall(lead.pk) for lead in leads_of(lob_id)]]


def _rota_for(region_id: int | None, lob_id: int) -> OnCallRota | None:
    """Return the rota of a region and line; then the region's; then any other region's."""
    fitting = [rota for rota in rotas().values() if rota.lob_id in {lob_id, None}]
    order = sorted(fitting, key=lambda rota: (rota.region_id != region_id, rota.lob_id is None))
    return order[0] if order else None


def _chain(rota: OnCallRota | None) -> Iterator[OnCallRota]:
    seen: set[int] = set()
    while rota is not None and rota.pk not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(rota.pk)
        yield rota
        rota = rotas().get(rota.fallback_id or 0)


def _people(rota_id: int, now: datetime) -> list[OnCall]:
    return [
        OnCall(place.staff_id, rota_id, place.email, place.webhook_url)
        for place in people_of(rota_id, now)
    ]


def people_of(rota_id: int, at: datetime) -> list[OnCallPlace]:
    """Return who is on a rota at a moment, in the order they are paged."""
    return list(_on_now(places_of(rota_id), at))


def _on_now(places: Iterable[OnCallPlace], now: datetime) -> Iterator[OnCallPlace]:
    for place in places:
        if is_on_call(place.windows, zone=zone_of(place.staff), at=now):
            yield place


def zone_of(staff: StaffMember) -> str:
    site = org.sites().get(staff.site_id or 0)
    return site.timezone if site else "UTC"


def uncovered_rotas(now: datetime) -> int:
    """Return on how many rotas nobody is on call at a moment."""
    return sum(not people_of(rota, now) for rota in rotas())


def week_of(rota_id: int, now: datetime) -> tuple[list[OnCallPlace], list[Watch]]:
    """Return the places of a rota, and who of them is on call in the week after a moment."""
    places = list(places_of(rota_id))
    people = [(place.windows, zone_of(place.staff)) for place in places]
    return places, watches(people, after=now)


def leads_of(lob_id: int) -> list[StaffMember]:
    """Return the delivery leads of a line of business; where there is none, the regional leads."""
    active = StaffMember.objects.filter(is_active=True)
    leads = active.filter(role=StaffMember.Role.LOB_LEAD, skills__lob_id=lob_id).distinct()
    found = list(leads.order_by("pk"))
    return found or list(active.filter(role=StaffMember.Role.REGIONAL_LEAD).order_by("pk"))


def is_on_a_rota(staff_id: int) -> bool:
    """Say whether somebody has a place on any rota, now or at another time."""
    return any(place.staff_id == staff_id for rota in rotas() for place in places_of(rota))
