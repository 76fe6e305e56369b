"""Who may write, review and release what others then use."""

from caseward.org import queries as org
from caseward.org.models import StaffMember

OWNS_EVERYTHING = frozenset({"REGIONAL_LEAD", "GLOBAL_HEAD"})
VERIFIES = frozenset({"TEAM_LEADER", "LOB_LEAD", *OWNS_EVERYTHING})


class NotYoursToWrite(Exception):
    """Somebody else writes or releases this; nothing was changed."""


def may_open(staff: StaffMember) -> bool:
    """Say whether somebody may see drafts and figures of macros, playbooks and rules."""
    return staff.vendor_id is None


def may_write(staff: StaffMember, lob_id: int | None) -> bool:
    """Say whether somebody may write drafts: whoever in-house works in the line of business."""
    if not may_open(staff):
        return False
    if staff.role in OWNS_EVERYTHING or staff.role == "TEAM_LEADER":
        return True
    return staff.role in {"LOB_LEAD", "SPECIALIST"} and lob_id in lobs_of(staff)


def may_release(staff: StaffMember, lob_id: int | None) -> bool:
    """Say whether somebody answers for a line of business, or for all of them."""
    if staff.vendor_id is not None:
        return False
    if staff.role in OWNS_EVERYTHING:
        return True
    return staff.role == "LOB_LEAD" and lob_id in lobs_of(staff)


def may_verify(staff: StaffMember) -> bool:
    """Say whether somebody may say that a helpline answers."""
    return staff.vendor_id is None and staff.role in VERIFIES


def lobs_of(staff: StaffMember) -> set[int | None]:
    """Return the lines of business whose work somebody knows; None never is one of them."""
    return {lob_id for lob_id, _ in org.skills_of(staff.pk)}
