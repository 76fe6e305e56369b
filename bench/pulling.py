"""Five hundred people asking for the next case by every rule, at a million open ones.

People ask at a steady pace over a fixed number of connections, as many as workers of the web
process would hold; how long each waits counts from the moment they were to ask, so a queue of
people counts too. Beside it, flat out: the same verb, and the barest thing that can be done, which
is to lock the head of each queue with SKIP LOCKED and write down who has it.
"""

import multiprocessing
import random
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from bench import filling
from bench.figures import Row, Spread, at_most, percentile, told
from bench.installation import Installation
from bench.sizes import Size
from caseward.casework.models import Case
from caseward.casework.services import take_next_case
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Skill, StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Capacity
from caseward.routing.standing import workers_now

PEOPLE = 500
CONNECTIONS = 4
EVERY_SECONDS = 15.0  # each of them: a brisk pace for cases of eight minutes
MOST_MS = 50
NO_LIMIT = 1_000_000

BAREST = """
    UPDATE casework_case SET assignee_id = %s WHERE id = (
        SELECT head.id FROM unnest(%s::bigint[]) AS q (id), LATERAL (
            SELECT c.id, c.urgency FROM casework_case c
            WHERE c.queue_id = q.id AND c.assignee_id IS NULL
                AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED') AND c.vendor_id = %s
            ORDER BY c.urgency, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) head ORDER BY head.urgency, head.id LIMIT 1
    ) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """What went over one connection: the cases, how long people waited, and in all."""

    cases: list[int]
    waited: list[float]
    seconds: float


def measure(where: Installation, size: Size) -> list[Row]:
    """Fill in open cases, let people ask for them, and compare with the barest statement."""
    filling.fill(where.cluster, size.cases, unfinished=1.0)
    people = _people()
    with acting(Actor.system("bench")):
        waiting = Case.objects.filter(assignee=None, status__in=Case.WAITING).count()
    paced = _over_all(_pace, people, size.takes)
    ours, barest = _over_all(_flat_out, people, size.takes), _over_all(_bare, people, size.takes)
    waits = [ms for lane in paced for ms in lane.waited]
    cases = [case for lanes in (paced, ours, barest) for lane in lanes for case in lane.cases]
    twice = len(cases) - len(set(cases))
    rates = _rate(ours), _rate(barest)
    return [
        told(
            f"Next case by every rule, {len(people)} people over {CONNECTIONS} connections,"
            f" {waiting:,} cases waiting: p50",
            _once(percentile(waits, 0.5)),
            "ms",
        ),
        at_most("… p99", _once(percentile(waits, 0.99)), "ms", MOST_MS),
        told("… flat out", _once(rates[0]), "cases/s"),
        told("… the barest SKIP LOCKED, which keeps no ledger", _once(rates[1]), "cases/s"),
        Row("… given to two people", f"{twice} of {len(cases):,}", "none", twice == 0),
    ]


def _people() -> list[int]:
    """Return agents who take from the most queues, with so many more like them as are missing."""
    with acting(Actor.system("bench")):
        Capacity.objects.update_or_create(channel="", defaults={"at_most": NO_LIMIT})
        known = list(StaffMember.objects.filter(role="AGENT", is_active=True).order_by("pk"))
        for number in range(PEOPLE - len(known)):
            _like(known[number % len(known)], number)
        look_again()
        agents = StaffMember.objects.filter(role="AGENT", is_active=True).order_by("pk")
        return list(agents.values_list("pk", flat=True)[:PEOPLE])


def _like(agent: StaffMember, number: int) -> None:
    skills = list(agent.skills.values("lob_id", "language", "level"))
    more = StaffMember.objects.create(
        key=f"bench-{number}",
        email=f"bench-{number}@caseward.example",
        name=f"Person {number}",
        role=agent.role,
        team_id=agent.team_id,
        site_id=agent.site_id,
        vendor_id=agent.vendor_id,
    )
    Skill.objects.bulk_create([Skill(staff=more, **skill) for skill in skills])


def _over_all(work: Any, people: list[int], takes: int) -> list[Lane]:
    connections.close_all()  # a process that forks must not share them
    shares = [(people[n::CONNECTIONS], takes, n) for n in range(CONNECTIONS)]
    with multiprocessing.get_context("fork").Pool(CONNECTIONS) as pool:
        return pool.starmap(work, shares)


def _pace(people: list[int], takes: int, seed: int) -> Lane:
    """Let people ask at random moments, each about once in the time given."""
    draw, agents = random.Random(seed), _agents(people)
    took: list[int] = []
    waited: list[float] = []
    due = began = time.perf_counter()
    for number in range(takes + 10):
        due += draw.expovariate(len(people) / EVERY_SECONDS)
        time.sleep(max(0.0, due - time.perf_counter()))
        took.append(_take(draw.choice(agents)))
        if number >= 10:  # the first fill what is kept of the configuration
            waited.append(1000 * (time.perf_counter() - due))
    return _done(took, waited, began)


def _flat_out(people: list[int], takes: int, seed: int) -> Lane:
    draw, agents = random.Random(seed), _agents(people)
    for agent in agents[:10]:
        _take(agent)
    began = time.perf_counter()
    return _done([_take(draw.choice(agents)) for _ in range(takes)], [], began)


def _bare(people: list[int], takes: int, seed: int) -> Lane:
    draw, agents = random.Random(seed), _agents(people)
    with acting(Actor.system("bench")):
        queues = {agent.pk: routing.queues_for(agent.pk) for agent in agents}
    began, took = time.perf_counter(), list[int]()
    for _ in range(takes):
        agent = draw.choice(agents)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE cw_staff")
            cursor.execute(BAREST, [agent.pk, queues[agent.pk], agent.vendor_id])
            took.append(cursor.fetchone()[0])
    return _done(took, [], began)


def _agents(people: list[int]) -> list[StaffMember]:
    """Return the people, their skills and queues read already, as after a few minutes of work."""
    with acting(Actor.system("bench")):
        for pk in people:
            routing.queues_for(pk)
        workers_now(people, now=timezone.now())
        return list(StaffMember.objects.filter(pk__in=people).order_by("pk"))


def _take(agent: StaffMember) -> int:
    with acting(Actor.staff(agent)):
        return take_next_case(by=agent, now=timezone.now()).pk


def _done(cases: list[int], waited: list[float], began: float) -> Lane:
    seconds = time.perf_counter() - began
    connections.close_all()
    return Lane(cases, waited, seconds)


def _rate(lanes: list[Lane]) -> float:
    return sum(len(lane.cases) for lane in lanes) / max(lane.seconds for lane in lanes)


def _once(value: float) -> Spread:
    return Spread(value, value, value)
