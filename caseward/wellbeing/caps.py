"""Which caps hold for whom: the newest version of every scope that fits, the strictest of all."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from caseward.core.exposure import Caps, strictest
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Skill, StaffMember
from caseward.wellbeing.models import CapsVersion


@kept_per_revision
def caps_of(staff_id: int) -> Caps:
    """Return what somebody may meet at most; the defaults of `Caps` where nothing is set."""
    person = _people()[staff_id]
    return strictest(read(row.caps) for row in in_force() if _fits(row, person))


@kept_per_revision
def in_force() -> tuple[CapsVersion, ...]:
    """Return the newest version of every scope that says anything; the widest scopes first."""
    rows = newest().values()
    return tuple(row for row in rows if row.caps)


@kept_per_revision
def newest() -> dict[tuple[str, int | None, int | None], CapsVersion]:
    """Return the newest version by role, line of business and vendor, those that ended too.

    Read as Caseward itself: a vendor's staff see no caps of another vendor, routing sees all.
    """
    rows = CapsVersion.objects.order_by("role", "lob", "vendor", "-version")
    with acting(Actor.system("caps")):
        last = list(rows.distinct("role", "lob", "vendor"))
    by_width = sorted(last, key=lambda row: (bool(row.role), bool(row.lob_id), bool(row.vendor_id)))
    return {(row.role, row.lob_id, row.vendor_id): row for row in by_width}


def read(stored: dict[str, Any]) -> Caps:
    """Return stored caps; what they leave out is as the defaults say.

    Raises:
        WrongCaps: they contradict themselves.
    """
    return replace(Caps(), **dict(_values(stored)))


def _values(stored: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in stored.items():
        yield name, tuple(value) if isinstance(value, list) else value


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


def _fits(row: CapsVersion, person: _Person) -> bool:
    return (
        row.role in {"", person.role}
        and row.vendor_id in {None, person.vendor_id}
        and (row.lob_id is None or row.lob_id in person.lobs)
    )
