"""How much of a channel somebody holds at once."""

from dataclasses import dataclass

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.sections.section import HERE, Section
from caseward.routing import models as routing

ALL = "all"
CHANNELS = ("email", "form", "in-app", "appeal", "internal", ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Part):
    """`channel` all is for every channel together; `units` is what one case of it takes."""

    channel: str
    units: float
    at_most: float


def _build(fields: Fields) -> Capacity:
    return Capacity(
        place=fields.place,
        channel=fields.one_of("channel", CHANNELS),
        units=fields.optional("units", values.amount) or 1.0,
        at_most=fields.value("at_most", values.amount, 1.0),
    )


def _present() -> tuple[Capacity, ...]:
    return tuple(
        Capacity(place=HERE, channel=_name(row.channel), units=row.units, at_most=row.at_most)
        for row in routing.Capacity.objects.order_by("pk")
    )


def _write(part: Capacity) -> None:
    routing.Capacity.objects.update_or_create(
        channel=_code(part.channel), defaults={"units": part.units, "at_most": part.at_most}
    )


def _name(code: str) -> str:
    return code.lower().replace("_", "-") or ALL


def _code(name: str) -> str:
    return "" if name == ALL else name.upper().replace("-", "_")


def _check(part: Capacity, operation: Operation, problems: Problems) -> None:
    if part.units > part.at_most:
        problems.at(part.place, "units", "units: no case would ever fit; expected at_most or less")


SECTION = Section(
    name="capacity",
    noun="capacity",
    key=lambda part: part.channel,
    build=_build,
    present=_present,
    write=_write,
    check=_check,
    remove=lambda part: routing.Capacity.objects.filter(channel=_code(part.channel)).delete(),
)
