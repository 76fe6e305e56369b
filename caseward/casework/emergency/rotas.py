"""Rotas as leads and files write them: plain facts, checked whole, written whole."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from caseward.casework.models import OnCallPlace, OnCallRota
from caseward.org import queries as org
from caseward.org.changing import Kind
from caseward.org.models import ConfigurationChange, LineOfBusiness, Region, StaffMember
from caseward.policy import access

type Entry = Mapping[str, Any]


class CannotStand(Exception):
    """A rota that would not work; `code` says why, `about` which name it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code} {about}".strip())
        self.code, self.about = code, about


NOBODY, TWICE, NOT_IN_HOUSE = "NOBODY", "TWICE", "NOT_IN_HOUSE"
CIRCLE, NOT_HTTPS = "CIRCLE", "NOT_HTTPS"


def read_rota(key: str) -> dict[str, Any] | None:
    """Return a rota as facts; None where it is not in use."""
    rows = OnCallRota.objects.filter(key=key, is_active=True)
    row = rows.select_related("region", "lob", "fallback").first()
    return _facts(row) if row else None


def read_rotas() -> list[tuple[str, dict[str, Any]]]:
    """Return every rota in use with its key; those others fall back on come before them."""
    rows = list(
        OnCallRota.objects.filter(is_active=True)
        .select_related("region", "lob", "fallback")
        .order_by("pk")
    )
    by_key = {row.key: _facts(row) for row in rows}
    ordered = sorted(by_key, key=lambda key: len(_chain(by_key, key)))
    return [(key, by_key[key]) for key in ordered]


def _facts(row: OnCallRota) -> dict[str, Any]:
    fallback = row.fallback if row.fallback and row.fallback.is_active else None
    places = row.places.filter(staff__is_active=True).select_related("staff").order_by("position")
    return {
        "name": row.name,
        "region": row.region.key,
        "line_of_business": row.lob.key if row.lob else None,
        "fallback": fallback.key if fallback else None,
        "people": [_person(place) for place in places],
    }


def _person(place: OnCallPlace) -> dict[str, Any]:
    return {
        "staff": place.staff.key,
        "email": place.email,
        "webhook": place.webhook_url,
        "windows": place.windows,
    }


def _chain(rotas: Mapping[str, Entry], key: str) -> list[str]:
    """Return the rotas one falls back on, itself first; a circle ends where it closes."""
    chain: list[str] = []
    while key in rotas and key not in chain:
        chain.append(key)
        key = rotas[key]["fallback"] or ""
    return chain


def check_rota(key: str, entry: Entry) -> None:
    """Refuse a rota that would not work.

    Raises:
        CannotStand: nobody is on it, somebody twice, or somebody who is not in-house; it falls
            back on itself; a webhook does not begin with https://.
    """
    people = [person["staff"] for person in entry["people"]]
    if not people:
        raise CannotStand(NOBODY)
    if twice := next((staff for staff in people if people.count(staff) > 1), ""):
        raise CannotStand(TWICE, twice)
    known = on_call_staff().filter(key__in=people)
    if unknown := set(people) - set(known.values_list("key", flat=True)):
        raise CannotStand(NOT_IN_HOUSE, min(unknown))
    for person in entry["people"]:
        if person["webhook"] and not person["webhook"].startswith("https://"):
            raise CannotStand(NOT_HTTPS, person["webhook"])
    if entry["fallback"] and key in _chain(dict(read_rotas()), entry["fallback"]):
        raise CannotStand(CIRCLE, entry["fallback"])


def on_call_staff() -> QuerySet[StaffMember]:
    """Return whom a rota may name: people in-house, but for agents."""
    return StaffMember.objects.filter(vendor=None, is_active=True).exclude(role="AGENT")


def write_rota(key: str, entry: Entry) -> OnCallRota:
    """Make a rota what the facts say, its places in their order."""
    row, _is_new = OnCallRota.objects.update_or_create(
        key=key,
        defaults={
            "name": entry["name"],
            "region": Region.objects.get(key=entry["region"]),
            "lob": LineOfBusiness.objects.filter(key=entry["line_of_business"]).first(),
            "fallback": OnCallRota.objects.filter(key=entry["fallback"]).first(),
            "is_active": True,
        },
    )
    row.places.all().delete()
    staff = StaffMember.objects.in_bulk(
        [person["staff"] for person in entry["people"]], field_name="key"
    )
    OnCallPlace.objects.bulk_create(
        OnCallPlace(
            rota=row, staff=staff[person["staff"]], position=position, email=person["email"],
            webhook_url=person["webhook"], windows=person["windows"],
        )
        for position, person in enumerate(entry["people"], start=1)
    )  # fmt: skip
    return row


def remove_rota(key: str) -> int:
    return OnCallRota.objects.filter(key=key).update(is_active=False)


def _write_checked(key: str, entry: Entry) -> OnCallRota:
    check_rota(key, entry)
    return write_rota(key, entry)


def may_change(staff: StaffMember, entry: Entry) -> bool:
    """Say whether somebody answers for the line of a rota, or for all of them."""
    lines = {line.key: pk for pk, line in org.lines_of_business().items()}
    return access.may_release(staff, lines.get(entry["line_of_business"]))


ROTAS = Kind(
    what=ConfigurationChange.What.ROTA,
    read=read_rota,
    write=_write_checked,
    remove=remove_rota,
    title=lambda _key, entry: str(entry["name"]),
    may_change=may_change,
)
