"""What taking and handing on write (`casework.services.assigning`)."""

from typing import Any

from caseward.casework.models import Case
from caseward.casework.services.assigning.matching import due_at, reasons_kept
from caseward.core.matching import Worker, preference
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, hold_clocks_to
from caseward.routing import queries as routing_queries
from caseward.routing import services as routing
from caseward.routing.needing import work_for
from caseward.routing.weighing import weights
from caseward.sla import services as sla


def take_next(book: Book, act: acts.TakeNext) -> None:
    case = book.case
    case.assignee_id, case.updated_at = act.by.id, act.at
    if case.status == Case.Status.NEW:
        case.status = Case.Status.OPEN
    book.record(
        "case.assigned",
        act.at,
        act.by,
        to_id=act.by.id,
        to_name=act.by.name,
        how="next",
        why=_why(book, act),
    )


def _why(book: Book, act: acts.TakeNext) -> dict[str, Any]:
    """Return what of the choice is known of one case alone: not what else was at the heads."""
    case = book.case
    work = work_for(
        case_id=0,
        queue=routing_queries.queues()[case.queue_id],
        reason_id=case.reason_id,
        priority=case.priority,
        due_at=due_at(case.urgency),
        opened_at=case.opened_at,
        now=act.at,
    )
    nobody_in_particular = Worker(id=act.by.id, tier=case.tier, vendor_id=case.vendor_id)
    worth = weights()
    return reasons_kept(preference(nobody_in_particular, work, worth), worth, of=0)


def transfer(book: Book, act: acts.Transfer) -> None:
    case = book.case
    queue = routing.queue_of(
        tier=case.tier,
        vendor_id=case.vendor_id if case.tier == 1 else None,
        lob_id=act.lob_id,
        language=act.language,
    )
    from_lob_id, case.lob_id = case.lob_id, act.lob_id
    case.language, case.queue_id = act.language, queue.pk
    case.reason_id = case.reason_id if from_lob_id == act.lob_id else None
    case.assignee_id, case.updated_at = None, act.at
    planned = sla.planned_clocks(lob_id=act.lob_id, priority=case.priority, at=act.at)
    book.record(
        "case.transferred",
        act.at,
        act.by,
        from_lob_id=from_lob_id,
        language=act.language,
        why=act.why,
    )
    promised = {promise.kind: promise for promise in planned}
    hold_clocks_to(book, promised, at=act.at, by=act.by)
