"""The steps of a playbook: done, confirmed by somebody else, undone; and what they gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.facts import facts_of
from caseward.casework.models import Case, PlaybookStep
from caseward.casework.services.owing import owed_gates
from caseward.casework.services.recording import record, record_in_house
from caseward.org.models import StaffMember
from caseward.policy.models import Disposition, PlaybookVersion
from caseward.policy.playbooks import Step, playbook_of, steps_for

UNDONE, NOT_ENOUGH, UNCONFIRMED = "UNDONE", "NOT_ENOUGH", "UNCONFIRMED"


class NoSuchStep(Exception):
    """The case's playbook has no such step, or it is not for this tier."""


class NotAnAnswer(Exception):
    """What was answered is no answer to this step."""


class SamePerson(Exception):
    """Whoever did a step cannot confirm it: that takes somebody else."""


class AnsweredAnew(Exception):
    """The answer is not the one the second person read; nothing was confirmed."""


class DoneByAnother(Exception):
    """A colleague did this step; they or their team leader can undo it."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """A step that stands in the way of an ending, and why: not done, not enough, unconfirmed."""

    step: Step
    why: str


class StepsMissing(Exception):
    """The playbook does not allow this ending yet; nothing was changed."""

    def __init__(self, blocking: Sequence[Blocking]) -> None:
        super().__init__(", ".join(each.step.key for each in blocking))
        self.blocking = list(blocking)


def steps_of(case: Case) -> Sequence[Step]:
    """Return the steps a case calls for now, in order."""
    return steps_for(case.reason_id, facts_of(case))


def done_steps(case: Case) -> dict[str, PlaybookStep]:
    return {step.key: step for step in PlaybookStep.objects.filter(case=case)}


def blocking_steps(
    case: Case, disposition: Disposition, *, by: StaffMember | None = None
) -> list[Blocking]:
    """Return the gates that still keep a case from this disposition, in order.

    Gates of reasons it had before are among them, unless somebody other than `by` agreed that it
    was never about those (`services.owing`).
    """
    owed = [each.step for each in owed_gates(case, by=by)]
    gates = [step for step in [*steps_of(case), *owed] if step.keeps_from(disposition.key)]
    done = done_steps(case) if gates else {}
    found = [Blocking(step, state_of(step, done.get(step.key))) for step in gates]
    return [blocking for blocking in found if blocking.why]


def state_of(step: Step, done: PlaybookStep | None) -> str:
    """Say what a step still lacks; empty when it is done as it should be."""
    if done is None or (is_in_house(step) and not done.in_house_only):
        return UNDONE
    if not step.is_answered_by(done.answer):
        return NOT_ENOUGH
    if step.asks_two_people(done.answer) and done.confirmed_by_id is None:
        return UNCONFIRMED
    return ""


def refuse_if_blocked(case: Case, disposition: Disposition, *, by: StaffMember) -> None:
    """Keep a case from an ending its playbook does not allow yet, whichever way it is asked for.

    Raises:
        StepsMissing: with the steps that are missing and why.
    """
    if blocking := blocking_steps(case, disposition, by=by):
        raise StepsMissing(blocking)


@transaction.atomic
def do_step(
    *, reference: str, by: StaffMember, key: str, answer: Mapping[str, Any], now: datetime
) -> PlaybookStep:
    """Answer a step; answering one's own again replaces the answer and any confirmation of it.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        NoSuchStep: the playbook has none of this key for this case and tier.
        NotAnAnswer: a choice that is not offered, a proof the ladder does not know, or nothing.
        DoneByAnother: undo it first.
    """
    case = access.case_to_change(reference=reference, by=by)
    step, reason_id = _step(case, key)
    if not step.may_be_done_in(by.tier):
        raise NoSuchStep(key)
    _check(step, answer)
    before = PlaybookStep.objects.filter(case=case, key=key).first()
    if before and before.done_by_id != by.pk:
        raise DoneByAnother(key)
    if before:
        before.delete()
    done = PlaybookStep.objects.create(
        case=case, version=_version(reason_id), key=key, answer=dict(answer), done_by=by,
        done_at=now, in_house_only=is_in_house(step),
    )  # fmt: skip
    leave_trace("playbook.step_done", step, case, by, now, answer=dict(answer))
    return done


@transaction.atomic
def confirm_step(
    *, reference: str, by: StaffMember, key: str, now: datetime, read: datetime | None = None
) -> PlaybookStep:
    """Confirm as a second person what somebody else did; the case stays in their hands.

    Args:
        read: When the answer that the person read was given; None where that does not matter.
    Raises:
        AnsweredAnew: it was answered anew since.
        access.CaseNotVisible: no such case, or not this person's.
        NoSuchStep: nothing of this tier's to confirm.
        SamePerson: the person did it.
    """
    case = access.case_to_read(reference=reference, by=by)
    step, _ = _step(case, key)
    done = PlaybookStep.objects.select_for_update().filter(case=case, key=key).first()
    if done is None or not step.may_be_done_in(by.tier) or case.is_finished:
        raise NoSuchStep(key)
    if done.done_by_id == by.pk:
        raise SamePerson(key)
    if read is not None and read != done.done_at:
        raise AnsweredAnew(key)
    if done.confirmed_by_id is None:
        done.confirmed_by, done.confirmed_at = by, now
        done.save(update_fields=["confirmed_by", "confirmed_at"])
        leave_trace("playbook.step_confirmed", step, case, by, now, done_by_id=done.done_by_id)
    return done


@transaction.atomic
def undo_step(*, reference: str, by: StaffMember, key: str, now: datetime) -> None:
    """Take a step back with its confirmation; nothing happens where it is not done.

    Raises:
        DoneByAnother: only who did it, or somebody who leads, may take it back.
    """
    case = access.case_to_change(reference=reference, by=by)
    step, _ = _step(case, key)
    done = PlaybookStep.objects.filter(case=case, key=key).first()
    if done is None:
        return
    if done.done_by_id != by.pk and not by.leads_people:
        raise DoneByAnother(key)
    answer = done.answer
    done.delete()
    leave_trace("playbook.step_undone", step, case, by, now, answer=answer)


def is_in_house(step: Step) -> bool:
    """Say whether only tier 2 may do a step; then a vendor's staff do not see its answer."""
    return step.tiers == (2,)


def _step(case: Case, key: str) -> tuple[Step, int]:
    """Return a step the case calls for or still owes, and the reason whose playbook has it."""
    for step in steps_of(case):
        if step.key == key:
            return step, case.reason_id or 0
    for owed in owed_gates(case):
        if owed.step.key == key:
            return owed.step, owed.past.reason_id
    raise NoSuchStep(key)


def _version(reason_id: int) -> PlaybookVersion:
    version = playbook_of(reason_id)
    assert version is not None  # a step of it was just found
    return version


def _check(step: Step, answer: Mapping[str, Any]) -> None:
    """A ladder may be climbed rung by rung; everything else is answered at once or not at all."""
    try:
        is_answer = step.is_answered_by(answer)
    except ValueError:
        raise NotAnAnswer(step.key) from None
    if not is_answer and step.check != "LADDER":
        raise NotAnAnswer(step.key)


def leave_trace(
    kind: str, step: Step, case: Case, by: StaffMember, now: datetime, **data: Any
) -> None:
    keep = record_in_house if is_in_house(step) else record
    keep(kind, case, at=now, by=by, step=step.key, **data)
