"""One key says that somebody may come to harm; undoing a false alarm costs nobody anything."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.emergency import paging
from caseward.casework.models import Case, Emergency, StaffAlert, Worksheet
from caseward.casework.services.escalating import place_case
from caseward.casework.services.promising import hold_to_promises
from caseward.casework.services.recording import record
from caseward.casework.services.resolving import open_again
from caseward.casework.services.waking import end_snooze
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember

PAGE_WITHIN = timedelta(minutes=5)
DECIDE_WITHIN = timedelta(minutes=60)
FIRST = 1  # the highest priority


class NoEmergency(Exception):
    """No emergency runs on this case, or none that can still be taken back."""


@transaction.atomic
def raise_emergency(
    *,
    reference: str,
    by: StaffMember,
    now: datetime,
    page_within: timedelta = PAGE_WITHIN,
    decide_within: timedelta = DECIDE_WITHIN,
) -> Emergency:
    """Say that somebody may come to harm: the case comes first and whoever is on call is paged.

    Whoever may read the case may do so, whatever its state. The second time changes nothing.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
    """
    case = access.case_to_read(reference=reference, by=by)
    # As Caseward: a vendor's staff may not see who is on call, nor change what tier 2 has.
    with acting(Actor.system("emergencies")):
        case = Case.objects.select_for_update().get(pk=case.pk)
        running = running_on(case)
        if running:
            return running
        emergency = Emergency.objects.create(
            case=case,
            raised_by=by,
            raised_at=now,
            region_id=_region_of(by),
            before=_as_it_is(case),
            decision_due_at=now + decide_within,
        )
        Worksheet.objects.create(emergency=emergency)
        _put_first(case, by, now)
        record("emergency.raised", case, at=now, by=by, emergency_id=emergency.pk)
        paging.page_next(emergency, now=now, within=page_within)
    return emergency


def running_on(case: Case) -> Emergency | None:
    return Emergency.objects.filter(case=case, state__in=Emergency.RUNNING).first()


def _region_of(by: StaffMember) -> int | None:
    site = org.sites().get(by.site_id or 0)
    return site.region_id if site else None


def _as_it_is(case: Case) -> dict[str, Any]:
    return {
        "priority": case.priority,
        "tier": case.tier,
        "lob_id": case.lob_id,
        "status": case.status,
        "assignee_id": case.assignee_id,
    }


def _put_first(case: Case, by: StaffMember, now: datetime) -> None:
    if case.is_finished and case.merged_into_id is None:
        open_again(case, now=now, by=by)
    end_snooze(case, at=now, because="MOVED", by=by)
    set_priority(case, FIRST, now)


def set_priority(case: Case, priority: int, now: datetime) -> None:
    if case.priority == priority:
        return
    case.priority, case.updated_at = priority, now
    hold_to_promises(case, at=now, by=None)
    case.save(update_fields=["priority", "urgency", "updated_at"])


@transaction.atomic
def take_back_emergency(*, reference: str, by: StaffMember, now: datetime) -> Emergency:
    """Undo a false alarm: the case is as it was, and whoever was paged is told to stand down.

    Whoever raised it may, and everybody in-house, until it was decided. Nobody counts it.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NoEmergency: there is none, it was decided, or somebody else raised it.
    """
    case = access.case_to_read(reference=reference, by=by)
    with acting(Actor.system("emergencies")):
        case = Case.objects.select_for_update().get(pk=case.pk)
        emergency = running_on(case)
        if emergency is None or emergency.state == Emergency.State.DECIDED:
            raise NoEmergency(reference)
        if by.vendor_id and emergency.raised_by_id != by.pk:
            raise NoEmergency(reference)
        emergency.state, emergency.ended_at = Emergency.State.FALSE_ALARM, now
        emergency.save(update_fields=["state", "ended_at"])
        _put_back(case, emergency, now)
        back = {"to_tier": case.tier, "to_id": case.assignee_id}
        record("emergency.taken_back", case, at=now, by=by, emergency_id=emergency.pk, **back)
        _stand_down(emergency, now)
    return emergency


def _put_back(case: Case, emergency: Emergency, now: datetime) -> None:
    before = emergency.before
    set_priority(case, before["priority"], now)
    if case.tier == before["tier"]:
        return
    # Finished before, it stays open: somebody in danger was suspected after the last answer.
    waits = before["status"] if before["status"] in Case.UNFINISHED else Case.Status.REOPENED
    place_case(
        case, tier=before["tier"], lob_id=before["lob_id"], status=waits,
        to_id=before["assignee_id"], now=now,
    )  # fmt: skip


def _stand_down(emergency: Emergency, now: datetime) -> None:
    alerts = StaffAlert.objects.filter(page__emergency=emergency)
    alerts.filter(state=StaffAlert.State.QUEUED).update(state=StaffAlert.State.CANCELLED)
    told = alerts.filter(state=StaffAlert.State.SENT).values_list("page_id", flat=True)
    paging.tell_to_stand_down(emergency, set(told), now=now)
