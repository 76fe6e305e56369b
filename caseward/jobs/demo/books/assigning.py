"""What taking and handing on write (`casework.services.assigning`)."""

from caseward.casework.models import Case
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, hold_clocks_to
from caseward.routing import services as routing
from caseward.sla import services as sla


def take_next(book: Book, act: acts.TakeNext) -> None:
    case = book.case
    case.assignee_id, case.updated_at = act.by.id, act.at
    if case.status == Case.Status.NEW:
        case.status = Case.Status.OPEN
    book.record("case.assigned", act.at, act.by, to_id=act.by.id, to_name=act.by.name, how="next")


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
    hold_clocks_to(book, {promise.kind: promise for promise in planned})
    book.refresh_urgency()
    book.record(
        "case.transferred",
        act.at,
        act.by,
        from_lob_id=from_lob_id,
        language=act.language,
        why=act.why,
    )
