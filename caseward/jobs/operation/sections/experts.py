"""Whom to escalate to by what they know."""

from dataclasses import dataclass

from caseward.casework import experts
from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer, refer_each
from caseward.jobs.operation.sections.section import (
    HERE,
    Section,
    check_line,
    in_english_at_least,
)
from caseward.org.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert(Part):
    """Of cases with one of the `reasons` they are offered first."""

    key: str
    staff: str
    line_of_business: str
    topics: Translations
    reasons: tuple[str, ...]


def _build(fields: Fields) -> Expert:
    return Expert(
        place=fields.place,
        key=fields.key(),
        staff=fields.key("staff"),
        line_of_business=fields.key("line_of_business"),
        topics=in_english_at_least(fields, "topics"),
        reasons=fields.list_of("reasons", values.key, required=False),
    )


def _present() -> tuple[Expert, ...]:
    here = set(StaffMember.objects.filter(is_active=True).values_list("key", flat=True))
    return tuple(
        Expert(place=HERE, key=key, **{**facts, "reasons": tuple(facts["reasons"])})
        for key, facts in experts.read_experts()
        if facts["staff"] in here
    )


def _write(part: Expert) -> None:
    names = ("staff", "line_of_business", "topics", "reasons")
    experts.write_expert(part.key, {name: getattr(part, name) for name in names})


def _check(part: Expert, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems)
    in_house = {member.key for member in operation.staff if member.role != "AGENT"}
    refer(part, "staff", part.staff, in_house, "somebody in-house", problems)
    reasons = {
        reason.key
        for reason in operation.reasons
        if reason.line_of_business == part.line_of_business
    }
    what = "a reason of this line of business"
    refer_each(part, "reasons", part.reasons, reasons, what, problems)


SECTION = Section(
    name="experts",
    noun="expert",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: experts.remove_expert(part.key),
    check=_check,
)
