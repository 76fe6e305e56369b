"""Putting a case into somebody's hands, and taking it out again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.assigning.being_there import RESTS, be_there
from caseward.casework.services.assigning.matching import case_as_work, ties_of
from caseward.casework.services.recording import record
from caseward.casework.services.waking import end_snooze
from caseward.core import matching
from caseward.org.models import StaffMember
from caseward.routing import availability, standing

CHOSEN_BY_ONESELF = frozenset({"off_shift", "unavailable", "queue_paused"})
"""What does not hold somebody back who picks a case themselves."""

GIVEN_BY_HAND = frozenset({"unavailable", "queue_paused"})
GIVEN_WITH_A_REASON = GIVEN_BY_HAND | {"off_shift", "capacity"}
"""What a lead who says why may pass over; what protects people and requesters is not in it."""


KEPT_BESIDE_ROUTING = frozenset({"exposure", "opted_out", "independence"})
"""What protects people and requesters holds, too, where somebody makes a case theirs in passing."""


class CannotTakeIt(Exception):
    """The person may not have this case; `reasons` are the codes of `core.matching`."""

    def __init__(self, reference: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reference}: {', '.join(reasons) or 'finished'}")
        self.reasons = reasons


@transaction.atomic
def take_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Take a chosen case.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        CannotTakeIt: a hard rule speaks against it.
        MustRest: they are in training or decompressing.
    """
    case = access.case_to_change(reference=reference, by=by)
    if case.assignee_id != by.pk:
        be_there(by, now=now)
        refuse_what_is_barred(case, to=by, now=now, lifted=CHOSEN_BY_ONESELF)
        give(case, to=by, by=by, now=now, how="chosen")
    return case


@transaction.atomic
def assign_case(
    *,
    reference: str,
    to: StaffMember,
    by: StaffMember,
    now: datetime,
    override_reason: str = "",
    seen: int | None = None,
) -> Case:
    """Give a case to a colleague.

    Args:
        override_reason: Why somebody who is off shift or has no room gets it all the same.
    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        CannotTakeIt: a hard rule speaks against it.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    override_reason = override_reason.strip()
    lifted = GIVEN_WITH_A_REASON if override_reason else GIVEN_BY_HAND
    refuse_what_is_barred(case, to=to, now=now, lifted=lifted)
    why = {"override": override_reason} if override_reason else None
    give(case, to=to, by=by, now=now, how="assigned", why=why)
    return case


def refuse_what_is_barred(
    case: Case, *, to: StaffMember, now: datetime, lifted: frozenset[str]
) -> None:
    """Raise `CannotTakeIt` where a hard rule that is not lifted speaks against it."""
    if case.is_finished:
        raise CannotTakeIt(case.reference)
    if reasons := what_bars(case, to.pk, now=now, lifted=lifted):
        raise CannotTakeIt(case.reference, reasons)


def what_bars(
    case: Case, staff_id: int, *, now: datetime, lifted: frozenset[str]
) -> tuple[str, ...]:
    """Return the hard rules against it that are not lifted; whoever rests is not available."""
    held = availability.hold(staff_id)
    if held is not None and held.state in RESTS:
        lifted -= {"unavailable"}
    worker = standing.worker_now(staff_id, now=now)
    codes = matching.refusals(worker, case_as_work(case, for_whom=[staff_id], now=now))
    return tuple(code for code in codes if code not in lifted)


def refuse_if_had_a_part(case: Case, *, by: StaffMember) -> None:
    """Raise `CannotTakeIt` where somebody would end or answer what they may not judge.

    A case in one's own hands was given with this in mind; Caseward itself had no part in anything.
    """
    if by._state.adding or case.assignee_id == by.pk:
        return
    if ties_of([case.pk], [by.pk]).excluded:
        raise CannotTakeIt(case.reference, ("independence",))


def refuse_what_is_too_much(case: Case, *, to: StaffMember, now: datetime) -> None:
    """Raise `CannotTakeIt` where exposure, an opt-out, independence or a rest speaks against it.

    For verbs by which somebody makes a case theirs beside routing, such as answering it.
    """
    others = frozenset(matching.REFUSALS) - KEPT_BESIDE_ROUTING
    refuse_what_is_barred(case, to=to, now=now, lifted=others)


def give(
    case: Case,
    *,
    to: StaffMember,
    by: StaffMember | None,
    now: datetime,
    how: str,
    why: Mapping[str, Any] | None = None,
) -> None:
    """Put a case into somebody's hands. Its row is locked and nothing speaks against it."""
    end_snooze(case, at=now, because="MOVED", by=by)
    case.assignee, case.updated_at = to, now
    if case.status == Case.Status.NEW:
        case.status = Case.Status.OPEN
    case.save(update_fields=["assignee", "status", "updated_at"])
    reasons = {"why": dict(why)} if why else {}
    record("case.assigned", case, at=now, by=by, to_id=to.pk, to_name=to.name, how=how, **reasons)


@transaction.atomic
def release_case(*, reference: str, by: StaffMember, now: datetime) -> Case:
    """Give a case back to its queue."""
    case = access.case_to_change(reference=reference, by=by)
    put_back(case, by=by, now=now)
    return case


@transaction.atomic
def release_all(
    staff: StaffMember, *, by: StaffMember | None, why: str, now: datetime
) -> list[str]:
    """Give back every case in somebody's hands that is not finished; return their references.

    Whoever waits for the requester's answer is given back too: somebody else will read it.
    """
    held = Case.objects.select_for_update().filter(assignee=staff, status__in=Case.UNFINISHED)
    cases = list(held.order_by("pk"))
    for case in cases:
        put_back(case, by=by, now=now, why=why)
    return [case.reference for case in cases]


def put_back(case: Case, *, by: StaffMember | None, now: datetime, why: str = "") -> None:
    end_snooze(case, at=now, because="MOVED", by=by)
    case.assignee, case.updated_at = None, now
    case.save(update_fields=["assignee", "updated_at"])
    reasons = {"why": why} if why else {}
    record("case.released", case, at=now, by=by, **reasons)
