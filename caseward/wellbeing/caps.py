"""Which caps hold for whom: the newest version of every scope that fits, the strictest of all."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from caseward.core.exposure import Caps, strictest
from caseward.ledger import services as ledger
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import LineOfBusiness, Skill, StaffMember, Vendor
from caseward.wellbeing.models import CapsVersion


@kept_per_revision
def caps_of(staff_id: int) -> Caps:
    """Return what somebody may meet at most; the defaults of `Caps` where nothing is set."""
    person = _people()[staff_id]
    return strictest(_read(row.caps) for row in _newest() if _fits(row, person))


@dataclass(frozen=True, slots=True)
class _Person:
    role: str
    vendor_id: int | None
    lobs: frozenset[int]


@kept_per_revision
def _people() -> dict[int, _Person]:
    """Return everybody by one look, read as Caseward itself: a vendor sees its own people only."""
    lobs: dict[int, set[int]] = defaultdict(set)
    with acting(Actor.system("caps")):
        for staff_id, lob_id in Skill.objects.values_list("staff_id", "lob_id"):
            lobs[staff_id].add(lob_id)
        people = list(StaffMember.objects.values_list("pk", "role", "vendor_id"))
    return {pk: _Person(role, vendor, frozenset(lobs[pk])) for pk, role, vendor in people}


@kept_per_revision
def _newest() -> tuple[CapsVersion, ...]:
    rows = CapsVersion.objects.order_by("role", "lob", "vendor", "-version")
    return tuple(rows.distinct("role", "lob", "vendor"))


def _fits(row: CapsVersion, person: _Person) -> bool:
    return (
        row.role in {"", person.role}
        and row.vendor_id in {None, person.vendor_id}
        and (row.lob_id is None or row.lob_id in person.lobs)
    )


def _read(stored: dict[str, Any]) -> Caps:
    return replace(Caps(), **dict(_values(stored)))


def _values(stored: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in stored.items():
        yield name, tuple(value) if isinstance(value, list) else value


@transaction.atomic
def set_caps(
    *,
    by: StaffMember,
    caps: dict[str, Any],
    why: str,
    now: datetime,
    role: str = "",
    lob: LineOfBusiness | None = None,
    vendor: Vendor | None = None,
) -> CapsVersion:
    """Set what people in a scope may meet at most; the versions before stay to be read.

    Args:
        caps: What differs from the defaults, by the names of `core.exposure.Caps`.
    Raises:
        WrongCaps: the caps contradict themselves.
    """
    _read(caps)
    scope = {"role": role, "lob": lob, "vendor": vendor}
    newest = CapsVersion.objects.filter(**scope).aggregate(newest=Max("version"))["newest"]
    made = CapsVersion.objects.create(
        **scope, version=(newest or 0) + 1, caps=caps, why=why, set_by=by, set_at=now
    )
    ledger.record(
        "caps.set",
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience="IN_HOUSE",
        data={"version": made.version, "caps": caps, "why": why, "role": role},
    )
    return made
