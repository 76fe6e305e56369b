"""Carrying bulk actions out, a batch at a time.

A batch is one transaction: whoever is killed in it has done nothing, and the next batch begins
where the last one ended. The action's row is locked meanwhile, so no two batches overlap.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction

from caseward.casework import access
from caseward.casework.access import CaseNotVisible, ChangedMeanwhile, NotYoursToChange
from caseward.casework.bulk.choosing import leave_trace
from caseward.casework.bulk.verbs import VERBS, CannotBeDone, CannotBeUndone, Doing, refusal
from caseward.casework.models import BulkAction, BulkItem
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember

logger = logging.getLogger(__name__)

BATCH = 25
States = BulkItem.State
REFUSALS: dict[type[Exception], str] = {
    CaseNotVisible: "gone",
    NotYoursToChange: "not_yours",
    ChangedMeanwhile: "changed",
}


def to_carry_on() -> list[int]:
    """Return the actions that are not over, oldest first."""
    running = [BulkAction.State.RUNNING, BulkAction.State.UNDOING]
    return list(
        BulkAction.objects.filter(state__in=running).order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def carry_on(*, action_id: int, now: datetime, batch: int = BATCH) -> int:
    """Do the next cases of an action as whoever started it; return how many.

    0 means that the action is over, or that somebody else is at it.
    """
    action = (
        BulkAction.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("by")
        .filter(pk=action_id)
        .first()
    )
    if action is None or not action.is_running:
        return 0
    is_undo = action.state == BulkAction.State.UNDOING
    left = States.DONE if is_undo else States.WAITING
    items = list(_next(action, left, batch)) if action.by.is_active else []
    for item in items:
        _treat(item, action, now, is_undo=is_undo)
    if not items:
        _end(action, now, is_undo=is_undo)
    return len(items)


def _next(action: BulkAction, state: str, batch: int) -> list[BulkItem]:
    chosen = action.items.filter(state=state).select_related("case").order_by("case_id")
    return list(chosen[:batch])


def _treat(item: BulkItem, action: BulkAction, now: datetime, *, is_undo: bool) -> None:
    left, treat = (States.KEPT, _undo) if is_undo else (States.SKIPPED, _do)
    try:
        with acting(Actor.staff(action.by)):
            treat(item, action, now)
    except OperationalError:
        raise  # a deadlock, say: the batch is done again
    except Exception as problem:
        item.state, item.why = left, _word_for(problem)
        logger.info("bulk.left_out action=%s case=%s %s", action.pk, item.case_id, item.why)
        if item.why == "broke":
            logger.exception("bulk.broke action=%s case=%s", action.pk, item.case_id)
    item.save(update_fields=["state", "why", "before", "did"])


def _do(item: BulkItem, action: BulkAction, now: datetime) -> None:
    verb = VERBS[action.kind]
    doing = _doing(item, action, action.by, now, seen=item.seen)
    item.why = refusal(verb, doing.case, action.about)
    if item.why:
        item.state = States.SKIPPED
        return
    item.before = verb.does(doing)
    item.state, item.did = States.DONE, ledger.last_number(item.case_id)


def _undo(item: BulkItem, action: BulkAction, now: datetime) -> None:
    newer = ledger.timeline(item.case_id).filter(seq__gt=item.did)
    if newer.exclude(kind__in=access.QUIET).exists():
        raise CannotBeUndone("changed")
    doing = _doing(item, action, action.by, now, seen=item.did)
    VERBS[action.kind].undoes(doing, item.before)
    item.state = States.UNDONE


def _doing(
    item: BulkItem, action: BulkAction, by: StaffMember, now: datetime, *, seen: int
) -> Doing:
    case = access.case_to_change(reference=item.case.reference, by=by, seen=seen)
    return Doing(case, action.about, by, now)


def _word_for(problem: Exception) -> str:
    if isinstance(problem, CannotBeDone):
        return str(problem.args[0])
    for kind, word in REFUSALS.items():
        if isinstance(problem, kind):
            return word
    return "refused" if type(problem).__module__.startswith("caseward.") else "broke"


def _end(action: BulkAction, now: datetime, *, is_undo: bool) -> None:
    ended = BulkAction.State.UNDONE if is_undo else BulkAction.State.DONE
    action.state = ended if action.by.is_active else BulkAction.State.CANCELLED
    action.ended_at = now
    action.save(update_fields=["state", "ended_at"])
    leave_trace("bulk.ended", action, action.by, now, **_counts(action))


def _counts(action: BulkAction) -> dict[str, Any]:
    done = action.items.filter(state=States.DONE).count()
    undone = action.items.filter(state=States.UNDONE).count()
    return {"done": done, "undone": undone}
