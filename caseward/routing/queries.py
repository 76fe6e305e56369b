"""Which queues somebody may take cases from."""

from django.db.models import QuerySet

from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember
from caseward.routing.models import Borrow, Queue


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


def colleagues_for(queue: Queue) -> QuerySet[StaffMember]:
    """Return who may take cases from a queue, by name."""
    return StaffMember.objects.filter(
        is_active=True,
        vendor=queue.vendor_id,
        team__tier=queue.tier,
        skills__lob_id=queue.lob_id,
        skills__language=queue.language,
    ).order_by("name")
