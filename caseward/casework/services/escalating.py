"""Handing a case up: to tier 2, another line of business, an expert or an incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import Case, Escalation, Expert, Incident, IncidentCase
from caseward.casework.services.alerting import alert_leads, line_for
from caseward.casework.services.assigning.landing import lands_on
from caseward.casework.services.clocking import hear
from caseward.casework.services.recording import record, record_in_house, refresh_urgency
from caseward.casework.services.replying import NothingToSay
from caseward.casework.services.waking import end_snooze
from caseward.org.acting import Actor, acting
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy import escalation_templates as templates
from caseward.routing import services as routing
from caseward.sla.models import ClockKind
from caseward.sla.services import Moved

PICKED_UP_WITHIN = timedelta(hours=1)
MOST_RETURNS = 2  # then a case stays where it can be settled


class AlreadyEscalated(Exception):
    """The case is with tier 2 already."""


class NotEscalated(Exception):
    """The case has no running escalation, or it is not this person's to judge."""


class FactsMissing(Exception):
    """The template asks for more; `keys` names what nobody has answered."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class IncidentClosed(Exception):
    """The incident was closed; nothing was added to it."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an escalation goes. Nothing said: to tier 2 of the case's own line of business."""

    lob_id: int | None = None
    expert: Expert | None = None
    incident: Incident | None = None

    @property
    def kind(self) -> str:
        if self.expert:
            return Escalation.Kind.EXPERT
        if self.incident:
            return Escalation.Kind.INCIDENT
        return Escalation.Kind.LOB if self.lob_id else Escalation.Kind.TIER_2

    def lob_for(self, case: Case) -> int:
        if self.expert:
            return self.expert.lob_id
        return self.lob_id or case.lob_id


@transaction.atomic
def escalate_case(
    *,
    reference: str,
    by: StaffMember,
    why: str,
    tried: str,
    now: datetime,
    seen: int | None = None,
    lob: LineOfBusiness | None = None,
    expert: Expert | None = None,
    incident: Incident | None = None,
    facts: Mapping[str, Any] | None = None,
    handover: str = "",
    pickup: timedelta = PICKED_UP_WITHIN,
    most_returns: int = MOST_RETURNS,
) -> Escalation:
    """Hand a case up, saying why and what was tried.

    Args:
        facts: Answers to the template of the case's reason; None where no form asked for them.
        handover: How tier 2 reaches whoever escalates, for questions.
        pickup: Within which time somebody should accept it, where no promise says.
        most_returns: After so many returns the case stays in tier 2, and a lead is told.
    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        NothingToSay: the reason or what was tried is missing.
        FactsMissing: the template asks for more.
        AlreadyEscalated: tier 2 has it, and it is to go no further.
        IncidentClosed: nothing is added to a closed incident.
        routing.NowhereToWait: tier 2 has no queue for it.
    """
    if not why.strip() or not tried.strip():
        raise NothingToSay
    to = Destination(lob.pk if lob else None, expert, incident)
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    _refuse_if_with_tier_2(case, to)
    asked = templates.facts_of(case.lob_id, case.reason_id)
    if facts is not None and (unsaid := templates.missing(asked, facts)):
        raise FactsMissing(unsaid)
    promised_at = promised_pickup(case, by, now)
    escalation = Escalation.objects.create(
        case=case,
        kind=to.kind,
        from_tier=case.tier,
        from_lob_id=case.lob_id,
        to_lob_id=to.lob_for(case),
        to_staff_id=expert.staff_id if expert else None,
        incident=incident,
        raised_by_id=by.pk,
        raised_at=now,
        why=why.strip(),
        tried=tried.strip(),
        asked=[fact.stored() for fact in asked],
        facts=templates.kept(asked, facts or {}),
        handover=handover.strip(),
        pickup_due_at=promised_at or now + pickup,
    )
    if incident:
        add_to_incident(incident, case, by=by, now=now)
    # Recorded first: once the case is in tier 2, its vendor's staff may read but not change it.
    record("case.escalated", case, at=now, by=by, **_raised(escalation, by))
    end_snooze(case, at=now, because="MOVED", by=by)
    _tell_of_ping_pong(case, most_returns, now)
    move_case(case, to, now=now)
    return escalation


def promised_pickup(case: Case, by: StaffMember, now: datetime) -> datetime | None:
    """Start the clocks of an escalation; return by when it is promised to be accepted."""
    started = move_clocks(case, "case.escalated", by=by, now=now).started
    pickups = [clock for clock in started if clock.kind == ClockKind.ESCALATION_PICKUP]
    return pickups[0].deadline_at if pickups else None


def move_clocks(case: Case, event: str, *, by: StaffMember, now: datetime) -> Moved:
    """Move the clocks of a case by what became of its escalation, and its urgency with them."""
    moved = hear(case, event, at=now, by=by)
    if moved.started or moved.stopped:
        refresh_urgency(case)
        case.save(update_fields=["urgency"])
    return moved


def _refuse_if_with_tier_2(case: Case, to: Destination) -> None:
    is_running = case.escalations.filter(ended_at__isnull=True).exists()
    if case.is_finished or is_running or (case.tier == 2 and to.kind == Escalation.Kind.TIER_2):
        raise AlreadyEscalated(case.reference)


def _raised(escalation: Escalation, by: StaffMember) -> dict[str, Any]:
    due_at = escalation.pickup_due_at
    return {
        "escalation_id": escalation.pk,
        "escalation_kind": escalation.kind,
        "why": escalation.why,
        "tried": escalation.tried,
        "to_lob_id": escalation.to_lob_id,
        "to_staff_id": escalation.to_staff_id,
        "incident_id": escalation.incident_id,
        "pickup_due_at": due_at.isoformat() if due_at else None,
        "team_id": by.team_id,
        "site_id": by.site_id,
    }


def add_to_incident(incident: Incident, case: Case, *, by: StaffMember, now: datetime) -> None:
    """Let a case belong to an open incident; it leaves the one it was in.

    Raises:
        IncidentClosed: it was closed meanwhile.
    """
    if not Incident.objects.filter(pk=incident.pk, closed_at__isnull=True).exists():
        raise IncidentClosed(incident.title)
    known = IncidentCase.objects.filter(case=case).first()
    if known and known.incident_id == incident.pk:
        return
    if known:
        with acting(Actor.system("incidents")):
            known.delete()
    IncidentCase.objects.create(incident=incident, case=case, added_by=by, added_at=now)
    record("incident.joined", case, at=now, by=by, incident_id=incident.pk, title=incident.title)


def _tell_of_ping_pong(case: Case, most_returns: int, now: datetime) -> None:
    """Tell a lead that a case comes up again that was returned too often."""
    returns = returns_of(case)
    if returns < most_returns:
        return
    with acting(Actor.system("escalations")):
        record_in_house("escalation.kept", case, at=now, returns=returns)

    def words(lead: StaffMember) -> tuple[str, str]:
        said = {"reference": case.reference, "returns": returns, "line": line_for(case, lead)}
        text = _(
            "Case %(reference)s in %(line)s keeps going to and fro between the tiers. "
            "It stays in tier 2 now. Please see why both sides disagree."
        )
        return _("%(reference)s was escalated again after %(returns)d returns") % said, text % said

    alert_leads(case, kind="escalation.kept", words=words, now=now)


def returns_of(case: Case) -> int:
    """Return how often a case was given back."""
    return case.escalations.filter(outcome=Escalation.Outcome.RETURNED).count()


def move_case(case: Case, to: Destination, *, now: datetime) -> None:
    """Let a case wait where an escalation goes; an expert has it at once, to accept or return."""
    lob_id = to.lob_for(case)
    holder = to.expert.staff_id if to.expert else None
    place_case(case, tier=2, lob_id=lob_id, status=Case.Status.ESCALATED, to_id=holder, now=now)


def place_case(
    case: Case, *, tier: int, lob_id: int, status: str, to_id: int | None, now: datetime
) -> None:
    """Put a case into a queue, or into somebody's hands where they may have it unasked."""
    case.queue = routing.queue_of(
        tier=tier,
        vendor_id=case.vendor_id if tier == 1 else None,
        lob_id=lob_id,
        language=case.language,
    )
    case.tier, case.lob_id, case.status = tier, lob_id, status
    case.assignee_id, case.updated_at = lands_on(case, to_id, now=now), now
    refresh_urgency(case)
    case.save(update_fields=["queue", "tier", "lob", "status", "assignee", "updated_at", "urgency"])
