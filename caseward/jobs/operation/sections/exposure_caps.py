"""How much harmful material people may meet at most."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from django.utils import timezone
from yaml.nodes import Node, SequenceNode

from caseward.core.exposure import MODALITIES, MOST_SEVERE, Caps, WrongCaps
from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section, check_line
from caseward.org import models as org
from caseward.wellbeing import caps as wellbeing
from caseward.wellbeing.setting_caps import set_caps

NUMBERS = tuple(field.name for field in fields(Caps) if not field.name.endswith("weights"))
WEIGHTS = {"weights": MOST_SEVERE + 1, "modality_weights": len(MODALITIES)}
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureCaps(Part):
    """Without a `role`, `line_of_business` or `vendor` for everybody; only given caps are named."""

    role: str | None
    line_of_business: str | None
    vendor: str | None
    why: str
    caps: Mapping[str, Any]


def _build(fields: Fields) -> ExposureCaps:
    return ExposureCaps(
        place=fields.place,
        role=fields.one_of("role", org.StaffMember.Role.values) if fields.has("role") else None,
        line_of_business=fields.optional("line_of_business", values.key),
        vendor=fields.optional("vendor", values.key),
        why=fields.text("why"),
        caps=fields.entry("caps", _caps, instead={}),
    )


def _caps(fields: Fields) -> dict[str, Any]:
    given: dict[str, Any] = {name: fields.optional(name, values.number) for name in NUMBERS}
    for name, many in WEIGHTS.items():
        given[name] = fields.optional(name, partial(_weights, many=many))
    return {name: value for name, value in given.items() if value is not None}


def _weights(node: Node, *, many: int) -> list[float]:
    """Read so many numbers: `[0, 0, 0.25, 1, 1]`."""
    if not isinstance(node, SequenceNode) or len(node.value) != many:
        raise values.Unexpected(f"a list of {many} numbers")
    return [values.number(one) for one in node.value]


def _present() -> tuple[ExposureCaps, ...]:
    lobs = dict(org.LineOfBusiness.objects.values_list("pk", "key"))
    vendors = dict(org.Vendor.objects.values_list("pk", "key"))
    return tuple(
        ExposureCaps(
            place=HERE,
            role=row.role or None,
            line_of_business=lobs.get(row.lob_id or 0),
            vendor=vendors.get(row.vendor_id or 0),
            why=row.why,
            caps=row.caps,
        )
        for row in wellbeing.in_force()
    )


def _write(part: ExposureCaps) -> None:
    _set(part, dict(part.caps), part.why)


def _end(part: ExposureCaps) -> None:
    _set(part, {}, "Not in the files of the operation any more")


def _set(part: ExposureCaps, caps: dict[str, Any], why: str) -> None:
    set_caps(
        by=None,
        caps=caps,
        why=why,
        now=timezone.now(),
        role=part.role or "",
        lob=org.LineOfBusiness.objects.filter(key=part.line_of_business).first(),
        vendor=org.Vendor.objects.filter(key=part.vendor).first(),
    )


def _check(part: ExposureCaps, operation: Operation, problems: Problems) -> None:
    if part.line_of_business:
        check_line(part, part.line_of_business, operation, problems)
    vendors = {vendor.key for vendor in operation.vendors}
    refer(part, "vendor", part.vendor, vendors, "a vendor", problems)
    if not part.caps:
        problems.at(part.place, "caps", "caps: expected at least one, such as shift_minutes: 90")
    try:
        wellbeing.read(dict(part.caps))
    except WrongCaps as wrong:
        problems.at(part.place, "caps", f"caps: {wrong}")


SECTION = Section(
    name="exposure_caps",
    noun="exposure caps",
    key=lambda part: (
        " ".join(filter(None, (part.role, part.line_of_business, part.vendor))) or EVERYBODY
    ),
    build=_build,
    present=_present,
    write=_write,
    remove=_end,
    check=_check,
)
