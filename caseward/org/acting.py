"""Saying who acts. PostgreSQL shows and takes only the rows of whoever that is.

The program signs in to PostgreSQL as a role that may do nothing by itself. Inside `acting` it
becomes one of four roles: in-house staff (`cw_staff`), a vendor's staff (`cw_vendor`, their
vendor's cases), a requester (`cw_requester`, one case) or Caseward itself (`cw_system`, which may
all that staff may, and what no manager may). Outside, there are no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from caseward.org.catalogue import known_revision
from caseward.org.models import StaffMember

SET_ACTOR = """
    SELECT set_config('role', %s, true), set_config('app.vendor', %s, true),
           set_config('app.case', %s, true), set_config('app.staff', %s, true),
           (SELECT number FROM org_revision)
"""


class NobodyActs(Exception):
    """A row was asked for before anybody said who acts; wrap the code in `acting(...)`."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a staff member, Caseward itself, or a requester on their own case."""

    name: str
    role: str
    staff_id: int | None = None
    vendor_id: int | None = None
    case_id: int | None = None

    @classmethod
    def system(cls, part: str) -> "Actor":
        """Return Caseward itself, naming the part of it that acts, such as `mail`."""
        return cls(name=f"Caseward ({part})", role="cw_system")

    @classmethod
    def staff(cls, member: StaffMember) -> "Actor":
        role = "cw_vendor" if member.vendor_id else "cw_staff"
        return cls(name=member.name, role=role, staff_id=member.pk, vendor_id=member.vendor_id)

    @classmethod
    def requester(cls, case_id: int) -> "Actor":
        return cls(name="Requester", role="cw_requester", case_id=case_id)


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    actor = _actor.get()
    if actor is None:
        raise NobodyActs("Nobody acts here: wrap this in acting(...).")
    return actor


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Run a transaction as `actor`; inside another, put the outer actor back at the end."""
    outer = _actor.get()
    actor_before, revision_before = _actor.set(actor), known_revision.set(None)
    try:
        with transaction.atomic():
            _tell_postgresql(actor)
            yield actor
            # A rolled-back transaction puts the outer actor back by itself.
            if outer is not None and not connection.needs_rollback:
                _tell_postgresql(outer)
    finally:
        known_revision.reset(revision_before)
        _actor.reset(actor_before)


def _tell_postgresql(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            SET_ACTOR,
            [
                actor.role,
                str(actor.vendor_id or ""),
                str(actor.case_id or ""),
                str(actor.staff_id or ""),
            ],
        )
        known_revision.set(cursor.fetchone()[-1])
