"""Which queues somebody may take cases from, and what speaks against a case for them."""

from datetime import datetime

from django.db.models import QuerySet

from caseward.core import matching
from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember
from caseward.routing.models import Borrow, Exclusion, Queue
from caseward.routing.needing import work_for
from caseward.routing.standing import worker_now


@kept_per_revision
def queues() -> dict[int, Queue]:
    return {queue.pk: queue for queue in Queue.objects.order_by("tier", "lob", "language", "pk")}


@kept_per_revision
def queues_for(staff_id: int) -> list[int]:
    """Return the queues somebody takes cases from now: their own, or the one they are lent to."""
    own = own_queues(staff_id)
    lent_to = Borrow.objects.filter(staff_id=staff_id, ended_at__isnull=True).first()
    return [lent_to.queue_id] if lent_to and lent_to.queue_id in own else own


@kept_per_revision
def own_queues(staff_id: int) -> list[int]:
    """Return the queues of somebody's tier and vendor in the LOBs and languages they work in."""
    staff = StaffMember.objects.get(pk=staff_id)
    skills = org.skills_of(staff_id)
    own = Queue.objects.filter(tier=staff.tier, vendor=staff.vendor).order_by("pk")
    return [q.pk for q in own if (q.lob_id, q.language) in skills]


@kept_per_revision
def is_pushed_to(staff_id: int) -> bool:
    """Say whether cases of any queue of somebody are offered rather than taken."""
    return any(queues()[queue_id].mode == Queue.Mode.PUSH for queue_id in queues_for(staff_id))


def colleagues_for(queue: Queue) -> QuerySet[StaffMember]:
    """Return who may take cases from a queue, by name."""
    return StaffMember.objects.filter(
        is_active=True,
        vendor=queue.vendor_id,
        team__tier=queue.tier,
        skills__lob_id=queue.lob_id,
        skills__language=queue.language,
    ).order_by("name")


def refusals(
    staff_id: int,
    reason_id: int | None,
    queue_id: int,
    now: datetime,
    case_id: int | None = None,
    channel: str = "",
) -> tuple[str, ...]:
    """Return every reason why somebody may not have such a case now, as `core.matching` names them.

    Who may read the answer is the caller's to decide: `exposure` and `opted_out` are nobody's
    business but the person's.
    """
    excluded = Exclusion.objects.filter(case_id=case_id, staff_id=staff_id) if case_id else []
    work = work_for(
        case_id=case_id or 0,
        queue=queues()[queue_id],
        reason_id=reason_id,
        channel=channel,
        now=now,
        excluded=frozenset(exclusion.staff_id for exclusion in excluded),
    )
    return matching.refusals(worker_now(staff_id, now=now), work)
