"""What the final answer and opening again write (`casework.services.resolving`)."""

from datetime import datetime
from typing import TYPE_CHECKING

from caseward.casework.models import Case
from caseward.casework.services.recording import urgency_of
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, start_clock_again, stop_clock, work_place
from caseward.sla.models import ClockKind

if TYPE_CHECKING:
    from caseward.jobs.demo.world import Member


def resolve(book: Book, act: acts.Resolve) -> None:
    finish(book, at=act.at, by=act.by, disposition_id=act.disposition_id)


def finish(book: Book, *, at: datetime, by: "Member", disposition_id: int) -> None:
    case = book.case
    case.status, case.resolved_at = Case.Status.RESOLVED, at
    case.disposition_id, case.updated_at = disposition_id, at
    case.assignee_id = case.assignee_id or by.id
    first_met = stop_clock(book, ClockKind.FIRST_RESPONSE, at)
    met = stop_clock(book, ClockKind.RESOLUTION, at)
    case.urgency = urgency_of(None, case.priority)
    book.record(
        "case.resolved",
        at,
        by,
        disposition_id=disposition_id,
        met=met,
        first_met=first_met,
        **work_place(by),
    )


def open_again(book: Book, at: datetime, part: str) -> None:
    """Open a finished case again because its requester wrote."""
    case = book.case
    case.status, case.resolved_at, case.disposition_id = Case.Status.REOPENED, None, None
    case.reopened_count += 1
    case.updated_at = at
    start_clock_again(book, ClockKind.RESOLUTION, at)
    book.refresh_urgency()
    due_at = book.tightest_deadline()
    book.record_itself("case.reopened", at, part, deadline=due_at.isoformat() if due_at else None)
