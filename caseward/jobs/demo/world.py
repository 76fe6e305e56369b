"""The operation as the simulation needs it: who works, on what, where and for which vendor."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from caseward.org.models import LineOfBusiness, Site, Skill, StaffMember, Team, Vendor
from caseward.policy.models import Disposition, MacroVersion, Reason, VersionState
from caseward.routing.models import Queue


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """Somebody who works cases, with the queues they may take from."""

    id: int
    key: str
    name: str
    vendor_id: int | None
    vendor_key: str
    team_id: int
    team_key: str
    site_id: int
    queues: tuple[int, ...]
    lobs: frozenset[int]

    @property
    def tier(self) -> int:
        return 1 if self.vendor_id else 2


@dataclass(frozen=True, slots=True)
class World:
    """Everything the simulation reads from the database, once."""

    members: Sequence[Member]
    sites: Mapping[int, Site]
    lobs: Mapping[str, LineOfBusiness]
    lob_keys: Mapping[int, str]
    reasons: Mapping[tuple[str, str], Reason]  # (line of business, reason)
    severities: Mapping[int | None, int]  # of reasons, by their number
    dispositions: Mapping[tuple[str, str], int]
    macros: Mapping[str, MacroVersion]  # the released ones
    queues: Mapping[int, Queue]
    platform: str
    able: Mapping[int, Sequence[Member]] = field(repr=False)  # queue → who may take from it

    def lob_id(self, key: str) -> int:
        return self.lobs[key].pk


def read_world(platform: str) -> World:
    """Read the organisation as it stands."""
    queues = {queue.pk: queue for queue in Queue.objects.order_by("pk")}
    members = _members(queues)
    lobs = {lob.key: lob for lob in LineOfBusiness.objects.order_by("position", "key")}
    lob_keys = {lob.pk: key for key, lob in lobs.items()}
    return World(
        members=members,
        sites={site.pk: site for site in Site.objects.order_by("pk")},
        lobs=lobs,
        lob_keys=lob_keys,
        reasons={(lob_keys[r.lob_id], r.key): r for r in Reason.objects.order_by("pk")},
        severities=dict(Reason.objects.values_list("pk", "severity")),
        dispositions={
            (lob_keys[d.lob_id], d.key): d.pk for d in Disposition.objects.order_by("pk")
        },
        macros={version.macro.key: version for version in _released()},
        queues=queues,
        platform=platform,
        able=_able(members),
    )


def _released() -> QuerySet[MacroVersion]:
    released = MacroVersion.objects.filter(state=VersionState.RELEASED, macro__is_active=True)
    return released.select_related("macro").order_by("pk")


def _members(queues: Mapping[int, Queue]) -> list[Member]:
    skills: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for staff_id, lob_id, language in Skill.objects.values_list("staff_id", "lob_id", "language"):
        skills[staff_id].add((lob_id, language))
    vendors = dict(Vendor.objects.values_list("pk", "key"))
    return [
        _member(staff, staff.team, skills[staff.pk], vendors, queues)
        for staff in members_by_key()
        if staff.team is not None
    ]


def members_by_key() -> list[StaffMember]:
    """Return everybody who works cases."""
    workers = StaffMember.objects.filter(role__in=["AGENT", "SPECIALIST"], is_active=True)
    return list(workers.select_related("team").order_by("key"))


def _member(
    staff: StaffMember,
    team: Team,
    skills: set[tuple[int, str]],
    vendors: Mapping[int, str],
    queues: Mapping[int, Queue],
) -> Member:
    own = tuple(
        queue.pk
        for queue in queues.values()
        if queue.tier == staff.tier
        and queue.vendor_id == staff.vendor_id
        and (queue.lob_id, queue.language) in skills
    )
    return Member(
        id=staff.pk,
        key=staff.key,
        name=staff.name,
        vendor_id=staff.vendor_id,
        vendor_key=vendors.get(staff.vendor_id or 0, ""),
        team_id=team.pk,
        team_key=team.key,
        site_id=team.site_id,
        queues=own,
        lobs=frozenset(lob_id for lob_id, _ in skills),
    )


def _able(members: Sequence[Member]) -> dict[int, list[Member]]:
    able: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        for queue_id in member.queues:
            able[queue_id].append(member)
    return able
