"""Which queues somebody may take cases from."""

from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember
from caseward.routing.models import Queue


@kept_per_revision
def queues_for(staff_id: int) -> list[int]:
    """Return the queues of somebody's tier and vendor in the LOBs and languages they work in."""
    staff = StaffMember.objects.get(pk=staff_id)
    skills = org.skills_of(staff_id)
    own = Queue.objects.filter(tier=staff.tier, vendor_id=staff.vendor_id).order_by("pk")
    return [q.pk for q in own if (q.lob_id, q.language) in skills]
