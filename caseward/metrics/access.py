"""Who may see figures, and of which work."""

from dataclasses import dataclass

from caseward.casework.access import lobs_of
from caseward.org.models import StaffMember, Team


class FiguresNotVisible(Exception):
    """This person does not lead, and figures are for those who do."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The lines of business whose figures somebody may see, and the teams they begin with."""

    lob_ids: frozenset[int]
    own_team_ids: frozenset[int]


def reach_of(staff: StaffMember) -> Reach:
    """Return whose figures somebody may see: those of the cases they may see.

    Raises:
        FiguresNotVisible: an agent or a specialist.
    """
    if not staff.leads_people or staff.vendor_id:
        raise FiguresNotVisible(staff.key)
    own = Team.objects.filter(leader=staff).values_list("pk", flat=True)
    return Reach(frozenset(lobs_of(staff)), frozenset(own))
