"""Moving cases on the floor: to a colleague, back to the queue, or many to another queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from caseward.casework import access
from caseward.casework.floor.keeping import check_mover, check_queue, move_kept
from caseward.casework.models import Case, FloorMove
from caseward.casework.services import assigning
from caseward.casework.services.assigning.moving import put_into_queue
from caseward.ledger import queries as ledger
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Queue

MOST_AT_ONCE = 500

OLDEST = """
    SELECT c.id FROM casework_case c
    WHERE c.queue_id = %s AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    ORDER BY c.id LIMIT %s FOR UPDATE SKIP LOCKED
"""


class NoOverflow(Exception):
    """The other queue is of another tier, line of business or language, or the same queue."""


class NothingWaits(Exception):
    """No case waits in the queue; somebody else took or moved them."""


@transaction.atomic
def give_case(
    *,
    reference: str,
    to: StaffMember,
    by: StaffMember,
    seen: int | None,
    now: datetime,
    why: str = "",
) -> FloorMove:
    """Give a case to somebody, unless it changed after event `seen`.

    Args:
        why: Why somebody gets it who is off shift or has no room; empty where that is no matter.
    Raises:
        MayNotMove: not one who moves cases on the floor.
        access.ChangedMeanwhile: somebody else did something with it first; nothing was changed.
        assigning.CannotTakeIt: the chosen person may not work it.
    """
    check_mover(by)
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    before = _facts(case)
    case = assigning.assign_case(reference=reference, to=to, by=by, now=now, override_reason=why)
    return _kept([case], [before], by=by, now=now, to=to.name)


@transaction.atomic
def put_back(*, reference: str, by: StaffMember, seen: int | None, now: datetime) -> FloorMove:
    """Give a case back to its queue; see `give_case`."""
    check_mover(by)
    before = _facts(access.case_to_change(reference=reference, by=by, seen=seen))
    case = assigning.release_case(reference=reference, by=by, now=now)
    return _kept([case], [before], by=by, now=now, to="")


@transaction.atomic
def overflow(
    *, source: Queue, target: Queue, count: int, by: StaffMember, now: datetime
) -> FloorMove:
    """Move the oldest waiting cases of a queue to another that does the same work.

    Cases that somebody is taking this moment stay where they are.

    Raises:
        MayNotMove, NoOverflow, NothingWaits: see there.
    """
    check_queue(source, by)
    if target not in overflow_targets(source):
        raise NoOverflow(target.pk)
    cases = _oldest(source, min(count, MOST_AT_ONCE))
    if not cases:
        raise NothingWaits(source.pk)
    before = [_facts(case) for case in cases]
    for case in cases:
        put_into_queue(case, target, by=by, why="", now=now)
    return _kept(cases, before, by=by, now=now, to_queue_id=target.pk)


def overflow_targets(source: Queue) -> list[Queue]:
    """Return the queues of other vendors that do the same work in the same language."""
    work = (source.tier, source.lob_id, source.language)
    return [
        queue
        for queue in routing.queues().values()
        if (queue.tier, queue.lob_id, queue.language) == work and queue.pk != source.pk
    ]


def _oldest(queue: Queue, count: int) -> list[Case]:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [queue.pk, max(count, 1)])
        found = [row[0] for row in cursor]
    return list(Case.objects.filter(pk__in=found).order_by("pk"))


def _facts(case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "queue_id": case.queue_id,
        "assignee_id": case.assignee_id,
        "status": case.status,
    }


def _kept(
    cases: Sequence[Case],
    before: Sequence[dict[str, Any]],
    *,
    by: StaffMember,
    now: datetime,
    **about: Any,
) -> FloorMove:
    """Keep what the cases were, and the number of their last event now."""
    versions = {case.reference: ledger.last_number(case.pk) for case in cases}
    return move_kept(
        FloorMove.Kind.MOVE,
        by=by,
        now=now,
        about={"cases": len(cases), "reference": cases[0].reference, **about},
        before={"cases": list(before), "queue_id": before[0]["queue_id"]},
        after={"versions": versions},
    )
