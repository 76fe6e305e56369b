"""Who has a case open: a hint with a lease, told to those who look at the case too.

What is open is also what somebody meets: `wellbeing` counts the time.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from caseward.casework.models import Case, Presence
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.wellbeing import services as wellbeing
from caseward.wellbeing.models import Modality, Source

LEASE = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody else who has the case open.

    `name` is empty where the reader may not know it: a vendor's staff and in-house colleagues.
    """

    staff_id: int
    name: str
    is_writing: bool


@transaction.atomic
def heartbeat(*, case: Case, staff: StaffMember, is_writing: bool, now: datetime) -> None:
    """Say that somebody still has the case open; tell the others when that is news."""
    was = Presence.objects.filter(case=case, staff=staff, seen_at__gt=now - LEASE).first()
    Presence.objects.update_or_create(
        case=case, staff=staff, defaults={"seen_at": now, "is_writing": is_writing}
    )
    shown(case=case, staff=staff, now=now, is_heard=True)
    if was is None or was.is_writing != is_writing:
        _tell(case, staff)


def shown(
    *,
    case: Case,
    staff: StaffMember,
    now: datetime,
    modality: str = Modality.TEXT,
    is_heard: bool = False,
) -> None:
    """Say that a case is on somebody's screen, or a picture or recording of it.

    Args:
        is_heard: The page says so by itself, and will again.
    """
    reason = policy.reasons().get(case.reason_id or 0)
    wellbeing.began(
        case.pk,
        staff.pk,
        reason.severity if reason else 0,
        reason.category if reason else "",
        now,
        modality=modality,
        source=Source.HELD if case.assignee_id == staff.pk else Source.READ,
        is_heard=is_heard,
    )


@transaction.atomic
def leave(*, case: Case, staff: StaffMember, now: datetime) -> None:
    """Say that somebody closed the case; leaving twice changes nothing."""
    wellbeing.ended(case.pk, staff.pk, now)
    if Presence.objects.filter(case=case, staff=staff).delete()[0]:
        _tell(case, staff)


def who_else(*, case: Case, staff: StaffMember, now: datetime) -> list[Viewer]:
    """Return the others whose lease has not run out, those who write first."""
    there = Presence.objects.filter(case=case, seen_at__gt=now - LEASE).exclude(staff=staff)
    rows = list(there.order_by("-is_writing", "staff_id").values_list("staff_id", "is_writing"))
    names = dict(
        StaffMember.objects.filter(pk__in=[pk for pk, _ in rows]).values_list("pk", "name")
    )
    return [Viewer(pk, names.get(pk, ""), is_writing) for pk, is_writing in rows]


def forget_old_presence(*, now: datetime) -> int:
    """Remove what a closed browser left behind; return how many rows."""
    return Presence.objects.filter(seen_at__lte=now - LEASE).delete()[0]


def _tell(case: Case, staff: StaffMember) -> None:
    news = {
        "case": case.pk,
        "kind": "presence",
        "by": staff.pk,
        "vendor": case.vendor_id,
        "audience": "EVERYONE",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('caseward', %s)", [json.dumps(news)])
