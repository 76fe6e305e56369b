"""Caseward itself as somebody a verb can be called by."""

from caseward.org.models import StaffMember


def caseward_itself(part: str) -> StaffMember:
    """Return a member who is nobody: sees and moves every case, and is no row.

    Verbs record what it does under the name of the part of Caseward that acts, without an id.
    """
    return StaffMember(
        key="caseward", name=f"Caseward ({part})", role=StaffMember.Role.REGIONAL_LEAD
    )
