"""Notices on the desk: one person is told of something they can still do about a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from caseward.casework.emergency.on_call import on_call
from caseward.casework.models import Case, Notice
from caseward.org.models import Skill, StaffMember, Team
from caseward.routing import availability

MOST_SHOWN = 50


def to_be_told(case: Case, *, now: datetime, in_house: bool = False) -> list[StaffMember]:
    """Return who can still act on a case.

    That is its agent. Where it has none, or they are not at work, it is who leads a team that works
    its queue; else who is first on call.

    Args:
        in_house: Leave out a vendor's staff, who may not know of it.
    """
    active = StaffMember.objects.filter(is_active=True)
    if in_house:
        active = active.filter(vendor=None)
    holder = active.filter(pk=case.assignee_id).first() if case.assignee_id else None
    if holder and _may_be_there(holder):
        return [holder]
    leaders = _leaders(case)
    if in_house:
        leaders = [leader for leader in leaders if leader.vendor_id is None]
    others = leaders or _first_on_call(case, now)
    return list({who.pk: who for who in [holder, *others] if who}.values())


def _may_be_there(staff: StaffMember) -> bool:
    held = availability.states_of([staff.pk]).get(staff.pk)
    return held is None or held.state in availability.AT_WORK


def _leaders(case: Case) -> list[StaffMember]:
    skilled = Skill.objects.filter(lob_id=case.lob_id, language=case.language)
    teams = Team.objects.filter(
        tier=case.tier, pk__in=skilled.values("staff__team_id"), leader__is_active=True
    )
    if case.tier == 1 and case.vendor_id is not None:
        teams = teams.filter(vendor_id=case.vendor_id)
    found = teams.select_related("leader").order_by("pk")
    return list({team.leader_id: team.leader for team in found if team.leader}.values())


def _first_on_call(case: Case, now: datetime) -> list[StaffMember]:
    rotas = on_call(region_id=None, lob_id=case.lob_id, now=now)
    first = [who.staff_id for people in rotas for who in people][:1]
    return list(StaffMember.objects.filter(pk__in=first))


def notify(
    people: Iterable[StaffMember],
    *,
    case: Case,
    about: str,
    kind: str,
    data: dict[str, Any],
    at: datetime,
) -> None:
    """Tell people of a case; a notice about the same takes the place of the one before."""
    for who in people:
        Notice.objects.update_or_create(
            case=case,
            staff=who,
            about=about[:82],
            defaults={"kind": kind, "data": data, "at": at, "read_at": None},
        )


def unread(staff: StaffMember) -> QuerySet[Notice]:
    """Return what somebody has not yet read, newest first."""
    mine = Notice.objects.filter(staff_id=staff.pk, read_at__isnull=True)
    return mine.select_related("case").order_by("-at", "-id")


def mark_read(*, staff: StaffMember, now: datetime, notice_id: int | None = None) -> int:
    """Mark one notice as read, or all of somebody's."""
    mine = Notice.objects.filter(staff_id=staff.pk, read_at__isnull=True)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    return mine.update(read_at=now)
