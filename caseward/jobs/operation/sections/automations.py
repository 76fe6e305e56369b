"""When, if, then: rules that people test on past cases and turn on, once files brought them."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import timedelta
from typing import Any

from django.utils import timezone

from caseward.automation.checking import CIRCLE, WAITS_FOR
from caseward.automation.deeds import behaviour
from caseward.automation.models import Rule, RuleVersion
from caseward.automation.queries import rules_as_written
from caseward.automation.services import BadRule, retire_rule, rule_from_facts
from caseward.core.rule_loops import find_circle
from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import GENERAL, Operation, Part
from caseward.jobs.operation.problems import CannotApply, Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections import conditions
from caseward.jobs.operation.sections.conditions import Conditions
from caseward.jobs.operation.sections.section import HERE, Section, check_line
from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds(Part):
    """What an automation does, in this order; what is left out it does not do."""

    add_tags: tuple[str, ...]
    remove_tags: tuple[str, ...]
    priority: int | None
    note: str | None
    macro: str | None
    transfer_to: str | None
    assign_to: str | None
    escalate_why: str | None
    snooze_hours: int | None
    notify: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation(Part):
    """`when` names events; `after` lets it wait. Files never turn one on."""

    key: str
    line_of_business: str
    title: str
    when: tuple[str, ...]
    after: timedelta | None
    conditions: Conditions
    deeds: Deeds


def _build(fields: Fields) -> Automation:
    return Automation(
        place=fields.place,
        key=fields.key(),
        line_of_business=fields.key("line_of_business"),
        title=fields.text("title"),
        when=fields.list_of("when", values.text),
        after=fields.optional("after", values.duration),
        conditions=conditions.built(fields),
        deeds=fields.entry("deeds", _deeds, _kept_deeds({})),
    )


def _deeds(fields: Fields) -> Deeds:
    return Deeds(
        place=fields.place,
        add_tags=fields.list_of("add_tags", values.text, required=False),
        remove_tags=fields.list_of("remove_tags", values.text, required=False),
        priority=fields.optional("priority", values.priority),
        note=fields.optional("note", values.text),
        macro=fields.optional("macro", values.key),
        transfer_to=fields.optional("transfer_to", values.key),
        assign_to=fields.optional("assign_to", values.key),
        escalate_why=fields.optional("escalate_why", values.text),
        snooze_hours=fields.optional("snooze_hours", values.count),
        notify=fields.optional("notify", values.text),
    )


def _present() -> tuple[Automation, ...]:
    return tuple(_kept(version) for version in rules_as_written())


def _kept(version: RuleVersion) -> Automation:
    return Automation(
        place=HERE,
        key=version.rule.key,
        line_of_business=version.rule.lob.key if version.rule.lob else GENERAL,
        title=version.rule.title,
        when=tuple(version.kinds),
        after=version.after_minutes * MINUTE or None,
        conditions=conditions.kept(version.conditions),
        deeds=_kept_deeds(version.deeds),
    )


def _kept_deeds(stored: Mapping[str, Any]) -> Deeds:
    said: dict[str, Any] = {one.name: stored.get(one.name) for one in fields_of(Deeds)}
    said |= {name: tuple(said[name] or ()) for name in ("add_tags", "remove_tags")}
    return Deeds(**{**said, "place": HERE, "transfer_to": stored.get("lob")})


def _stored_deeds(deeds: Deeds) -> dict[str, Any]:
    said = {one.name: getattr(deeds, one.name) for one in fields_of(Deeds) if one.name != "place"}
    said["lob"] = said.pop("transfer_to")
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if value
    }


def _write(part: Automation) -> None:
    """Keep the rule as a draft.

    Raises:
        CannotApply: it could never work beside the rules that are on.
    """
    look_again()  # what it names was written just before
    try:
        rule_from_facts(
            key=part.key,
            lob=LineOfBusiness.objects.filter(key=part.line_of_business).first(),
            title=part.title,
            kinds=part.when,
            after_minutes=(part.after or timedelta()) // MINUTE,
            conditions=conditions.stored(part.conditions),
            deeds=_stored_deeds(part.deeds),
            now=timezone.now(),
        )
    except BadRule as refused:
        raise CannotApply(_words(part, refused)) from refused


def _words(part: Automation, refused: BadRule) -> str:
    problem = refused.problems[0]
    if problem.code == CIRCLE:
        others = ", ".join(name for name in problem.about if name != part.key)
        why = f"it and {others} would set each other off for ever. Turn one of them off first"
    else:
        why = f"{problem.code} {' '.join(problem.about)}".strip()
    return f'The automation "{part.key}" could never work: {why}. Nothing was changed.'


def _check(part: Automation, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems, also=GENERAL)
    conditions.check(part, part.conditions, operation, problems)
    for index, kind in enumerate(part.when):
        refer(part, f"when.{index}", kind, WAITS_FOR, "something a rule can wait for", problems)
    _check_deeds(part.deeds, operation, problems)
    if set(part.conditions.get("tags", ())) & set(part.conditions.get("without_tags", ())):
        text = "conditions: a case cannot have a tag and not have it"
        problems.at(part.place, "conditions", text)
    circle = find_circle(_behaviours(operation))
    if part.key in circle:
        others = ", ".join(key for key in circle if key != part.key) or "itself"
        problems.at(part.place, "deeds", f"deeds: sets off {others} again and again, for ever")


def _check_deeds(deeds: Deeds, operation: Operation, problems: Problems) -> None:
    if not _stored_deeds(deeds):
        problems.at(deeds.place, "deeds", "deeds: an automation has to do something")
    known = {
        "macro": ({macro.key for macro in operation.macros}, "a macro"),
        "transfer_to": ({line.key for line in operation.lines_of_business}, "a line of business"),
        "assign_to": ({member.key for member in operation.staff}, "a staff member"),
    }
    for name, (keys, what) in known.items():
        refer(deeds, name, getattr(deeds, name), keys, what, problems)


def _behaviours(operation: Operation) -> list[Any]:
    """Return what every automation of the files waits for and causes, for finding circles."""
    return [_behaviour(one) for one in operation.more[SECTION.name] if isinstance(one, Automation)]


def _behaviour(part: Automation) -> Any:
    version = RuleVersion(
        rule=Rule(key=part.key),
        kinds=list(part.when),
        conditions=conditions.stored(part.conditions),
        deeds=_stored_deeds(part.deeds),
    )
    own = part.line_of_business
    return behaviour(version, lob_key="" if own == GENERAL else own)


def _remove(part: Automation) -> None:
    retire_rule(part.key, now=timezone.now())


SECTION = Section(
    name="automations",
    noun="automation",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=_remove,
    check=_check,
)
