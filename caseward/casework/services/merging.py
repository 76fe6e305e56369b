"""Two cases that are one, and two that belong together."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from caseward.casework import access
from caseward.casework.models import Case, Link
from caseward.casework.services.assigning.landing import lands_on
from caseward.casework.services.owing import come_along, go_again
from caseward.casework.services.recording import record, refresh_urgency, urgency_of
from caseward.casework.services.waking import end_snooze
from caseward.ledger import queries as ledger
from caseward.org.models import StaffMember
from caseward.sla import services as sla


class CannotMerge(Exception):
    """The two are the same case, or one is merged already."""


@transaction.atomic
def merge_case(
    *, reference: str, into: str, by: StaffMember, now: datetime, seen: int | None = None
) -> Case:
    """Close a case as a duplicate of another; its messages stay with it and show there too.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: of either case.
        access.ChangedMeanwhile: others did something with the duplicate after event `seen`.
        CannotMerge: the two are one, one of them is merged already, or the duplicate is finished.
    """
    if reference == into:
        raise CannotMerge(reference)
    first, second = sorted([reference, into])  # always locked in the same order
    known = {reference: seen}
    locked = {
        ref: access.case_to_change(reference=ref, by=by, seen=known.get(ref))
        for ref in (first, second)
    }
    case, target = locked[reference], locked[into]
    if case.merged_into_id or target.merged_into_id or case.is_finished:
        raise CannotMerge(reference)
    end_snooze(case, at=now, because="MOVED", by=by)
    before = {"status": case.status, "assignee_id": case.assignee_id}
    case.merged_into, case.status, case.resolved_at = target, Case.Status.CLOSED, now
    case.urgency, case.updated_at = urgency_of(None, case.priority), now
    sla.pause_clocks(case_id=case.pk, at=now)
    case.save(update_fields=["merged_into", "status", "resolved_at", "urgency", "updated_at"])
    come_along(case, target, by=by, now=now)
    record("case.merged", case, at=now, by=by, into=target.reference, before=before)
    record("case.merged_from", target, at=now, by=by, duplicate=case.reference)
    return target


@transaction.atomic
def unmerge_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Undo a merge: the case is what it was, its clocks run on.

    Raises:
        CannotMerge: the case is not merged, or into one that is not this person's.
    """
    case = access.case_to_change(reference=reference, by=by)
    target = access.visible_cases(by).filter(merged=case).first()
    if target is None:
        raise CannotMerge(reference)
    before = _before_merge(case)
    case.merged_into, case.resolved_at, case.updated_at = None, None, now
    case.status, case.assignee_id = before["status"], before["assignee_id"]
    if case.status != Case.Status.PENDING:
        case.assignee_id = lands_on(case, case.assignee_id, now=now, by=by)
        sla.resume_clocks(case_id=case.pk, at=now)
    refresh_urgency(case)
    case.save(
        update_fields=["merged_into", "status", "assignee", "resolved_at", "urgency", "updated_at"]
    )
    go_again(case)
    record("case.unmerged", case, at=now, by=by, out_of=target.reference)
    return case


def _before_merge(case: Case) -> dict[str, Any]:
    event = ledger.timeline(case.pk).filter(kind="case.merged").first()
    assert event is not None  # the merge wrote it in its own transaction
    return dict(event.data["before"])


@transaction.atomic
def link_cases(
    *, reference: str, other: str, by: StaffMember, now: datetime, note: str = ""
) -> Link:
    """Say that two cases have to do with each other. Linking twice changes nothing.

    Raises:
        CannotMerge: a case cannot be linked to itself.
    """
    case = access.case_to_read(reference=reference, by=by)
    linked = access.case_to_read(reference=other, by=by)
    if case.pk == linked.pk:
        raise CannotMerge(reference)
    link, is_new = Link.objects.get_or_create(
        case=case, other=linked, defaults={"note": note[:200], "created_at": now}
    )
    if is_new:
        record("case.linked", case, at=now, by=by, other=linked.reference, note=note[:200])
    return link


@transaction.atomic
def unlink_cases(*, reference: str, other: str, by: StaffMember, now: datetime) -> None:
    """Undo a link, whichever of the two it was made from; nothing happens where there is none."""
    case = access.case_to_read(reference=reference, by=by)
    from_here = Q(case=case, other__reference=other)
    if Link.objects.filter(from_here | Q(other=case, case__reference=other)).delete()[0]:
        record("case.unlinked", case, at=now, by=by, other=other)
