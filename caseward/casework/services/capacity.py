"""Noticing where caps on exposure leave nobody for cases that wait, and when somebody is there.

Routing gives such cases to nobody. So that this is not silent, an incident says which caps met
which deadline. Opt-outs play their part and are never named.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services.assigning.matching import due_at
from caseward.casework.services.recording import record_in_house
from caseward.core.exposure import Left
from caseward.policy import queries as policy
from caseward.routing import availability
from caseward.routing import queries as routing
from caseward.wellbeing import queries as wellbeing
from caseward.wellbeing.queries import Room

# Kinds of waiting cases that a cap or an opt-out could keep from somebody, each with its most
# urgent case.
WAITING = """
    SELECT c.queue_id, r.severity, r.category, count(*), min(c.urgency),
           (array_agg(c.id ORDER BY c.urgency, c.id))[1]
    FROM casework_case c JOIN policy_reason r ON r.id = c.reason_id
    WHERE c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
        AND c.reason_id = ANY(%s)
    GROUP BY 1, 2, 3
"""
type Kind = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Pile:
    queue_id: int
    severity: int
    category: str
    cases: int
    urgency: int
    case_id: int

    @property
    def kind(self) -> Kind:
        return self.queue_id, self.severity, self.category


@dataclass(frozen=True, slots=True)
class _People:
    """Who is at work, what each may be given and why not more."""

    rooms: dict[int, Room]
    left: dict[int, Left]

    def who_takes(self, staff: Collection[int], pile: _Pile) -> bool:
        return any(self.rooms[one].takes(pile.severity, pile.category) for one in staff)

    def caps_against(self, staff: Collection[int], severity: int) -> list[str]:
        held = (self.left[one] for one in staff if self.left[one].max_severity < severity)
        return sorted({str(code) for left in held for code in left.because})

    def free_at(self, staff: Collection[int]) -> datetime | None:
        ends = [until for one in staff if (until := self.rooms[one].until) is not None]
        return min(ends, default=None)


@transaction.atomic
def note_capacity(*, now: datetime) -> int:
    """Open, refresh and end capacity incidents; return how many opened or ended.

    Said twice, the second time changes nothing. Only Caseward itself may.
    """
    piles = {pile.kind: pile for pile in _waiting()}
    open_ones = {_kind(one): one for one in _open().select_for_update()}
    queues = {queue_id for queue_id, *_rest in piles}
    at_work = {queue_id: _at_work(queue_id) for queue_id in queues}
    people = _people(sorted({one for staff in at_work.values() for one in staff}), now)
    changed = 0
    for kind, pile in piles.items():
        changed += _note(pile, at_work[pile.queue_id], people, open_ones.pop(kind, None), now)
    for incident in open_ones.values():
        _end(incident, now)
        changed += 1
    return changed


def _waiting() -> list[_Pile]:
    reasons = policy.reasons().values()
    demanding = [reason.pk for reason in reasons if reason.severity or reason.category]
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [demanding])
        return [_Pile(*row) for row in cursor.fetchall()]


def _open() -> QuerySet[CapacityIncident]:
    return CapacityIncident.objects.filter(ended_at__isnull=True)


def _kind(incident: CapacityIncident) -> Kind:
    return incident.queue_id, incident.severity, incident.category


def _at_work(queue_id: int) -> list[int]:
    """Return who takes cases from a queue and is there now."""
    able = routing.colleagues_for(routing.queues()[queue_id]).values_list("pk", flat=True)
    states = availability.states_of(able)
    return sorted(pk for pk, held in states.items() if held.state in availability.AT_WORK)


def _people(staff: Sequence[int], now: datetime) -> _People:
    return _People(wellbeing.rooms_of(staff, now), wellbeing.left_of(staff, now))


def _note(
    pile: _Pile,
    staff: list[int],
    people: _People,
    incident: CapacityIncident | None,
    now: datetime,
) -> int:
    if people.who_takes(staff, pile):
        if incident is not None:
            _end(incident, now)
        return int(incident is not None)
    if incident is None and not staff:
        return 0  # nobody is there at all: no cap is the cause
    is_new = incident is None
    incident = incident or CapacityIncident(
        queue_id=pile.queue_id, severity=pile.severity, category=pile.category, opened_at=now
    )
    incident.case_id, incident.cases, incident.at_work = pile.case_id, pile.cases, len(staff)
    incident.caps = people.caps_against(staff, pile.severity) or incident.caps
    incident.due_at, incident.free_at = due_at(pile.urgency), people.free_at(staff)
    incident.save()
    if is_new:
        _tell(incident, now)
    return int(is_new)


def _end(incident: CapacityIncident, now: datetime) -> None:
    incident.ended_at = now
    incident.save(update_fields=["ended_at"])
    _tell(incident, now)


def _tell(incident: CapacityIncident, now: datetime) -> None:
    kind = "capacity.restored" if incident.ended_at else "capacity.short"
    assert incident.case_id is not None  # only an overrun names no case, and it begins ended
    case = Case.objects.get(pk=incident.case_id)
    record_in_house(
        kind,
        case,
        at=now,
        incident_id=incident.pk,
        queue_id=incident.queue_id,
        cases=incident.cases,
        caps=incident.caps,
        deadline=incident.due_at.isoformat() if incident.due_at else None,
    )
