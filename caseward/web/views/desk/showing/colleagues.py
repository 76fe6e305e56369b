"""Names of staff as a reader may know them: a vendor's staff know their own people only."""

from django.utils.translation import gettext as _

from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember


@kept_per_revision
def _people_of(vendor_id: int) -> frozenset[int]:
    return frozenset(StaffMember.objects.filter(vendor_id=vendor_id).values_list("pk", flat=True))


def name_for(reader: StaffMember, *, staff_id: int | None, name: str) -> str:
    """Return who did something, in the words a vendor's staff may read."""
    if staff_id is None or reader.vendor_id is None or staff_id in _people_of(reader.vendor_id):
        return name
    return _("In-house specialist")
