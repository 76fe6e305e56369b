"""*Next case*: the best of what waits at the heads of somebody's queues, never for two people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework.campaigns.working import waiting_in_campaigns
from caseward.casework.models import Case
from caseward.casework.services.assigning.being_there import be_there
from caseward.casework.services.assigning.giving import give
from caseward.casework.services.assigning.matching import Waiting, as_works, reasons_kept
from caseward.core.matching import Term, Work, Worker, preference, refusals, score_of
from caseward.org import planned
from caseward.org.models import StaffMember
from caseward.routing import holding_back
from caseward.routing import queries as routing
from caseward.routing.models import Queue
from caseward.routing.needing import barred_reasons
from caseward.routing.standing import with_exposure, worker_asking
from caseward.routing.weighing import weights

HEADS = 3
"""So many of each queue are compared: the most urgent decides, what fits decides between them."""

MOST_LOOKS = 25


class NothingToTake(Exception):
    """No case waits in any queue this person may take from."""


# The heads of each queue by its own index. One query over all queues at once would sort every
# waiting case (measured: 30 times slower).
LOOK = """
    SELECT head.* FROM unnest(%(queues)s::bigint[], %(until)s::bigint[], %(barred)s::text[])
        AS q (id, until, barred), LATERAL (
        SELECT c.id, c.queue_id, c.reason_id, c.urgency, c.priority, c.channel, c.opened_at
        FROM casework_case c
        WHERE c.queue_id = q.id AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
            AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
            AND c.urgency < q.until AND c.id <> ALL (%(passed)s::bigint[])
            AND COALESCE(c.reason_id, 0) <> ALL (q.barred::bigint[]) {vendor}
        ORDER BY c.urgency, c.id LIMIT {heads} {lock}
    ) head
    ORDER BY head.urgency, head.id
"""

# The first of these that still waits. SKIP LOCKED passes over what a colleague is taking this very
# moment, so nobody waits and no case goes to two people.
CLAIM = """
    SELECT c.id FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
    JOIN casework_case c ON c.id = wanted.id
    WHERE c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    ORDER BY wanted.place LIMIT 1 FOR UPDATE OF c SKIP LOCKED
"""


@transaction.atomic
def take_next_case(*, by: StaffMember, now: datetime) -> Case:
    """Give somebody the best case they may take; never the same one to two people.

    Asking for a case says that one is there: who was off or on a break is available from now on.

    Raises:
        MustRest: they are in training or decompressing.
        NothingToTake: nothing waits for them.
    """
    be_there(by, now=now)
    worker = worker_asking(by.pk, now=now)
    how, taken = "campaign", _of_campaigns(worker, by, now)
    if taken is None:
        how, taken = "next", _claimed(worker, by, now)
    if taken is None:
        raise NothingToTake
    case_id, why = taken
    case = Case.objects.get(pk=case_id)
    give(case, to=by, by=by, now=now, how=how, why=why)
    return case


def _of_campaigns(
    worker: Worker, by: StaffMember, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    """Return the case claimed from a campaign somebody helps with, by the same rules as ever."""
    queues = [queue.pk for queue in _pulled(by.pk) if not queue.is_paused]
    rows = waiting_in_campaigns(by.pk, queue_ids=queues)
    if not rows:
        return None
    works = as_works([Waiting(*row) for row in rows], for_whom=[by.pk], now=now)
    if any(work.severity or work.category for work in works):
        worker = with_exposure(worker, now=now)
    return _best(*_ranked(worker, works))


def _claimed(worker: Worker, by: StaffMember, now: datetime) -> tuple[int, dict[str, Any]] | None:
    """Return the case claimed and why, looking further where hard rules bar every head.

    What somebody may still meet is asked only once something harmful is among the heads: most
    cases are not, and the question is the dearest of all.

    The first look locks nothing, so that people who ask at the same moment see the same heads. If
    colleagues took all of them meanwhile, the next look locks what it sees.
    """
    queues = [queue for queue in _pulled(by.pk) if not queue.is_paused]
    passed: list[int] = []
    lock = is_harm_weighed = False
    for _ in range(MOST_LOOKS):
        heads = _look(queues, worker, by, passed, now, lock=lock)
        if not heads:
            return None
        works = as_works(heads, for_whom=[by.pk], now=now)
        if not is_harm_weighed and any(work.severity or work.category for work in works):
            worker, is_harm_weighed = with_exposure(worker, now=now), True
        ranked, refused = _ranked(worker, works)
        claimed = _claim([work.id for _, work in ranked])
        if claimed is not None:
            terms = next(terms for terms, work in ranked if work.id == claimed)
            return claimed, reasons_kept(terms, weights(), of=len(ranked), refused=refused)
        passed += [work.id for work in works]
        lock = bool(ranked)
    return None


def _pulled(staff_id: int) -> list[Queue]:
    queues = (routing.queues()[queue_id] for queue_id in routing.queues_for(staff_id))
    return [queue for queue in queues if queue.mode == Queue.Mode.PULL]


def _look(
    queues: Sequence[Queue],
    worker: Worker,
    by: StaffMember,
    passed: Sequence[int],
    now: datetime,
    *,
    lock: bool,
) -> list[Waiting]:
    values: dict[str, Any] = {
        "queues": [queue.pk for queue in queues],
        "until": [holding_back.urgency_held_from(queue, now=now) for queue in queues],
        "barred": [_as_array(barred_reasons(worker, queue, now=now)) for queue in queues],
        "passed": list(passed),
        "vendor": by.vendor_id,
    }
    sql = LOOK.format(
        heads=HEADS,
        vendor="AND c.vendor_id = %(vendor)s" if by.vendor_id else "",
        lock="FOR UPDATE SKIP LOCKED" if lock else "",
    )
    return [Waiting(*row) for row in planned.rows(sql, values)]


def _as_array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _ranked(
    worker: Worker, works: Sequence[Work]
) -> tuple[list[tuple[tuple[Term, ...], Work]], Counter[str]]:
    """Return what somebody may have, best first, and what speaks against the rest."""
    refused: Counter[str] = Counter()
    fit = []
    for work in works:
        code = next(iter(refusals(worker, work)), "")
        if code:
            refused[code] += 1
        else:
            fit.append((preference(worker, work, weights()), work))
    return sorted(fit, key=lambda one: (score_of(one[0]), one[1].id)), refused


def _best(
    ranked: Sequence[tuple[tuple[Term, ...], Work]], refused: Counter[str]
) -> tuple[int, dict[str, Any]] | None:
    """Claim the first of these that still waits; return it and why it was the best."""
    claimed = _claim([work.id for _, work in ranked])
    if claimed is None:
        return None
    terms = next(terms for terms, work in ranked if work.id == claimed)
    return claimed, reasons_kept(terms, weights(), of=len(ranked), refused=refused)


def _claim(case_ids: Sequence[int]) -> int | None:
    found = planned.rows(CLAIM, [list(case_ids)])
    return int(found[0][0]) if found else None
