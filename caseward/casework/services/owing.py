"""Gates of reasons a case no longer has: owed until somebody who is not bound by them agrees.

A case that was wrongly recognised costs two clicks: one asks, and a lead agrees. Without that a
gate would be gone round by calling the case something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.emergency.on_call import leads_of
from caseward.casework.facts import facts_of
from caseward.casework.models import Case, PastReason
from caseward.casework.services.recording import record
from caseward.casework.services.telling import tell
from caseward.core.conditions import Facts
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.policy.playbooks import Step, steps_for


class NothingOwed(Exception):
    """No gates of this reason are owed on the case, or an agreement that is to go is not there."""


class BoundByIt(Exception):
    """Only a lead in-house agrees who neither changed the reason, asked, nor works on the case."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A gate of a reason the case had."""

    step: Step
    past: PastReason


def owed_gates(case: Case, *, by: StaffMember | None = None) -> list[Owed]:
    """Return the gates a case still owes to earlier reasons.

    Args:
        by: Whoever would end the case: what they agreed to themselves does not count for them.
    """
    past = PastReason.objects.filter(case=case).exclude(reason=case.reason_id or 0)
    rows = past.select_related("reason").order_by("left_at", "pk")
    agreed = (row for row in rows if row.agreed_by_id is not None)
    forgiven = {row.pk for row in agreed if by is None or row.agreed_by_id != by.pk}
    return [owed for row in rows if row.pk not in forgiven for owed in _gates(case, row)]


def _gates(case: Case, past: PastReason) -> Iterator[Owed]:
    facts = facts_of(case)
    lob = org.lines_of_business()[past.reason.lob_id]
    as_it_was = {**facts.values, "reason": past.reason.key, "lob": lob.key}
    for step in steps_for(past.reason_id, Facts(as_it_was, facts.tags)):
        if step.is_gate:
            yield Owed(step, past)


def may_agree(case: Case, past: PastReason, by: StaffMember) -> bool:
    """Say whether somebody may agree that a case is not, and never was, about a reason."""
    is_lead = by.leads_people and by.vendor_id is None
    return is_lead and by.pk not in {past.left_by_id, past.asked_by_id, case.assignee_id}


@transaction.atomic
def ask_to_drop(*, reference: str, reason_id: int, by: StaffMember, now: datetime) -> None:
    """Ask for an earlier reason's gates to be dropped; asking twice changes nothing.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        NothingOwed: see there.
    """
    case = access.case_to_change(reference=reference, by=by)
    past = _past(case, reason_id, is_agreed=False)
    if past.asked_by_id is not None:
        return
    past.asked_by, past.asked_at = by, now
    past.save(update_fields=["asked_by", "asked_at"])
    record("playbook.drop_asked", case, at=now, by=by, past_reason_id=reason_id)
    with acting(Actor.system("playbooks")):  # a vendor's staff know none of them
        leads = [lead for lead in leads_of(case.lob_id) if may_agree(case, past, lead)]
    tell(leads, case, "playbook.drop_asked", nth=past.pk, at=now)


@transaction.atomic
def agree_to_drop(*, reference: str, reason_id: int, by: StaffMember, now: datetime) -> None:
    """Agree that the case was never about a reason: its gates are owed no more.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NothingOwed, BoundByIt: see there.
    """
    case = _locked(access.case_to_read(reference=reference, by=by))
    past = _past(case, reason_id, is_agreed=False)
    if not may_agree(case, past, by):
        raise BoundByIt(reference)
    past.agreed_by, past.agreed_at = by, now
    past.save(update_fields=["agreed_by", "agreed_at"])
    record("playbook.drop_agreed", case, at=now, by=by, past_reason_id=reason_id)


@transaction.atomic
def owe_again(*, reference: str, reason_id: int, by: StaffMember, now: datetime) -> None:
    """Take an agreement back: the gates are owed again. Any lead in-house may.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NothingOwed, BoundByIt: see there.
    """
    case = _locked(access.case_to_read(reference=reference, by=by))
    past = _past(case, reason_id, is_agreed=True)
    if by.vendor_id or not by.leads_people:
        raise BoundByIt(reference)
    past.agreed_by = past.agreed_at = past.asked_by = past.asked_at = None
    past.save(update_fields=["agreed_by", "agreed_at", "asked_by", "asked_at"])
    record("playbook.owed_again", case, at=now, by=by, past_reason_id=reason_id)


def come_along(case: Case, target: Case, *, by: StaffMember, now: datetime) -> None:
    """Let a duplicate's gates come along into the case that goes on; both rows are locked."""
    with acting(Actor.system("playbooks")):
        open_ones = PastReason.objects.filter(case=case, agreed_by=None)
        owed = [*open_ones.values_list("reason_id", flat=True), case.reason_id]
        brought = {"case": target, "left_at": now, "left_by_id": by.pk, "merged_from": case}
        PastReason.objects.bulk_create(
            [PastReason(reason_id=pk, **brought) for pk in owed if pk and pk != target.reason_id],
            ignore_conflicts=True,
        )


def go_again(case: Case) -> None:
    """Take away what a duplicate brought along: it is a case of its own again."""
    with acting(Actor.system("playbooks")):
        PastReason.objects.filter(merged_from=case).delete()


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _past(case: Case, reason_id: int, *, is_agreed: bool) -> PastReason:
    rows = PastReason.objects.filter(
        case=case, reason_id=reason_id, agreed_by__isnull=not is_agreed
    )
    past = rows.exclude(reason=case.reason_id or 0).select_related("reason").first()
    if past is None or not any(_gates(case, past)):
        raise NothingOwed(case.reference)
    return past
