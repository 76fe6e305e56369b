"""Who works a case: the next one, a chosen one, given back, handed on."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.recording import record, refresh_urgency
from caseward.casework.services.waking import end_snooze
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.routing import queries as routing_queries
from caseward.routing import services as routing
from caseward.sla import services as sla


class NothingToTake(Exception):
    """No case waits in any queue this person may take from."""


class CannotTakeIt(Exception):
    """The chosen person does not work in this tier, vendor, line of business and language."""


# The head of each queue by its own index, then the most urgent of the heads. One query over all
# queues at once would sort every waiting case (measured: 30 times slower). SKIP LOCKED passes over
# heads a colleague is taking this very moment, so nobody waits and no case goes to two people.
NEXT = """
    SELECT head.id FROM unnest(%s::bigint[]) AS q (id), LATERAL (
        SELECT c.id, c.urgency FROM casework_case c
        WHERE c.queue_id = q.id AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
            AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED') {vendor}
        ORDER BY c.urgency, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) head
    ORDER BY head.urgency, head.id LIMIT 1
"""


@transaction.atomic
def take_next_case(*, by: StaffMember, now: datetime) -> Case:
    """Give somebody the most urgent case they may take; never the same one to two people.

    Raises:
        NothingToTake: nothing waits for them.
    """
    queues = routing_queries.queues_for(by.pk)
    vendor = "AND c.vendor_id = %s" if by.vendor_id else ""
    values: list[Any] = [queues, by.vendor_id] if by.vendor_id else [queues]
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(vendor=vendor), values)
        found = cursor.fetchone()
    if found is None:
        raise NothingToTake
    case = Case.objects.get(pk=found[0])
    _give(case, to=by, by=by, now=now, how="next")
    return case


@transaction.atomic
def take_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Take a chosen case.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        CannotTakeIt: somebody who works another tier or vendor.
    """
    case = access.case_to_change(reference=reference, by=by)
    if case.assignee_id != by.pk:
        _give(case, to=by, by=by, now=now, how="chosen")
    return case


@transaction.atomic
def assign_case(*, reference: str, to: StaffMember, by: StaffMember, now: datetime) -> Case:
    """Give a case to a colleague.

    Raises:
        CannotTakeIt: the colleague may not work this case.
    """
    case = access.case_to_change(reference=reference, by=by)
    _give(case, to=to, by=by, now=now, how="assigned")
    return case


def _give(case: Case, *, to: StaffMember, by: StaffMember, now: datetime, how: str) -> None:
    if (
        case.is_finished
        or not to.is_active
        or case.queue_id not in routing_queries.queues_for(to.pk)
    ):
        raise CannotTakeIt(case.reference)
    end_snooze(case, at=now, because="MOVED", by=by)
    case.assignee, case.updated_at = to, now
    if case.status == Case.Status.NEW:
        case.status = Case.Status.OPEN
    case.save(update_fields=["assignee", "status", "updated_at"])
    record("case.assigned", case, at=now, by=by, to_id=to.pk, to_name=to.name, how=how)


@transaction.atomic
def release_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Give a case back to its queue."""
    case = access.case_to_change(reference=reference, by=by)
    end_snooze(case, at=now, because="MOVED", by=by)
    case.assignee, case.updated_at = None, now
    case.save(update_fields=["assignee", "updated_at"])
    record("case.released", case, at=now, by=by)
    return case


@transaction.atomic
def transfer_case(
    *,
    reference: str,
    by: StaffMember,
    lob: LineOfBusiness,
    language: str,
    why: str,
    now: datetime,
) -> Case:
    """Hand a case to another line of business or language inside its tier.

    In tier 1 the case stays with its vendor where that vendor serves the new queue; in-house staff
    may hand it to whichever vendor does.

    Raises:
        routing.NowhereToWait: the vendor does not serve that line of business and language.
    """
    case = access.case_to_change(reference=reference, by=by)
    queue = routing.queue_of(
        tier=case.tier,
        vendor_id=case.vendor_id if case.tier == 1 else None,
        lob_id=lob.pk,
        language=language,
    )
    end_snooze(case, at=now, because="MOVED", by=by)
    from_lob_id, case.lob, case.language, case.queue = case.lob_id, lob, language, queue
    case.reason = case.reason if case.reason and case.reason.lob_id == lob.pk else None
    case.assignee, case.updated_at = None, now
    sla.restart_under(case_id=case.pk, lob_id=lob.pk, priority=case.priority)
    refresh_urgency(case)
    case.save(
        update_fields=["lob", "language", "queue", "reason", "assignee", "updated_at", "urgency"]
    )
    record(
        "case.transferred", case, at=now, by=by, from_lob_id=from_lob_id, language=language, why=why
    )
    return case
