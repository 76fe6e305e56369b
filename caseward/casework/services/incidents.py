"""Incidents: opening, gathering cases, one message to everybody concerned, closing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from caseward.casework import access
from caseward.casework.models import Case, Incident, IncidentCase
from caseward.casework.services.assigning.giving import CannotTakeIt
from caseward.casework.services.escalating import IncidentClosed, add_to_incident
from caseward.casework.services.recording import record
from caseward.casework.services.replying import NothingToSay, reply
from caseward.casework.services.resolving import AlreadyResolved
from caseward.casework.services.silence import MustKeepSilent
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.models import LineOfBusiness, StaffMember

MOST_TOLD = 200  # requesters written to in one go; more is a campaign


class Told(NamedTuple):
    """How many requesters were written to, and how many cases were left to a person."""

    cases: int
    left_out: int


class IncidentNotVisible(Exception):
    """No such incident, or not one this person may see or change."""


class TooMany(Exception):
    """More cases than can be written to in one go; `cases` says how many."""

    def __init__(self, cases: int) -> None:
        super().__init__(cases)
        self.cases = cases


@transaction.atomic
def open_incident(
    *,
    by: StaffMember,
    title: str,
    lob: LineOfBusiness,
    now: datetime,
    summary: str = "",
    is_shared: bool = True,
    parent: Case | None = None,
) -> Incident:
    """Open what gathers cases with one cause; in-house staff do.

    Raises:
        NothingToSay: it has no title.
        IncidentNotVisible: a vendor's staff member.
    """
    if by.vendor_id:
        raise IncidentNotVisible(title)
    if not title.strip():
        raise NothingToSay
    incident = Incident.objects.create(
        title=title.strip()[:120], lob=lob, summary=summary.strip(), is_shared=is_shared,
        parent=parent, opened_by=by, opened_at=now,
    )  # fmt: skip
    ledger.record(
        "incident.opened", at=now, actor_id=by.pk, actor_name=by.name,
        audience=Event.Audience.IN_HOUSE, data={"incident_id": incident.pk, "lob_id": lob.pk},
    )  # fmt: skip
    if parent:
        add_to_incident(incident, parent, by=by, now=now)
    return incident


def visible_incidents(staff: StaffMember) -> QuerySet[Incident]:
    """Return the incidents of the lines somebody sees; a vendor's staff see the shared ones."""
    incidents = Incident.objects.filter(lob_id__in=access.lobs_of(staff)).select_related("lob")
    return incidents.filter(is_shared=True) if staff.vendor_id else incidents


def incident_to_change(*, incident_id: int, by: StaffMember) -> Incident:
    """Return an incident for somebody in-house, its row locked.

    Raises:
        IncidentNotVisible: no such incident, or not theirs.
    """
    found = visible_incidents(by).select_for_update(of=("self",)).filter(pk=incident_id).first()
    if found is None or by.vendor_id:
        raise IncidentNotVisible(str(incident_id))
    return found


@transaction.atomic
def add_case(*, incident_id: int, reference: str, by: StaffMember, now: datetime) -> Case:
    """Let a case belong to an incident, without escalating it.

    Raises:
        IncidentNotVisible, IncidentClosed, access.CaseNotVisible: see there.
    """
    incident = visible_incidents(by).filter(pk=incident_id).first()
    if incident is None:
        raise IncidentNotVisible(str(incident_id))
    case = access.case_to_read(reference=reference, by=by)
    add_to_incident(incident, case, by=by, now=now)
    return case


@transaction.atomic
def remove_case(*, incident_id: int, reference: str, by: StaffMember, now: datetime) -> Case:
    """Take a case out of an incident; taking it out twice changes nothing."""
    incident = incident_to_change(incident_id=incident_id, by=by)
    case = access.case_to_read(reference=reference, by=by)
    if IncidentCase.objects.filter(incident=incident, case=case).delete()[0]:
        record("incident.left", case, at=now, by=by, incident_id=incident.pk, title=incident.title)
    return case


def unfinished_cases(incident: Incident, by: StaffMember) -> QuerySet[Case]:
    """Return the cases of an incident that still wait for their answer, oldest first."""
    cases = access.visible_cases(by).filter(incident_case__incident=incident)
    return cases.filter(status__in=Case.UNFINISHED).order_by("pk")


@transaction.atomic
def tell_everybody(
    *, incident_id: int, by: StaffMember, texts: Mapping[str, str], now: datetime, undo: timedelta
) -> Told:
    """Write to the requesters of all unfinished cases, each in their language.

    The cases stay in the hands they are in. Cases in a language without a text get none; those that
    may not be answered so, as where nothing may be said of a report, are left to a person.

    Raises:
        IncidentNotVisible: see there; or this person may not act on every case.
        NothingToSay: no text at all.
        TooMany: more than can be written to in one go.
    """
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not said:
        raise NothingToSay
    incident = incident_to_change(incident_id=incident_id, by=by)
    if by.role not in access.MOVES_ANY_CASE:
        raise IncidentNotVisible(str(incident_id))
    cases = unfinished_cases(incident, by).filter(language__in=said)
    if (count := cases.count()) > MOST_TOLD:
        raise TooMany(count)
    told = [_tell(case, by, said[case.language], now, undo) for case in cases]
    return Told(cases=sum(told), left_out=told.count(False))


def _tell(case: Case, by: StaffMember, text: str, now: datetime, undo: timedelta) -> bool:
    """Answer one case, if it may be answered so; return whether it was."""
    try:
        with transaction.atomic():
            reply(reference=case.reference, by=by, text=text, now=now, undo=undo, takes=False)
    except (access.NotYoursToChange, AlreadyResolved, CannotTakeIt, MustKeepSilent):
        return False
    return True


@transaction.atomic
def close_incident(*, incident_id: int, by: StaffMember, note: str, now: datetime) -> Incident:
    """Close an incident; its cases stay as they are, and can be told before.

    Raises:
        IncidentNotVisible: see there.
        IncidentClosed: somebody closed it first.
    """
    incident = incident_to_change(incident_id=incident_id, by=by)
    if incident.closed_at:
        raise IncidentClosed(incident.title)
    incident.closed_by, incident.closed_at, incident.closing_note = by, now, note.strip()
    incident.save(update_fields=["closed_by", "closed_at", "closing_note"])
    ledger.record(
        "incident.closed", at=now, actor_id=by.pk, actor_name=by.name,
        audience=Event.Audience.IN_HOUSE, data={"incident_id": incident.pk, "note": note.strip()},
    )  # fmt: skip
    return incident


@transaction.atomic
def reopen_incident(*, incident_id: int, by: StaffMember, now: datetime) -> Incident:
    """Undo the closing of an incident."""
    incident = incident_to_change(incident_id=incident_id, by=by)
    if incident.closed_at is None:
        return incident
    incident.closed_by = incident.closed_at = None
    incident.save(update_fields=["closed_by", "closed_at"])
    ledger.record(
        "incident.reopened", at=now, actor_id=by.pk, actor_name=by.name,
        audience=Event.Audience.IN_HOUSE, data={"incident_id": incident.pk},
    )  # fmt: skip
    return incident
