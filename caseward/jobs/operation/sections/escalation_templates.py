"""What must be known before a case is escalated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Choice, Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import (
    HERE,
    Section,
    check_line,
    in_english_at_least,
)
from caseward.policy.escalation_templates import KINDS
from caseward.policy.services import templates


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
        labels=in_english_at_least(fields, "labels"),
        hints=in_english_at_least(fields, "hints", required=False),
        choices=fields.entries("choices", _choice),
    )


def _choice(fields: Fields) -> Choice:
    return Choice(place=fields.place, key=fields.key(), names=in_english_at_least(fields, "names"))


def _present() -> tuple[EscalationTemplate, ...]:
    return tuple(
        EscalationTemplate(
            place=HERE,
            line_of_business=entry["line_of_business"],
            reason=entry["reason"],
            facts=tuple(_kept(fact) for fact in entry["facts"]),
        )
        for entry in templates.read_escalation_templates()
    )


def _kept(fact: Mapping[str, Any]) -> Fact:
    choices = tuple(Choice(place=HERE, **one) for one in fact["choices"])
    return Fact(place=HERE, **{**fact, "choices": choices})


def _write(part: EscalationTemplate) -> None:
    entry = {
        "line_of_business": part.line_of_business,
        "reason": part.reason,
        "facts": [_stored(fact) for fact in part.facts],
    }
    templates.write_escalation_template(_key(part), entry)


def _stored(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "kind": fact.kind,
        "required": fact.required,
        "labels": dict(fact.labels),
        "hints": dict(fact.hints),
        "choices": [{"key": one.key, "names": dict(one.names)} for one in fact.choices],
    }


def _key(part: EscalationTemplate) -> str:
    return templates.escalation_key(part.line_of_business, part.reason)


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
    key=_key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: templates.remove_escalation_template(_key(part)),
    check=_check,
)
