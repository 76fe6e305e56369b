"""Who may take what, under given rules, as far as it does not change from minute to minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from caseward.core.matching import Work, Worker
from caseward.core.matching.refusing import lasting_refusals
from caseward.org.models import Certification, LineOfBusiness, Skill, StaffMember
from caseward.policy.models import Reason
from caseward.routing.models import Queue
from caseward.routing.rules import content
from caseward.routing.rules.content import Rules
from caseward.routing.rules.history import Need, Place
from caseward.routing.standing import NEW_FOR


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who works cases, and what reasons, lines of business and queues are in rules.

    `severity` is that of each reason, where there is harm in it.
    """

    workers: Mapping[int, Worker]
    names: Mapping[int, str]
    reasons: Mapping[int, tuple[str, str]]
    lines: Mapping[int, str]
    queues: Mapping[int, Place]
    severity: Mapping[int, int]

    def refusals(self, worker: int, need: Need, rules: Rules) -> tuple[str, ...]:
        """Return why somebody can never have such a case under these rules."""
        return lasting_refusals(self.workers[worker], self._work(need, rules))

    def able(self, need: Need, rules: Rules) -> list[int]:
        """Return who can have such a case when their day allows it."""
        work = self._work(need, rules)
        return [who for who, worker in self.workers.items() if not lasting_refusals(worker, work)]

    def may(self, needs: Iterable[Need], rules: Rules) -> dict[int, frozenset[Need]]:
        """Return what each person may take of the given needs."""
        allowed: dict[int, set[Need]] = {who: set() for who in self.workers}
        for need in set(needs):
            for who in self.able(need, rules):
                allowed[who].add(need)
        return {who: frozenset(found) for who, found in allowed.items()}

    def _work(self, need: Need, rules: Rules) -> Work:
        of_reason = rules.needs.get(self.reasons.get(need.reason_id, ("", "")), content.Need())
        return Work(
            id=0,
            tier=need.tier,
            vendor_id=need.vendor_id,
            lob_id=need.lob_id,
            language=need.language,
            language_level=of_reason.language_level,
            certification=of_reason.certification,
        )


def people_on(day: date) -> People:
    """Return everybody who can work cases on a day, with the certifications that still hold."""
    staff = StaffMember.objects.filter(is_active=True, team__isnull=False, role__in=WORKS)
    skills: dict[int, dict[tuple[int, str], int]] = {}
    for who, lob_id, language, level in Skill.objects.values_list(
        "staff_id", "lob_id", "language", "level"
    ):
        skills.setdefault(who, {})[lob_id, language] = level
    held: dict[int, set[str]] = {}
    for who, key, expires_on in Certification.objects.values_list("staff_id", "key", "expires_on"):
        if expires_on is None or expires_on >= day:
            held.setdefault(who, set()).add(key)
    rows = list(staff.order_by("pk").values_list("pk", "vendor_id", "name", "joined_on"))
    return People(
        workers={
            who: Worker(
                id=who,
                tier=1 if vendor_id else 2,
                vendor_id=vendor_id,
                skills=skills.get(who, {}),
                certifications=frozenset(held.get(who, ())),
                is_new=joined_on is not None and day < joined_on + NEW_FOR,
            )
            for who, vendor_id, _, joined_on in rows
        },
        names={who: name for who, _, name, _ in rows},
        reasons={
            pk: (line, key) for pk, line, key in Reason.objects.values_list("pk", "lob__key", "key")
        },
        lines=dict(LineOfBusiness.objects.values_list("pk", "key")),
        queues={
            queue.pk: Place(queue.tier, queue.vendor_id, queue.lob_id, queue.language)
            for queue in Queue.objects.all()
        },
        severity=dict(Reason.objects.filter(severity__gt=0).values_list("pk", "severity")),
    )


WORKS = (StaffMember.Role.AGENT, StaffMember.Role.SPECIALIST)
