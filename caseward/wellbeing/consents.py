"""Asking somebody to take one case in spite of a cap: theirs to say, and a *no* leaves no mark.

Requests are read as Caseward itself for whoever is asked, and by whoever asked as themselves, to
whom PostgreSQL shows everything but that somebody said no.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.wellbeing.models import Consent

HOLDS_FOR = timedelta(minutes=30)
MAY_ASK = frozenset(
    {StaffMember.Role.LOB_LEAD, StaffMember.Role.REGIONAL_LEAD, StaffMember.Role.GLOBAL_HEAD}
)


ASK = """
    INSERT INTO wellbeing.consent (case_id, staff_id, asked_by_id, why, asked_at, expires_at)
    VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
"""


class MayNotAsk(Exception):
    """Only a lead of a line of business, or above, asks; of somebody else, and with a reason."""


class TooLateToAnswer(Exception):
    """The request has run out, or was answered before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as whoever made it sees it: agreed to, or not (yet)."""

    id: int
    case_id: int
    staff_id: int
    why: str
    asked_at: datetime
    expires_at: datetime
    agreed_at: datetime | None


def ask(*, case_id: int, staff: StaffMember, by: StaffMember, why: str, now: datetime) -> int:
    """Ask somebody; return the number of the request.

    Raises:
        MayNotAsk: not this person, not oneself, or not without a reason.
    """
    if by.role not in MAY_ASK or by.pk == staff.pk or not why.strip():
        raise MayNotAsk(by.pk)
    values: list[Any] = [case_id, staff.pk, by.pk, why.strip()[:300], now, now + HOLDS_FOR]
    with connection.cursor() as cursor:
        cursor.execute(ASK, values)  # as the person: PostgreSQL says who may, too
        return int(cursor.fetchone()[0])


def asked_by(staff: StaffMember, *, since: datetime) -> list[Asked]:
    """Return what somebody asked of others, newest first."""
    columns = ("id", "case_id", "staff_id", "why", "asked_at", "expires_at", "agreed_at")
    rows = Consent.objects.filter(asked_by=staff, asked_at__gte=since).order_by("-asked_at", "-id")
    return [Asked(*row) for row in rows.values_list(*columns)]


def open_requests_of(staff: StaffMember, now: datetime) -> list[Consent]:
    """Return what somebody is asked and has not answered."""
    with acting(Actor.system("wellbeing")):
        return list(_open(now).filter(staff=staff).select_related("asked_by").order_by("pk"))


def agree(*, request_id: int, by: StaffMember, now: datetime) -> Consent:
    """Say yes.

    Raises:
        TooLateToAnswer: see there.
    """
    with acting(Actor.system("wellbeing")):
        request = _mine(request_id, by, now)
        request.agreed_at = now
        request.save(update_fields=["agreed_at"])
        return request


def decline(*, request_id: int, by: StaffMember, now: datetime) -> None:
    """Say no. Whoever asked sees no difference to no answer, and nothing is recorded."""
    with acting(Actor.system("wellbeing")):
        request = _mine(request_id, by, now)
        request.declined_at = now
        request.save(update_fields=["declined_at"])


def _mine(request_id: int, by: StaffMember, now: datetime) -> Consent:
    request = _open(now).filter(pk=request_id, staff=by).select_for_update().first()
    if request is None:
        raise TooLateToAnswer(request_id)
    return request


def _open(now: datetime) -> QuerySet[Consent]:
    return Consent.objects.filter(
        expires_at__gt=now, agreed_at__isnull=True, declined_at__isnull=True
    )
