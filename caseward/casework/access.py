"""The only doors to a case: what somebody may see, and what they may change.

"Not yours" and "does not exist" are answered alike. PostgreSQL repeats the vendor's part of this
(`migrations/0002_rights.py`); the filters here also let an index serve the query.
"""

from django.db.models import Q, QuerySet

from caseward.casework.models import (
    Case,
    DisclosureLock,
    Emergency,
    EmergencyPage,
    Escalation,
    HelpRequest,
)
from caseward.ledger import queries as ledger
from caseward.org import queries as org
from caseward.org.acting import Actor, acting, current_actor
from caseward.org.models import StaffMember

SEES_EVERY_LOB = frozenset({"TEAM_LEADER", "REGIONAL_LEAD", "GLOBAL_HEAD", "VENDOR_MANAGER"})
MOVES_ANY_CASE = frozenset({"TEAM_LEADER", "LOB_LEAD", "REGIONAL_LEAD"})


class CaseNotVisible(Exception):
    """No such case, or not one this person may see."""


class NotYoursToChange(Exception):
    """The person may read the case but somebody else, or another tier, holds it."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the case after the page was shown; nothing was done.

    `events` holds what happened since, oldest first.
    """

    def __init__(self, events: list[str]) -> None:
        super().__init__(f"{len(events)} newer events")
        self.events = events


def lobs_of(staff: StaffMember) -> set[int]:
    """Return the lines of business whose cases somebody may see."""
    if staff.role in SEES_EVERY_LOB:
        return set(org.lines_of_business())
    return {lob_id for lob_id, _ in org.skills_of(staff.pk)}


def visible_cases(staff: StaffMember) -> QuerySet[Case]:
    """Return the cases somebody may see: of their lines, and those they are called to."""
    if staff._state.adding:  # no row: Caseward itself, made by `services.automatic`
        return Case.objects.all()
    cases = Case.objects.filter(Q(lob_id__in=lobs_of(staff)) | _called_to(staff))
    if staff.vendor_id:
        cases = cases.filter(vendor_id=staff.vendor_id)
    return cases


def _called_to(staff: StaffMember) -> Q:
    """Cases whose help somebody is asked for, whose emergency they were paged for, or that were
    escalated to them by name."""
    helps = HelpRequest.objects.filter(asked_to_help(staff), state=HelpRequest.State.OPEN)
    called = Q(pk__in=helps.values("case_id"))
    if staff.vendor_id is None:
        paged = EmergencyPage.objects.filter(staff=staff, emergency__state__in=Emergency.RUNNING)
        called |= Q(pk__in=paged.values("emergency__case_id"))
        called |= Q(assignee=staff, tier=2)
        named = Escalation.objects.filter(to_staff=staff, ended_at__isnull=True)
        called |= Q(pk__in=named.values("case_id"))
    return called


def asked_to_help(staff: StaffMember) -> Q:
    """Say which requests for help are for somebody: by name, or as one of those in-house."""
    asked = Q(to_staff=staff)
    if staff.vendor_id is None:
        for lob_id, language in org.skills_of(staff.pk):
            asked |= Q(to_lob=lob_id, to_language=language)
    return asked


def case_to_read(*, reference: str, by: StaffMember) -> Case:
    """Return a case somebody may see.

    Raises:
        CaseNotVisible: no such case, or not this person's.
    """
    try:
        return visible_cases(by).get(reference=reference)
    except Case.DoesNotExist:
        raise CaseNotVisible(reference) from None


def case_to_change(*, reference: str, by: StaffMember, seen: int | None = None) -> Case:
    """Return a case somebody may change, its row locked until the transaction ends.

    Args:
        seen: The number of the last event the person had seen; None where that does not matter.
    Raises:
        CaseNotVisible: no such case, or not this person's.
        NotYoursToChange: somebody else or the other tier holds it.
        ChangedMeanwhile: others did something after event `seen`.
    """
    case = _locked(case_to_read(reference=reference, by=by))
    if not may_change(case, by):
        raise NotYoursToChange(reference)
    if seen is not None:
        _refuse_if_changed(case, by, seen)
    return case


def may_change(case: Case, staff: StaffMember) -> bool:
    """Say whether somebody may act on a case now: it is in their tier, and nobody else holds it."""
    if staff.role in MOVES_ANY_CASE:
        return True
    if case.tier != staff.tier:
        return False
    return case.assignee_id in {None, staff.pk}


def is_disclosure_locked(case: Case) -> bool:
    """Say whether nothing may be said of a report to an authority, whoever asks."""
    locks = DisclosureLock.objects.filter(case_id=case.pk, lifted_at__isnull=True)
    if current_actor().role not in {"cw_vendor", "cw_requester"}:
        return locks.exists()
    with acting(Actor.system("law")):
        return locks.exists()


def _locked(case: Case) -> Case:
    # A row a vendor's staff may read but not update, having been escalated, cannot be locked.
    return Case.objects.select_for_update().filter(pk=case.pk).first() or case


def _refuse_if_changed(case: Case, by: StaffMember, seen: int) -> None:
    newer = ledger.newer_by_others(case.pk, than=seen, actor_id=by.pk)
    events = [event.kind for event in newer if event.kind not in QUIET]
    if events:
        raise ChangedMeanwhile(events)


# What happens by itself and changes nothing an answer depends on.
QUIET = frozenset(
    {
        "case.acknowledged", "mail.sent", "mail.failed", "clock.missed", "survey.asked",
        "survey.declined", "case.snoozed", "case.woken", "emergency.paged", "clock.warned",
        "clock.recomputed", "clock.lapsed",
        "emergency.page_missed", "emergency.nobody_on_call",
    }
)  # fmt: skip
