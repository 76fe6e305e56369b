"""What merging and linking write (`casework.services.merging`)."""

from caseward.casework.models import Case, Link
from caseward.casework.services.recording import urgency_of
from caseward.jobs.demo import acts
from caseward.jobs.demo.books.book import Book, pause_clocks, row


def merge(book: Book, act: acts.Merge) -> None:
    case, target = book.case, act.into.case
    before = {"status": str(case.status), "assignee_id": case.assignee_id}
    case.merged_into_id, case.status, case.resolved_at = target.pk, Case.Status.CLOSED, act.at
    case.urgency, case.updated_at = urgency_of(None, case.priority), act.at
    pause_clocks(book, act.at)
    book.record("case.merged", act.at, act.by, into=target.reference, before=before)
    act.into.record("case.merged_from", act.at, act.by, duplicate=case.reference)


def link(book: Book, act: acts.LinkTo) -> None:
    book.links.append(
        row(
            Link,
            id=book.registry.of("link"),
            case_id=book.case.pk,
            other_id=act.other.case.pk,
            note=act.note,
            created_at=act.at,
        )
    )
    other = act.other.case.reference
    book.record("case.linked", act.at, act.by, other=other, note=act.note)
