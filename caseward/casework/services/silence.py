"""The no-disclosure lock: a report to an authority of which nothing may be said."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, DisclosureLock
from caseward.casework.services.recording import record_in_house
from caseward.org.models import StaffMember
from caseward.policy.legal.disclosing import mentions_a_report

MAY_LIFT = frozenset({"LOB_LEAD", "REGIONAL_LEAD", "GLOBAL_HEAD"})


class MustKeepSilent(Exception):
    """The text tells of a report to an authority; nothing was sent."""


class MayNotLift(Exception):
    """Only delivery leads, regional leads and the global head lift the lock."""


class NoReasonGiven(Exception):
    """Locking and lifting need a reason."""


@transaction.atomic
def lock_disclosure(*, reference: str, by: StaffMember, why: str, now: datetime) -> Case:
    """Lock a case by hand; in-house staff only. Locking a locked case changes nothing.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        NoReasonGiven: nothing says why.
    """
    case = access.case_to_change(reference=reference, by=by)
    if by.vendor_id is not None:
        raise access.CaseNotVisible(reference)
    if not why.strip():
        raise NoReasonGiven
    keep_silent(case, why=why.strip(), by=by, now=now)
    return case


def keep_silent(case: Case, *, why: str, now: datetime, by: StaffMember | None = None) -> None:
    """Lock a case whose row is locked already."""
    if access.is_disclosure_locked(case):
        return
    values = {"why": why[:300], "set_at": now, "set_by": by, "lifted_at": None}
    DisclosureLock.objects.update_or_create(
        case=case, defaults={**values, "lifted_by": None, "lifted_why": ""}
    )
    record_in_house("disclosure.locked", case, at=now, by=by, why=why[:300])


@transaction.atomic
def lift_disclosure(*, reference: str, by: StaffMember, why: str, now: datetime) -> Case:
    """Lift the lock of a case.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        MayNotLift, NoReasonGiven: see there.
    """
    case = access.case_to_read(reference=reference, by=by)
    if by.vendor_id is not None:
        raise access.CaseNotVisible(reference)
    if by.role not in MAY_LIFT:
        raise MayNotLift(reference)
    if not why.strip():
        raise NoReasonGiven
    locked = DisclosureLock.objects.filter(case=case, lifted_at__isnull=True)
    if locked.update(lifted_at=now, lifted_by=by, lifted_why=why.strip()[:300]):
        record_in_house("disclosure.lifted", case, at=now, by=by, why=why.strip()[:300])
    return case


def refuse_to_disclose(case: Case, text: str, *, by: StaffMember) -> None:
    """Refuse an answer that tells of a report to an authority where nothing may be said of it.

    Tier 1 is refused on every case alike, so that a refusal tells nobody whether a lock is there.

    Raises:
        MustKeepSilent: the text does.
    """
    if mentions_a_report(text) and not may_mention_reports(case, by):
        raise MustKeepSilent(case.reference)


def may_mention_reports(case: Case, by: StaffMember) -> bool:
    """Say whether somebody may write of a report to an authority on a case."""
    return by.vendor_id is None and not access.is_disclosure_locked(case)
