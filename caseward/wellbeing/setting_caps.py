"""Setting what people may meet at most: a new version of a scope, and what it loosens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from caseward.core.exposure import Caps, looser, strictest
from caseward.ledger import services as ledger
from caseward.org import queries as org
from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness, StaffMember, Vendor
from caseward.wellbeing.caps import in_force, newest, read
from caseward.wellbeing.models import CapsVersion

_OF_EVERYBODY = frozenset({StaffMember.Role.REGIONAL_LEAD, StaffMember.Role.GLOBAL_HEAD})


class CapsChangedMeanwhile(Exception):
    """Somebody set caps for this scope after they were looked at; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom caps are for; what is left empty fits everybody."""

    role: str = ""
    lob: LineOfBusiness | None = None
    vendor: Vendor | None = None

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        lob_id = self.lob.pk if self.lob else None
        return self.role, lob_id, self.vendor.pk if self.vendor else None

    def is_within(self, row: CapsVersion) -> bool:
        """Return whether a rule fits everybody this scope does."""
        role, lob_id, vendor_id = self.key
        return (
            row.role in {"", role}
            and row.lob_id in {None, lob_id}
            and row.vendor_id in {None, vendor_id}
        )


def may_set(staff: StaffMember, lob_id: int | None) -> bool:
    """Return whether somebody may set caps: a lead of a line of business only those of its own."""
    if staff.role in _OF_EVERYBODY:
        return True
    own = {lob for lob, _ in org.skills_of(staff.pk)}
    return staff.role == StaffMember.Role.LOB_LEAD and lob_id in own


def version_of(scope: Scope) -> int:
    """Return the number of the scope's newest version, 0 where there is none."""
    found = newest().get(scope.key)
    return found.version if found else 0


def rule_of(scope: Scope) -> Caps | None:
    """Return what a scope's own rule says; None where it says nothing."""
    found = newest().get(scope.key)
    return read(found.caps) if found and found.caps else None


def loosened_by(scope: Scope, rule: Caps | None) -> tuple[str, ...]:
    """Return what a new rule of a scope would allow more of, beside every other rule that fits."""
    wide = [row for row in in_force() if scope.is_within(row)]
    others = [read(row.caps) for row in wide if (row.role, row.lob_id, row.vendor_id) != scope.key]
    before = strictest(read(row.caps) for row in wide)
    return looser(before, strictest([*others, *([rule] if rule else [])]))


def set_caps(
    *,
    by: StaffMember | None,
    caps: dict[str, Any],
    why: str,
    now: datetime,
    role: str = "",
    lob: LineOfBusiness | None = None,
    vendor: Vendor | None = None,
    seen: int | None = None,
) -> CapsVersion:
    """Set what people in a scope may meet at most; the versions before stay to be read.

    Args:
        by: Who sets them; None for the files of the operation.
        caps: What differs from the defaults, by the names of `core.exposure.Caps`; empty where the
            scope is to have no rule of its own any more.
        seen: The version somebody looked at, 0 for none.
    Raises:
        WrongCaps: the caps contradict themselves.
        CapsChangedMeanwhile: there is a version after the one seen.
    """
    read(caps)
    scope = {"role": role, "lob": lob, "vendor": vendor}
    rows = CapsVersion.objects.filter(**scope).order_by("-version")
    last = rows.values_list("version", flat=True).first() or 0
    if seen not in {None, last}:
        raise CapsChangedMeanwhile
    try:
        with transaction.atomic():
            made = CapsVersion.objects.create(
                **scope, version=last + 1, caps=caps, why=why, set_by=by, set_at=now
            )
            _record(made)
    except IntegrityError as first:
        raise CapsChangedMeanwhile from first
    look_again()
    return made


def _record(made: CapsVersion) -> None:
    ledger.record(
        "caps.set",
        at=made.set_at,
        actor_id=made.set_by_id,
        actor_name=made.set_by.name if made.set_by else "operation",
        audience="IN_HOUSE",
        data={
            "version": made.version,
            "caps": made.caps,
            "why": made.why,
            "role": made.role,
            "lob": made.lob.key if made.lob else "",
            "vendor": made.vendor.key if made.vendor else "",
        },
    )
