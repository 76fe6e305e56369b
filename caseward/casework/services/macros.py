"""Sending an answer that macros were used for: what they do is done in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, MacroUse, Message
from caseward.casework.services.escalating import escalate_case
from caseward.casework.services.replying import reply
from caseward.casework.services.sorting import (
    change_priority,
    change_reason,
    how_sorted,
    set_tags,
)
from caseward.core.edits import edited_share
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.policy.macro_actions import PENDING, RESOLVE, Actions
from caseward.policy.models import Disposition, MacroVersion


class NoSuchEnding(Exception):
    """A macro resolves with a disposition its line of business no longer has; nothing was sent."""


@dataclass(frozen=True, slots=True)
class ChosenMacro:
    """A macro in an answer: in which language, as what it was inserted, whether it may act."""

    version: MacroVersion
    language: str
    rendered: str
    acts: bool = True

    @property
    def actions(self) -> Actions:
        return Actions.read(self.version.actions) if self.acts else Actions()


@transaction.atomic
def reply_with_macros(
    *,
    reference: str,
    by: StaffMember,
    text: str,
    now: datetime,
    undo: timedelta,
    macros: Sequence[ChosenMacro],
    seen: int | None = None,
    is_pending: bool = False,
    disposition: Disposition | None = None,
    takes: bool = True,
) -> Message:
    """Answer as `reply` does, carry out what the macros do, and note how far they were edited.

    What a macro does goes before what the writer chose; of two macros the later one counts.

    Raises:
        NoSuchEnding: a macro resolves with a disposition that is no longer there.
        FactsMissing: a macro escalates, and tier 2 asks for facts that a person has to give.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    wanted, before = [macro.actions for macro in macros], how_sorted(case)
    for actions in wanted:
        _sort(case, actions, by, now)
        is_pending = actions.then == PENDING or (is_pending and actions.then != RESOLVE)
        disposition = _ending(case, actions) or (None if actions.then == PENDING else disposition)
    message = reply(
        reference=reference, by=by, text=text, now=now, undo=undo, seen=seen,
        is_pending=is_pending, disposition=disposition, takes=takes,
        sorted_before=_changed(case, before),
    )  # fmt: skip
    _note_uses(message, macros, text, now)
    for macro, actions in zip(macros, wanted, strict=True):
        _escalate(case, macro, actions, by, now)
    return message


def _sort(case: Case, actions: Actions, by: StaffMember, now: datetime) -> None:
    known = {reason.key: reason for reason in policy.reasons_of(case.lob_id)}
    if actions.reason in known:
        change_reason(reference=case.reference, by=by, reason=known[actions.reason], now=now)
    if actions.priority:
        change_priority(reference=case.reference, by=by, priority=actions.priority, now=now)
    if actions.add_tags or actions.remove_tags:
        kept = [tag for tag in case.tags if tag not in actions.remove_tags]
        set_tags(reference=case.reference, by=by, tags=[*kept, *actions.add_tags], now=now)
    case.refresh_from_db(fields=["tags", "priority", "reason"])


def _changed(case: Case, before: dict[str, Any]) -> dict[str, Any]:
    """Return how the case was sorted before macros, where they changed it."""
    now = how_sorted(case)
    return {name: value for name, value in before.items() if now[name] != value}


def _ending(case: Case, actions: Actions) -> Disposition | None:
    if actions.then != RESOLVE:
        return None
    for disposition in policy.dispositions_of(case.lob_id):
        if disposition.key == actions.disposition:
            return disposition
    raise NoSuchEnding(actions.disposition)


def _note_uses(message: Message, macros: Sequence[ChosenMacro], text: str, now: datetime) -> None:
    if not macros:
        return
    share = edited_share("\n\n".join(macro.rendered for macro in macros), text)
    by_version = {macro.version.pk: macro for macro in macros}
    MacroUse.objects.bulk_create(
        MacroUse(
            message=message, case_id=message.case_id, version=macro.version,
            language=macro.language, edited_share=share, at=now,
        )
        for macro in by_version.values()
    )  # fmt: skip


def _escalate(
    case: Case, macro: ChosenMacro, actions: Actions, by: StaffMember, now: datetime
) -> None:
    if actions.escalate_why and case.tier == 1:
        escalate_case(
            reference=case.reference, by=by, why=actions.escalate_why,
            tried=macro.version.title, facts={}, now=now,
        )  # fmt: skip
        case.refresh_from_db(fields=["tier"])
