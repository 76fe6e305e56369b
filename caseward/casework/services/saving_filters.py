"""Keeping a narrowed and ordered list under a name, for oneself or for a team."""

from dataclasses import dataclass
from typing import Self

from django.db import IntegrityError, transaction

from caseward.casework import access
from caseward.casework.models import SavedFilter
from caseward.org import planned
from caseward.org import queries as org
from caseward.org.models import StaffMember

MOST = 30
MOST_SHARED = 30  # that a list can show


COLUMNS = [field.attname for field in SavedFilter._meta.concrete_fields]
FILTERS = """
    SELECT {columns} FROM casework_savedfilter
    WHERE staff_id = %s OR team_id = %s::bigint OR lob_id = ANY(%s::bigint[])
    ORDER BY staff_id <> %s, name, id LIMIT {at_most}
"""


class NameTaken(Exception):
    """This person has a filter of that name already."""


class TooManyFilters(Exception):
    """This person has as many filters as a list can show."""


class NoSuchFilter(Exception):
    """No such filter, or not this person's."""


class CannotShare(Exception):
    """Not a team or line of business this person may share with."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who else finds a filter: a team, the in-house staff of a line of business, or nobody."""

    team_id: int | None = None
    lob_id: int | None = None

    def __str__(self) -> str:
        if self.team_id:
            return f"team-{self.team_id}"
        return f"lob-{self.lob_id}" if self.lob_id else ""

    @classmethod
    def of(cls, saved: SavedFilter) -> Self:
        return cls(team_id=saved.team_id, lob_id=saved.lob_id)


NOBODY_ELSE = Audience()


def audiences_of(staff: StaffMember) -> list[Audience]:
    """Return whom somebody may share filters with: a team leader their teams, leads every team."""
    if staff.role not in access.MOVES_ANY_CASE:
        return []
    leads_all = staff.role != StaffMember.Role.TEAM_LEADER
    teams = [
        Audience(team_id=pk)
        for pk, team in org.teams().items()
        if leads_all or staff.pk == team.leader_id or staff.team_id == pk
    ]
    lobs = access.lobs_of(staff)
    return [*teams, *(Audience(lob_id=pk) for pk in org.lines_of_business() if pk in lobs)]


def filters_for(staff: StaffMember) -> list[SavedFilter]:
    """Return one's own filters, then those shared with one, each by name."""
    lobs = [] if staff.vendor_id else sorted(access.lobs_of(staff))
    sql = FILTERS.format(columns=", ".join(COLUMNS), at_most=MOST + MOST_SHARED)
    found = planned.rows(sql, [staff.pk, staff.team_id, lobs, staff.pk])
    return [SavedFilter.from_db(None, COLUMNS, row) for row in found]


def save_filter(
    *, by: StaffMember, name: str, query: str, audience: Audience = NOBODY_ELSE
) -> SavedFilter:
    """Keep the address of a narrowed list.

    Raises:
        NameTaken, TooManyFilters, CannotShare: see there.
    """
    _refuse_unless_shareable(by, audience)
    if SavedFilter.objects.filter(staff=by).count() >= MOST:
        raise TooManyFilters(by.pk)
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(
                staff=by,
                name=name,
                query=query,
                team_id=audience.team_id,
                lob_id=audience.lob_id,
            )
    except IntegrityError:
        raise NameTaken(name) from None


def change_filter(
    *, by: StaffMember, filter_id: int, name: str, audience: Audience = NOBODY_ELSE
) -> None:
    """Give a filter another name, or share it with others.

    Raises:
        NameTaken, NoSuchFilter, CannotShare: see there.
    """
    _refuse_unless_shareable(by, audience)
    mine = SavedFilter.objects.filter(staff=by, pk=filter_id)
    try:
        with transaction.atomic():
            changed = mine.update(name=name, team_id=audience.team_id, lob_id=audience.lob_id)
    except IntegrityError:
        raise NameTaken(name) from None
    if not changed:
        raise NoSuchFilter(filter_id)


def delete_filter(*, by: StaffMember, filter_id: int) -> SavedFilter | None:
    """Throw a filter away and return what it was; doing so twice changes nothing."""
    found = SavedFilter.objects.filter(staff=by, pk=filter_id).first()
    if found is not None:
        SavedFilter.objects.filter(pk=found.pk).delete()
    return found


def _refuse_unless_shareable(by: StaffMember, audience: Audience) -> None:
    if audience != NOBODY_ELSE and audience not in audiences_of(by):
        raise CannotShare(str(audience))
