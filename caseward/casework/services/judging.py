"""What tier 2 does with an escalation: accept, send on, settle or return it, and judge it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, Escalation, Expert
from caseward.casework.services.assigning.being_there import be_there
from caseward.casework.services.assigning.giving import refuse_what_is_too_much
from caseward.casework.services.escalating import (
    MOST_RETURNS,
    PICKED_UP_WITHIN,
    Destination,
    NotEscalated,
    move_case,
    move_clocks,
    place_case,
    promised_pickup,
    returns_of,
)
from caseward.casework.services.recording import record
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.resolving import AlreadyResolved
from caseward.casework.services.telling import tell
from caseward.casework.services.waking import end_snooze
from caseward.ledger import queries as ledger
from caseward.org.models import LineOfBusiness, StaffMember


class ReturnedTooOften(Exception):
    """The case went to and fro often enough: it stays in tier 2."""


class SentOnTooOften(Exception):
    """It was sent on often enough: it is settled or returned where it is, or a lead sends it on."""


class GoesNowhere(Exception):
    """It was to be sent on to where it is."""


@transaction.atomic
def accept_escalation(*, reference: str, by: StaffMember, now: datetime) -> Escalation:
    """Take an escalated case to settle or return it. Accepting twice changes nothing.

    Raises:
        CannotTakeIt: it would be more harmful material than they may meet, or want to.
        MustRest: they are in training or decompressing.
    """
    case, escalation = _open(reference, by)
    if escalation.accepted_by_id == by.pk:
        return escalation
    be_there(by, now=now)
    if case.assignee_id != by.pk:  # what is in one's hands was given with room left
        refuse_what_is_too_much(case, to=by, now=now)
    escalation.accepted_by, escalation.accepted_at = by, now
    escalation.save(update_fields=["accepted_by", "accepted_at"])
    case.assignee, case.updated_at = by, now
    case.save(update_fields=["assignee", "updated_at"])
    end_snooze(case, at=now, because="MOVED", by=by)
    move_clocks(case, "escalation.accepted", by=by, now=now)
    record("escalation.accepted", case, at=now, by=by, escalation_id=escalation.pk)
    return escalation


@transaction.atomic
def reroute_escalation(
    *,
    reference: str,
    by: StaffMember,
    why: str,
    now: datetime,
    lob: LineOfBusiness | None = None,
    expert: Expert | None = None,
    seen: int | None = None,
    pickup: timedelta = PICKED_UP_WITHIN,
    most: int = MOST_RETURNS,
) -> Escalation:
    """Send an escalation on to who should have had it; it is judged there.

    Where it was accepted already, somebody there has to accept it anew, within the same promise.

    Args:
        pickup: Within which time somebody should accept it, where no promise says.
        most: So often an escalation is sent on; then only those who lead people do.
    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NothingToSay: it is not said why.
        GoesNowhere: neither a line nor an expert is named, or it is there already.
        SentOnTooOften: see there.
    """
    if not why.strip():
        raise NothingToSay
    case, escalation = _open(reference, by, seen=seen)
    to = Destination(lob.pk if lob else None, expert)
    if to.lob_for(case) == case.lob_id and not expert:
        raise GoesNowhere(reference)
    if not by.leads_people and _times_sent_on(escalation) >= most:
        raise SentOnTooOften(reference)
    before = {"lob_id": case.lob_id, "staff_id": escalation.to_staff_id}
    was_accepted = escalation.accepted_at is not None
    escalation.kind, escalation.to_lob_id = to.kind, to.lob_for(case)
    escalation.to_staff_id = expert.staff_id if expert else None
    escalation.accepted_by = escalation.accepted_at = None
    record(
        "escalation.rerouted",
        case,
        at=now,
        by=by,
        escalation_id=escalation.pk,
        why=why.strip(),
        before=before,
        to_lob_id=escalation.to_lob_id,
        to_staff_id=escalation.to_staff_id,
    )
    end_snooze(case, at=now, because="MOVED", by=by)
    move_case(case, to, now=now)
    if was_accepted:
        escalation.pickup_due_at = promised_pickup(case, by, now) or now + pickup
    escalation.save()
    return escalation


def _times_sent_on(escalation: Escalation) -> int:
    sent_on = ledger.timeline(escalation.case_id).filter(kind="escalation.rerouted")
    return sent_on.filter(data__escalation_id=escalation.pk).count()


@transaction.atomic
def settle_escalation(
    *,
    reference: str,
    by: StaffMember,
    verdict: str,
    note: str,
    now: datetime,
    quality: str = "",
    quality_note: str = "",
    seen: int | None = None,
) -> Escalation:
    """Judge an escalation and keep the case in tier 2, to be answered there.

    Raises:
        CannotTakeIt: nobody has it, and a hard rule keeps it from whoever settles it.
    """
    case, escalation = running(reference, by, seen=seen)
    if case.assignee_id is None:
        refuse_what_is_too_much(case, to=by, now=now)
    _judge(escalation, by, Escalation.Outcome.SETTLED, verdict, note, now)
    _judge_quality(escalation, quality, quality_note)
    case.assignee, case.updated_at = case.assignee or by, now
    case.save(update_fields=["assignee", "updated_at"])
    move_clocks(case, "escalation.settled", by=by, now=now)
    record("escalation.settled", case, at=now, by=by, **_facts(escalation))
    return escalation


@transaction.atomic
def return_escalation(
    *,
    reference: str,
    by: StaffMember,
    verdict: str,
    note: str,
    now: datetime,
    quality: str = "",
    quality_note: str = "",
    most_returns: int = MOST_RETURNS,
    seen: int | None = None,
) -> Escalation:
    """Judge an escalation and give the case back to whoever raised it, with a note what to do.

    Where they are away or may not have it now, it waits in their queue instead.

    Raises:
        NothingToSay: whoever raised it is not told what to do.
        NotEscalated: nothing to return, or the case never had a tier 1.
        AlreadyResolved: tier 2 gave the final answer; settle it instead.
        ReturnedTooOften: it was returned `most_returns` times already.
    """
    if not note.strip():
        raise NothingToSay
    case, escalation = _open(reference, by, seen=seen)
    if case.vendor_id is None and escalation.from_tier == 1:
        raise NotEscalated(reference)
    if returns_of(case) >= most_returns:
        raise ReturnedTooOften(reference)
    _judge(escalation, by, Escalation.Outcome.RETURNED, verdict, note, now)
    _judge_quality(escalation, quality, quality_note)
    _give_back(case, escalation, now)
    end_snooze(case, at=now, because="MOVED", by=by)
    move_clocks(case, "escalation.returned", by=by, now=now)
    back = {"to_tier": case.tier, "to_id": case.assignee_id}
    record("escalation.returned", case, at=now, by=by, **_facts(escalation), **back)
    if escalation.raised_by:
        tell([escalation.raised_by], case, "escalation.returned", nth=escalation.pk, at=now)
    return escalation


def _give_back(case: Case, escalation: Escalation, now: datetime) -> None:
    place_case(
        case,
        tier=escalation.from_tier,
        lob_id=escalation.from_lob_id,
        status=Case.Status.OPEN if escalation.from_tier == 1 else Case.Status.ESCALATED,
        to_id=escalation.raised_by_id,
        now=now,
    )


def running(reference: str, by: StaffMember, *, seen: int | None = None) -> tuple[Case, Escalation]:
    """Return a case somebody in-house may change, with its escalation that still runs.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NotEscalated: there is none, or it is not theirs to judge.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    found = case.escalations.filter(ended_at__isnull=True).select_related("raised_by").first()
    if found is None or by.vendor_id:
        raise NotEscalated(reference)
    return case, found


def _open(reference: str, by: StaffMember, *, seen: int | None = None) -> tuple[Case, Escalation]:
    """Return what `running` does, of a case that is not finished: it goes to somebody."""
    case, escalation = running(reference, by, seen=seen)
    if case.is_finished:
        raise AlreadyResolved(reference)
    return case, escalation


def _judge(
    escalation: Escalation, by: StaffMember, outcome: str, verdict: str, note: str, now: datetime
) -> None:
    escalation.accepted_by = escalation.accepted_by or by
    escalation.accepted_at = escalation.accepted_at or now
    escalation.ended_at, escalation.outcome = now, outcome
    escalation.verdict, escalation.verdict_note = Escalation.Verdict(verdict), note.strip()
    escalation.save()


def _judge_quality(escalation: Escalation, quality: str, note: str) -> None:
    if quality:
        escalation.quality = Escalation.Quality(quality)
        escalation.quality_note = note.strip()
        escalation.save(update_fields=["quality", "quality_note"])


def _facts(escalation: Escalation) -> dict[str, Any]:
    return {
        "escalation_id": escalation.pk,
        "verdict": escalation.verdict,
        "note": escalation.verdict_note,
        "quality": escalation.quality,
        "quality_note": escalation.quality_note,
        "raised_by_id": escalation.raised_by_id,
    }
