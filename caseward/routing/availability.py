"""What people are doing now: said by themselves, ended by time, or noticed when a page is closed.

Every change is an event in the person's own chain, whose `case_id` is minus their number.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org import planned
from caseward.org.acting import current_actor
from caseward.org.models import StaffMember
from caseward.routing.models import Availability

HEARD_AT_MOST_EVERY = timedelta(seconds=15)
THERE_FOR_AN_OFFER = timedelta(seconds=75)
GONE_AFTER = timedelta(minutes=10)
AT_WORK = (Availability.State.AVAILABLE, Availability.State.BUSY)
COLUMNS = [field.attname for field in Availability._meta.concrete_fields]
HOLD = "SELECT {columns} FROM routing_availability WHERE staff_id = %s FOR UPDATE"


class EndsTooEarly(Exception):
    """The time given for the end has passed already."""


@transaction.atomic
def set_state(
    *,
    staff: StaffMember,
    state: str,
    why: str,
    now: datetime,
    by: StaffMember | None = None,
    until: datetime | None = None,
) -> Availability:
    """Say what somebody is doing from now on; saying the same again changes nothing.

    Args:
        by: Who says so; None where the person does.
        until: When it ends by itself and the person is available again.
    Raises:
        EndsTooEarly: `until` is not after `now`.
    """
    if until is not None and until <= now:
        raise EndsTooEarly(until)
    held = _held(staff.pk, now)
    why = why.strip()[:200]
    if (held.state, held.why, held.until) == (state, why, until):
        return held
    held.state, held.why, held.since, held.until = Availability.State(state), why, now, until
    if by is None or by.pk == staff.pk:
        held.seen_at = now
    held.save(update_fields=["state", "why", "since", "until", "seen_at"])
    _record(held, by=by or staff, now=now)
    return held


@transaction.atomic
def heard_from(*, staff: StaffMember, now: datetime) -> None:
    """Note that somebody's page is open; at most one write every quarter of a minute."""
    known = Availability.objects.filter(pk=staff.pk)
    if known.filter(seen_at__gt=now - HEARD_AT_MOST_EVERY).exists() or known.update(seen_at=now):
        return
    _begin(staff.pk, now)


def states_of(staff_ids: Iterable[int]) -> dict[int, Availability]:
    """Return what people are doing, by their number; who never said so is not in it."""
    return Availability.objects.in_bulk(list(staff_ids))


def hold(staff_id: int) -> Availability | None:
    """Lock what somebody does: who counts their cases and gives them one does so alone."""
    found = planned.rows(HOLD.format(columns=", ".join(COLUMNS)), [staff_id])
    return Availability.from_db(None, COLUMNS, found[0]) if found else None


@transaction.atomic
def end_what_is_over(*, now: datetime) -> int:
    """Make people available whose break is over, and off whose page was closed; return how many."""
    over = Availability.objects.select_for_update(skip_locked=True).filter(until__lte=now)
    gone = Availability.objects.select_for_update(skip_locked=True).filter(
        state__in=AT_WORK, seen_at__lt=now - GONE_AFTER
    )
    back, left = list(over.order_by("pk")), list(gone.order_by("pk"))
    for held in back:
        _end(held, Availability.State.AVAILABLE, "", now)
    for held in left:
        _end(held, Availability.State.OFF, "GONE", now)
    return len(back) + len(left)


def go_off(held: Availability, *, now: datetime) -> None:
    """Note that nobody is at somebody's page."""
    _end(held, Availability.State.OFF, "GONE", now)


def miss_offer(held: Availability, *, now: datetime) -> None:
    """Note that somebody did not answer an offer: they are asked no more until they say so."""
    _end(held, Availability.State.BUSY, "MISSED", now)


def _held(staff_id: int, now: datetime) -> Availability:
    held = hold(staff_id)
    if held is None:
        _begin(staff_id, now)
        held = hold(staff_id)
    assert held is not None  # begun by us or, at the same moment, by another page of theirs
    return held


def _begin(staff_id: int, now: datetime) -> None:
    """Write that somebody is off, where nothing is written yet: two pages may do so at once."""
    begun = Availability(staff_id=staff_id, since=now, seen_at=now)
    Availability.objects.bulk_create([begun], ignore_conflicts=True)


def _end(held: Availability, state: Availability.State, why: str, now: datetime) -> None:
    held.state, held.why, held.since, held.until = state, why, now, None
    held.save(update_fields=["state", "why", "since", "until"])
    _record(held, by=None, now=now)


def _record(held: Availability, *, by: StaffMember | None, now: datetime) -> None:
    kinds = {
        Availability.State.AVAILABLE: "staff.available",
        Availability.State.BUSY: "staff.busy",
        Availability.State.BREAK: "staff.break",
        Availability.State.TRAINING: "staff.training",
        Availability.State.DECOMPRESSING: "staff.decompressing",
        Availability.State.OFF: "staff.off",
    }
    actor = current_actor()
    until = held.until.isoformat() if held.until else None
    ledger.record(
        kinds[Availability.State(held.state)],
        case_id=-held.staff_id,
        at=now,
        actor_id=by.pk if by else actor.staff_id,
        actor_name=by.name if by else actor.name,
        audience=Event.Audience.EVERYONE,
        data={"staff_id": held.staff_id, "why": held.why, "until": until},
    )
