"""What must be known before a case is escalated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Choice, Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section, check_line
from caseward.org.models import LineOfBusiness
from caseward.policy import models as policy

KINDS = ("text", "lines", "choice", "date", "link", "yes_no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Part):
    key: str
    kind: str
    required: bool
    labels: Translations
    hints: Translations
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationTemplate(Part):
    """Without a `reason` it serves every reason of its line that has none of its own."""

    line_of_business: str
    reason: str | None
    facts: tuple[Fact, ...]


def _build(fields: Fields) -> EscalationTemplate:
    return EscalationTemplate(
        place=fields.place,
        line_of_business=fields.key("line_of_business"),
        reason=fields.optional("reason", values.key),
        facts=fields.entries("facts", _fact, required=True),
    )


def _fact(fields: Fields) -> Fact:
    return Fact(
        place=fields.place,
        key=fields.key(),
        kind=fields.one_of("kind", KINDS),
        required=fields.value("required", values.truth, instead=False),
        labels=fields.translations("labels"),
        hints=fields.translations("hints", required=False),
        choices=fields.entries("choices", _choice),
    )


def _choice(fields: Fields) -> Choice:
    return Choice(place=fields.place, key=fields.key(), names=fields.translations("names"))


def _present() -> tuple[EscalationTemplate, ...]:
    rows = policy.EscalationTemplate.objects.filter(is_active=True)
    return tuple(
        EscalationTemplate(
            place=HERE,
            line_of_business=row.lob.key,
            reason=row.reason.key if row.reason else None,
            facts=tuple(_kept(fact) for fact in row.facts),
        )
        for row in rows.select_related("lob", "reason").order_by("pk")
    )


def _kept(fact: Mapping[str, Any]) -> Fact:
    choices = fact.get("choices") or ()
    return Fact(
        place=HERE,
        key=fact["key"],
        kind=fact["kind"],
        required=fact["required"],
        labels=fact["labels"],
        hints=fact.get("hints") or {},
        choices=tuple(Choice(place=HERE, key=one["key"], names=one["names"]) for one in choices),
    )


def _write(part: EscalationTemplate) -> None:
    lob = LineOfBusiness.objects.get(key=part.line_of_business)
    reason = policy.Reason.objects.filter(lob=lob, key=part.reason).first()
    policy.EscalationTemplate.objects.update_or_create(
        lob=lob,
        reason=reason,
        defaults={"facts": [_stored(fact) for fact in part.facts], "is_active": True},
    )


def _stored(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "kind": fact.kind,
        "required": fact.required,
        "labels": dict(fact.labels),
        "hints": dict(fact.hints),
        "choices": [{"key": one.key, "names": dict(one.names)} for one in fact.choices],
    }


def _retire(part: EscalationTemplate) -> None:
    rows = policy.EscalationTemplate.objects.filter(lob__key=part.line_of_business)
    rows = rows.filter(reason__key=part.reason) if part.reason else rows.filter(reason=None)
    rows.update(is_active=False)


def _check(part: EscalationTemplate, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems)
    reasons = {
        reason.key
        for reason in operation.reasons
        if reason.line_of_business == part.line_of_business
    }
    refer(part, "reason", part.reason, reasons, "a reason of this line of business", problems)
    for fact in part.facts:
        if bool(fact.choices) != (fact.kind == "choice"):
            problems.at(fact.place, "choices", "choices: a choice has them, and nothing else does")


SECTION = Section(
    name="escalation_templates",
    noun="escalation template",
    key=lambda part: " ".join(filter(None, (part.line_of_business, part.reason))),
    build=_build,
    present=_present,
    write=_write,
    remove=_retire,
    check=_check,
)
