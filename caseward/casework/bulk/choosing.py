"""Choosing cases, deciding what to do with them, and starting, cancelling or undoing that."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched, groupby

from django.db import connection, transaction

from caseward.casework import access
from caseward.casework.bulk.reading import action_to_change
from caseward.casework.bulk.verbs import VERBS, About, refusal
from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import Filters
from caseward.casework.listing.piles import Pile, visible_to
from caseward.casework.models import BulkAction, BulkItem, Case
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember

MOST = 20_000
LOOKED_AT_ONCE = 1_000
UNSTARTED_ARE_KEPT = timedelta(days=1)

CHOOSE = """
    INSERT INTO casework_bulkitem (action_id, case_id, seen, state, why, before, did)
    SELECT %s, c.id, coalesce((
            SELECT e.seq FROM ledger_event e WHERE e.case_id = c.id ORDER BY e.seq DESC LIMIT 1
        ), 0), 'WAITING', '', '{{}}', 0
    FROM casework_case c WHERE {where} ORDER BY c.urgency, c.id LIMIT %s
"""


class NothingChosen(Exception):
    """No case was chosen, or none that this person may see."""


class NothingToDo(Exception):
    """Every chosen case is left out."""


class AlreadyStarted(Exception):
    """The action runs or is over: what it does can no longer be changed or started."""


@transaction.atomic
def choose_list(
    *,
    by: StaffMember,
    pile: Pile,
    filters: Filters,
    address: str,
    now: datetime,
    day_ends_at: datetime,
    at_most: int = MOST,
) -> BulkAction:
    """Choose every case of a narrowed list, the most urgent ones where there are too many.

    Raises:
        NothingChosen: the list is empty.
    """
    pile = pile.narrowed_by(filters)
    wanted = pile.conditions(by).joined(filters.conditions(now=now, day_ends_at=day_ends_at))
    if pile.is_by_queue:
        wanted.add("c.queue_id = ANY(%s)", list(pile.queues or ()))
    return _choose(wanted, by, address, now, at_most)


@transaction.atomic
def choose_cases(
    *, by: StaffMember, references: Iterable[str], address: str, now: datetime
) -> BulkAction:
    """Choose the cases of some references.

    Raises:
        NothingChosen: none of them is a case this person may see.
    """
    wanted = visible_to(by)
    wanted.add("c.reference = ANY(%s)", list(references))
    return _choose(wanted, by, address, now, MOST)


def _choose(
    wanted: Conditions, by: StaffMember, address: str, now: datetime, at_most: int
) -> BulkAction:
    action = BulkAction.objects.create(by=by, list_address=address[:500], created_at=now)
    with connection.cursor() as cursor:
        cursor.execute(CHOOSE.format(where=wanted.sql), [action.pk, *wanted.values, at_most + 1])
        chosen = cursor.rowcount
    if not chosen:
        raise NothingChosen
    if chosen > at_most:
        _leave_out_last(action)
    return action


def _leave_out_last(action: BulkAction) -> None:
    action.items.order_by("-pk")[:1].get().delete()
    action.is_cut = True
    action.save(update_fields=["is_cut"])


@transaction.atomic
def decide(*, action_id: int, kind: str, about: About, by: StaffMember) -> BulkAction:
    """Say what to do, and find which cases are left out and why. Nothing happens to any case yet.

    Raises:
        reading.NoSuchAction: not this person's.
        AlreadyStarted: it can no longer be changed.
    """
    action = _unstarted(action_id, by)
    action.kind, action.about = kind, about
    action.save(update_fields=["kind", "about"])
    action.items.update(state=BulkItem.State.WAITING, why="")
    for why, ids in _left_out(action, by):
        left_out = action.items.filter(case_id__in=ids)
        left_out.update(state=BulkItem.State.SKIPPED, why=why)
    return action


def _left_out(action: BulkAction, by: StaffMember) -> Iterator[tuple[str, list[int]]]:
    ids = action.items.order_by("case_id").values_list("case_id", flat=True)
    for some in batched(ids, LOOKED_AT_ONCE, strict=False):
        cases = access.visible_cases(by).prefetch_related("parties").in_bulk(some)
        refused = [(_why_left_out(action, cases.get(pk), by), pk) for pk in some]
        for why, group in groupby(sorted(refused), key=lambda pair: pair[0]):
            if why:
                yield why, [pk for _why, pk in group]


def _why_left_out(action: BulkAction, case: Case | None, by: StaffMember) -> str:
    if case is None:
        return "gone"
    if not access.may_change(case, by):
        return "not_yours"
    return refusal(VERBS[action.kind], case, action.about)


@transaction.atomic
def start(*, action_id: int, by: StaffMember, now: datetime) -> BulkAction:
    """Have the worker carry an action out. Starting it twice starts it once.

    Raises:
        reading.NoSuchAction: not this person's.
        NothingToDo: nothing was decided, or every case is left out.
        AlreadyStarted: it is over.
    """
    action = action_to_change(action_id=action_id, by=by)
    if action.state == BulkAction.State.RUNNING:
        return action
    if action.state != BulkAction.State.CHOOSING:
        raise AlreadyStarted(action_id)
    waiting = action.items.filter(state=BulkItem.State.WAITING).count()
    if not action.kind or not waiting:
        raise NothingToDo(action_id)
    action.state, action.started_at = BulkAction.State.RUNNING, now
    action.save(update_fields=["state", "started_at"])
    leave_trace("bulk.started", action, by, now, cases=waiting)
    return action


@transaction.atomic
def cancel(*, action_id: int, by: StaffMember, now: datetime) -> BulkAction:
    """Do no more; what was done stays, and can be undone. One that is over stays as it is."""
    action = action_to_change(action_id=action_id, by=by)
    if action.is_running:
        action.state, action.ended_at = BulkAction.State.CANCELLED, now
        action.save(update_fields=["state", "ended_at"])
        leave_trace("bulk.cancelled", action, by, now)
    return action


@transaction.atomic
def undo(*, action_id: int, by: StaffMember, now: datetime) -> BulkAction:
    """Have the worker put back what nothing has happened to since.

    Raises:
        NothingToDo: nothing was done, or all of it was undone.
    """
    action = action_to_change(action_id=action_id, by=by)
    if action.state == BulkAction.State.UNDOING:
        return action
    if not action.items.filter(state=BulkItem.State.DONE).exists():
        raise NothingToDo(action_id)
    action.state, action.ended_at = BulkAction.State.UNDOING, None
    action.save(update_fields=["state", "ended_at"])
    leave_trace("bulk.undoing", action, by, now)
    return action


def forget_unstarted(*, now: datetime) -> int:
    """Throw away what was chosen a day ago and never started; return how many."""
    old = BulkAction.objects.filter(
        state=BulkAction.State.CHOOSING, created_at__lt=now - UNSTARTED_ARE_KEPT
    )
    return old.delete()[0]


def _unstarted(action_id: int, by: StaffMember) -> BulkAction:
    action = action_to_change(action_id=action_id, by=by)
    if action.state != BulkAction.State.CHOOSING:
        raise AlreadyStarted(action_id)
    return action


def leave_trace(kind: str, action: BulkAction, by: StaffMember, now: datetime, **data: int) -> None:
    """Record what became of an action, among the events that belong to no case.

    As Caseward itself: a vendor's staff record on their own cases only.
    """
    facts = {"action_id": action.pk, "kind": action.kind, **data}
    with acting(Actor.system("bulk actions")):
        ledger.record(
            kind,
            at=now,
            actor_id=by.pk,
            actor_name=by.name,
            audience=Event.Audience.IN_HOUSE,
            data=facts,
        )
