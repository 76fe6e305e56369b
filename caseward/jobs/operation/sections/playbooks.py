"""What is to be done on cases of a reason, step by step."""

from dataclasses import dataclass
from typing import Any

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Choice, Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import each_once, refer, refer_each
from caseward.jobs.operation.sections import conditions
from caseward.jobs.operation.sections.conditions import Conditions
from caseward.jobs.operation.sections.section import (
    HERE,
    Section,
    check_line,
    in_english_at_least,
)
from caseward.policy import models as policy
from caseward.policy.models import VersionState
from caseward.policy.playbooks import CHECKS
from caseward.policy.playbooks import Step as Kept
from caseward.policy.services.playbooks import playbook_from_facts, retire_playbook

KINDS = tuple(check.lower() for check in CHECKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Part):
    """Without `is_gate` a case can end without it; `blocks` names endings it keeps from."""

    key: str
    texts: Translations
    check: str
    choices: tuple[Choice, ...]
    is_gate: bool
    blocks: tuple[str, ...]
    tiers: tuple[int, ...]
    needs_second: bool
    conditions: Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook(Part):
    """Whoever reviews the files reviews it: it is in force once they are applied."""

    line_of_business: str
    reason: str
    steps: tuple[Step, ...]


def _build(fields: Fields) -> Playbook:
    return Playbook(
        place=fields.place,
        line_of_business=fields.key("line_of_business"),
        reason=fields.key("reason"),
        steps=fields.entries("steps", _step, required=True),
    )


def _step(fields: Fields) -> Step:
    return Step(
        place=fields.place,
        key=fields.key(),
        texts=in_english_at_least(fields, "texts"),
        check=fields.one_of("check", KINDS) if fields.has("check") else KINDS[0],
        choices=fields.entries("choices", _choice),
        is_gate=fields.optional("is_gate", values.truth) or False,
        blocks=fields.list_of("blocks", values.key, required=False),
        tiers=fields.list_of("tiers", values.tier, required=False),
        needs_second=fields.optional("needs_second", values.truth) or False,
        conditions=conditions.built(fields),
    )


def _choice(fields: Fields) -> Choice:
    return Choice(place=fields.place, key=fields.key(), names=in_english_at_least(fields, "names"))


def _present() -> tuple[Playbook, ...]:
    released = policy.PlaybookVersion.objects.filter(
        state=VersionState.RELEASED, playbook__is_active=True,
        playbook__reason__is_active=True, playbook__reason__lob__is_active=True,
    )  # fmt: skip
    released = released.select_related("playbook__reason__lob")
    return tuple(
        Playbook(
            place=HERE,
            line_of_business=version.playbook.reason.lob.key,
            reason=version.playbook.reason.key,
            steps=tuple(_kept(Kept.read(step)) for step in version.steps),
        )
        for version in released.order_by("playbook__reason__lob__position", "playbook_id")
    )


def _kept(step: Kept) -> Step:
    choices = (step.choices or {}).items()
    return Step(
        place=HERE,
        key=step.key,
        texts=step.texts,
        check=step.check.lower(),
        choices=tuple(Choice(place=HERE, key=key, names=names) for key, names in choices),
        is_gate=step.is_gate,
        blocks=step.blocks,
        tiers=step.tiers,
        needs_second=step.needs_second,
        conditions=conditions.kept(step.conditions.stored()),
    )


def _write(part: Playbook) -> None:
    reason = policy.Reason.objects.get(lob__key=part.line_of_business, key=part.reason)
    playbook_from_facts(reason=reason, steps=[_stored(step) for step in part.steps])


def _stored(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "texts": dict(step.texts),
        "check": step.check.upper(),
        "choices": {one.key: dict(one.names) for one in step.choices},
        "is_gate": step.is_gate,
        "blocks": list(step.blocks),
        "tiers": list(step.tiers),
        "needs_second": step.needs_second,
        "conditions": conditions.stored(step.conditions),
    }


def _remove(part: Playbook) -> None:
    retire_playbook(policy.Reason.objects.get(lob__key=part.line_of_business, key=part.reason))


def _check(part: Playbook, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems)
    reasons = _keys(part, operation.reasons)
    refer(part, "reason", part.reason, reasons, "a reason of this line of business", problems)
    each_once(part.steps, "key", lambda step: step.key, problems)
    endings = _keys(part, operation.dispositions)
    what = "a disposition of this line of business"
    for step in part.steps:
        refer_each(step, "blocks", step.blocks, endings, what, problems)
        conditions.check(step, step.conditions, operation, problems)
        if bool(step.choices) != (step.check == "choice"):
            problems.at(step.place, "choices", "choices: a choice has them, and nothing else does")


def _keys(part: Playbook, of_a_line: Any) -> set[str]:
    return {one.key for one in of_a_line if one.line_of_business == part.line_of_business}


SECTION = Section(
    name="playbooks",
    noun="playbook",
    key=lambda part: f"{part.line_of_business} {part.reason}",
    build=_build,
    present=_present,
    write=_write,
    remove=_remove,
    check=_check,
)
