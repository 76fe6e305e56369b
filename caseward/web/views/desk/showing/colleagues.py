"""Names of staff as a reader may know them: a vendor's staff know their own people only."""

from django.utils.translation import gettext as _

from caseward.org import queries as org
from caseward.org.models import StaffMember


def name_for(reader: StaffMember, *, staff_id: int | None, name: str) -> str:
    """Return who did something, in the words a vendor's staff may read."""
    return name if org.may_name(reader, staff_id) else _("In-house specialist")
