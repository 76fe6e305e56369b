"""Who may be escalated to by what they know."""

from caseward.casework.models import Expert
from caseward.org.catalogue import kept_per_revision


@kept_per_revision
def experts() -> dict[int, Expert]:
    """Return the experts in use by their number, by line of business and key."""
    active = Expert.objects.filter(is_active=True)
    return {expert.pk: expert for expert in active.order_by("lob__position", "key")}
