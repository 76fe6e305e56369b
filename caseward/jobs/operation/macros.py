"""Prepared replies: what they say, on which cases they are offered, what sending one does."""

from dataclasses import fields as fields_of
from typing import Any

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import GENERAL, Macro, MacroActions, Operation
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections import conditions
from caseward.jobs.operation.sections.section import HERE, in_english_at_least
from caseward.org.models import LineOfBusiness
from caseward.policy import models as policy
from caseward.policy.macro_actions import PENDING, RESOLVE, Actions
from caseward.policy.models import VersionState
from caseward.policy.services.macros import macro_from_file

THEN = (PENDING.lower(), RESOLVE.lower())


def build(line_of_business: str, fields: Fields) -> Macro:
    return Macro(
        place=fields.place,
        key=fields.key(),
        line_of_business=None if line_of_business == GENERAL else line_of_business,
        name=fields.text("name"),
        bodies=in_english_at_least(fields, "bodies"),
        conditions=conditions.built(fields),
        actions=fields.entry("actions", _actions, None) if fields.has("actions") else None,
        safe_when_locked=fields.optional("safe_when_locked", values.truth) or False,
    )


def _actions(fields: Fields) -> MacroActions | None:
    said = MacroActions(
        place=fields.place,
        add_tags=fields.list_of("add_tags", values.text, required=False),
        remove_tags=fields.list_of("remove_tags", values.text, required=False),
        priority=fields.optional("priority", values.priority),
        reason=fields.optional("reason", values.key),
        then=fields.one_of("then", THEN) if fields.has("then") else None,
        disposition=fields.optional("disposition", values.key),
        escalate_why=fields.optional("escalate_why", values.text),
    )
    return said if any(_said(said).values()) else None


def _said(actions: MacroActions) -> dict[str, Any]:
    return {
        one.name: getattr(actions, one.name)
        for one in fields_of(actions)
        if one.name != "place" and getattr(actions, one.name)
    }


def present() -> tuple[Macro, ...]:
    """Return what is released; drafts that people write on screen are no part of it."""
    released = policy.MacroVersion.objects.filter(
        state=VersionState.RELEASED, macro__is_active=True
    )
    return tuple(
        _kept(version) for version in released.select_related("macro__lob").order_by("macro_id")
    )


def _kept(version: policy.MacroVersion) -> Macro:
    lob = version.macro.lob
    return Macro(
        place=HERE,
        key=version.macro.key,
        line_of_business=lob.key if lob else None,
        name=version.title,
        bodies={language: _as_in_a_file(text) for language, text in version.texts.items()},
        conditions=conditions.kept(version.conditions),
        actions=_kept_actions(Actions.read(version.actions)),
        safe_when_locked=version.is_safe_when_locked,
    )


def _kept_actions(kept: Actions) -> MacroActions | None:
    """Return what sending it does; a disposition counts only where the case is resolved."""
    if not kept.stored():
        return None
    return MacroActions(
        place=HERE,
        add_tags=kept.add_tags,
        remove_tags=kept.remove_tags,
        priority=kept.priority or None,
        reason=kept.reason or None,
        then=kept.then.lower() or None,
        disposition=kept.disposition if kept.then == RESOLVE else None,
        escalate_why=_as_in_a_file(kept.escalate_why) or None,
    )


def _as_in_a_file(text: str) -> str:
    """Return a text as reading a file gives it; what comes from a browser ends lines otherwise."""
    return "\n".join(text.splitlines()).strip()


def write(macro: Macro) -> None:
    line = macro.line_of_business
    macro_from_file(
        key=macro.key,
        lob=LineOfBusiness.objects.get(key=line) if line else None,
        title=macro.name,
        texts=macro.bodies,
        actions=_stored(macro.actions),
        conditions=conditions.stored(macro.conditions),
        is_safe_when_locked=macro.safe_when_locked,
    )


def _stored(actions: MacroActions | None) -> Actions:
    said = _said(actions) if actions else {}
    return Actions.read({**said, "then": str(said.get("then", "")).upper()})


def retire(macro: Macro) -> None:
    policy.Macro.objects.filter(key=macro.key).update(is_active=False)


def check(macro: Macro, operation: Operation, problems: Problems) -> None:
    """Report conditions and actions that name what is not there or cannot be."""
    conditions.check(macro, macro.conditions, operation, problems)
    if macro.actions:
        _check_reason(macro, macro.actions, operation, problems)
        _check_ending(macro, macro.actions, operation, problems)


def _check_reason(
    macro: Macro, actions: MacroActions, operation: Operation, problems: Problems
) -> None:
    line = macro.line_of_business
    known = {one.key for one in operation.reasons if line in (None, one.line_of_business)}
    what = "a reason of this line of business" if line else "a reason"
    refer(actions, "reason", actions.reason, known, what, problems)


def _check_ending(
    macro: Macro, actions: MacroActions, operation: Operation, problems: Problems
) -> None:
    endings = {
        one.key for one in operation.dispositions if one.line_of_business == macro.line_of_business
    }
    what = "a disposition of this line of business"
    refer(actions, "disposition", actions.disposition, endings, what, problems)
    for name, text in _contradictions(macro, actions):
        problems.at(actions.place, name, text)


def _contradictions(macro: Macro, actions: MacroActions) -> list[tuple[str, str]]:
    resolves = actions.then == RESOLVE.lower()
    found = {
        ("then", "then: a macro for every line of business cannot resolve: each has its endings"):
            resolves and macro.line_of_business is None,
        ("then", "then: say with which disposition the case is resolved"):
            resolves and macro.line_of_business is not None and not actions.disposition,
        ("disposition", 'disposition: only with "then: resolve"'):
            bool(actions.disposition) and not resolves,
        ("escalate_why", "escalate_why: a case is resolved or escalated, not both"):
            resolves and bool(actions.escalate_why),
    }  # fmt: skip
    return [problem for problem, is_so in found.items() if is_so]
