"""Whom to escalate to by what they know."""

from dataclasses import dataclass

from caseward.casework import models as casework
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section, check_line
from caseward.org.models import LineOfBusiness, StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert(Part):
    key: str
    staff: str
    line_of_business: str
    topics: Translations


def _build(fields: Fields) -> Expert:
    return Expert(
        place=fields.place,
        key=fields.key(),
        staff=fields.key("staff"),
        line_of_business=fields.key("line_of_business"),
        topics=fields.translations("topics"),
    )


def _present() -> tuple[Expert, ...]:
    rows = casework.Expert.objects.filter(is_active=True).select_related("staff", "lob")
    return tuple(
        Expert(
            place=HERE,
            key=row.key,
            staff=row.staff.key,
            line_of_business=row.lob.key,
            topics=row.topics,
        )
        for row in rows.order_by("pk")
    )


def _write(part: Expert) -> None:
    casework.Expert.objects.update_or_create(
        key=part.key,
        defaults={
            "staff": StaffMember.objects.get(key=part.staff),
            "lob": LineOfBusiness.objects.get(key=part.line_of_business),
            "topics": dict(part.topics),
            "is_active": True,
        },
    )


def _check(part: Expert, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems)
    in_house = {member.key for member in operation.staff if member.role != "AGENT"}
    refer(part, "staff", part.staff, in_house, "somebody in-house", problems)


SECTION = Section(
    name="experts",
    noun="expert",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: casework.Expert.objects.filter(key=part.key).update(is_active=False),
    check=_check,
)
