"""Who may be on the floor, and which part of it somebody looks at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from caseward.casework.access import MOVES_ANY_CASE, lobs_of
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Skill, StaffMember, Team
from caseward.routing import queries as routing
from caseward.routing.models import Borrow, Queue

IN_HOUSE = 0  # stands for no vendor


class FloorNotVisible(Exception):
    """This person does not lead, and the floor is for those who do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who takes cases. `queues` are those they take from now, `own` all of theirs."""

    id: int
    key: str
    name: str
    team_id: int
    site_id: int
    vendor_id: int
    queues: frozenset[int]
    own: frozenset[int]
    lent_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A part of the floor; what is None narrows nothing, a vendor of 0 is in-house."""

    lob_ids: frozenset[int]
    lob_id: int | None = None
    vendor_id: int | None = None
    site_id: int | None = None
    team_id: int | None = None

    @property
    def is_narrowed(self) -> bool:
        chosen = (self.lob_id, self.vendor_id, self.site_id, self.team_id)
        return any(value is not None for value in chosen)

    def people(self) -> list[Worker]:
        """Return who works in this part, by team and name."""
        seen = {queue.pk for queue in routing.queues().values() if self._has_lob(queue)}
        return [worker for worker in workers() if self._has(worker) and worker.own & seen]

    def queues(self) -> list[Queue]:
        """Return the queues of this part; of a team or a site those its people take from."""
        found = [queue for queue in routing.queues().values() if self._has_queue(queue)]
        if self.team_id is None and self.site_id is None:
            return found
        taken = set().union(*(worker.own for worker in self.people()))
        return [queue for queue in found if queue.pk in taken]

    def _has(self, worker: Worker) -> bool:
        return (
            self.vendor_id in {None, worker.vendor_id}
            and self.site_id in {None, worker.site_id}
            and self.team_id in {None, worker.team_id}
        )

    def _has_lob(self, queue: Queue) -> bool:
        return queue.lob_id in self.lob_ids and self.lob_id in {None, queue.lob_id}

    def _has_queue(self, queue: Queue) -> bool:
        return self._has_lob(queue) and self.vendor_id in {None, queue.vendor_id or IN_HOUSE}


def sees_the_floor(staff: StaffMember) -> bool:
    return staff.leads_people and not staff.vendor_id


def moves_on_the_floor(staff: StaffMember) -> bool:
    return sees_the_floor(staff) and staff.role in MOVES_ANY_CASE


def widest_scope(staff: StaffMember) -> Scope:
    """Return all of the floor that somebody may see.

    Raises:
        FloorNotVisible: an agent or a specialist.
    """
    if not sees_the_floor(staff):
        raise FloorNotVisible(staff.key)
    return Scope(lob_ids=frozenset(lobs_of(staff)))


def own_team_of(staff: StaffMember) -> int | None:
    """Return the team a lead begins with: the one they lead, where it is exactly one."""
    led = list(Team.objects.filter(leader=staff).order_by("name", "pk").values_list("pk")[:2])
    return led[0][0] if len(led) == 1 else None


@kept_per_revision
def workers() -> list[Worker]:
    """Return everybody who takes cases, by team and name. Read as somebody in-house."""
    own, lent = _own_queues(), _lent()
    rows = StaffMember.objects.filter(pk__in=own).order_by("team__name", "team_id", "name", "pk")
    columns = ("pk", "key", "name", "team_id", "site_id", "vendor_id")
    return [_worker(row, own[row[0]], lent.get(row[0])) for row in rows.values_list(*columns)]


def workers_by_id() -> Mapping[int, Worker]:
    return {worker.id: worker for worker in workers()}


def _worker(row: tuple[int, str, str, int, int, int], own: set[int], lent: int | None) -> Worker:
    pk, key, name, team_id, site_id, vendor_id = row
    lent_to = lent if lent in own else None
    return Worker(
        id=pk,
        key=key,
        name=name,
        team_id=team_id or 0,
        site_id=site_id or 0,
        vendor_id=vendor_id or IN_HOUSE,
        own=frozenset(own),
        queues=frozenset({lent_to} if lent_to else own),
        lent_to=lent_to,
    )


def _own_queues() -> dict[int, set[int]]:
    """Return the queues of everybody; see `routing.queries.own_queues`, which is of one person."""
    by_place = _queues_by_place(routing.queues().values())
    skills = Skill.objects.filter(staff__is_active=True).values_list(
        "staff_id", "staff__vendor_id", "lob_id", "language"
    )
    found: dict[int, set[int]] = defaultdict(set)
    for staff_id, vendor_id, lob_id, language in skills:
        place = (1 if vendor_id else 2, vendor_id, lob_id, language)
        if queue_id := by_place.get(place):
            found[staff_id].add(queue_id)
    return found


def _queues_by_place(queues: Iterable[Queue]) -> dict[tuple[int, int | None, int, str], int]:
    return {(q.tier, q.vendor_id, q.lob_id, q.language): q.pk for q in queues}


def _lent() -> dict[int, int]:
    running = Borrow.objects.filter(ended_at__isnull=True)
    return dict(running.values_list("staff_id", "queue_id"))
