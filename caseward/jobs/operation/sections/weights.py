"""What the parts of the soft order are worth; a part that is not named is worth what is usual."""

from dataclasses import dataclass

from caseward.core.matching.weights import CODES, MOST, is_sound
from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.sections.section import HERE, Section
from caseward.routing import models as routing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Part):
    part: str
    minutes: float


def _build(fields: Fields) -> Weight:
    return Weight(
        place=fields.place,
        part=fields.one_of("part", CODES),
        minutes=fields.value("minutes", values.number, 0.0),
    )


def _present() -> tuple[Weight, ...]:
    return tuple(
        Weight(place=HERE, part=row.code, minutes=row.minutes)
        for row in routing.Weight.objects.order_by("pk")
    )


def _write(part: Weight) -> None:
    routing.Weight.objects.update_or_create(code=part.part, defaults={"minutes": part.minutes})


def _check(part: Weight, operation: Operation, problems: Problems) -> None:
    if not is_sound(part.minutes):
        problems.at(part.place, "minutes", f"minutes: expected at most {MOST:g}, a day")


SECTION = Section(
    name="weights",
    noun="weight",
    key=lambda part: part.part,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: routing.Weight.objects.filter(code=part.part).delete(),
    check=_check,
)
