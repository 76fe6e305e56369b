"""The next case at a full table: how long the database takes, and that nobody gets another's."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from bench.figures import Row, Spread, at_most, percentile, told
from bench.sizes import Size
from caseward.casework.services import take_next_case
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Capacity

AGENTS = 4
MOST_MS = 20
BESIDE = 20  # plain queries for each agent and round
CHOOSING = "casework_case c"  # only the statements that look and lock name the table so
NO_LIMIT = 1_000_000  # cases in hand: these people take all day and answer none

PLAIN = """
    SELECT c.id FROM casework_case c
    WHERE c.queue_id = ANY(%s) AND c.vendor_id = %s AND c.assignee_id IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    ORDER BY c.urgency, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one agent took, and how many milliseconds each took."""

    cases: list[int]
    choosing: list[float]  # the statements that find and lock the case
    statements: list[float]  # all of them, as the database answers
    whole: list[float]  # with our own part and the commit
    plain: list[float]  # choosing by the plain query instead


def measure(size: Size) -> list[Row]:
    """Let several agents of one vendor take cases at the same time."""
    agents = _agents()
    connections.close_all()  # a process that forks must not share them
    with multiprocessing.get_context("fork").Pool(AGENTS) as pool:
        found = [
            pool.starmap(_take, [(agent, size.takes) for agent in agents])
            for _ in range(size.rounds)
        ]
    return _rows(found, size.unfinished)


def _agents() -> list[int]:
    """Return the agents of one vendor with most queues: they compete for the same cases."""
    with acting(Actor.system("bench")):
        Capacity.objects.update_or_create(channel="", defaults={"at_most": NO_LIMIT})
        staff = StaffMember.objects.filter(role="AGENT", is_active=True).order_by("pk")
        vendor_id = staff.values_list("vendor_id", flat=True)[0]
        ids = list(staff.filter(vendor_id=vendor_id).values_list("pk", flat=True))
        return sorted(ids, key=lambda pk: -len(routing.queues_for(pk)))[:AGENTS]


def _take(agent_id: int, takes: int) -> Taken:
    with acting(Actor.system("bench")):
        agent = StaffMember.objects.get(pk=agent_id)
    taken = Taken([], [], [], [], [])
    for _ in range(takes):
        _take_one(agent, taken)
    for _ in range(BESIDE):
        _choose_plainly(agent, taken)
    connections.close_all()
    return taken


def _take_one(agent: StaffMember, taken: Taken) -> None:
    answered: list[float] = []
    choosing: list[float] = []
    began = time.perf_counter()
    into = _into(answered), _into(choosing, only=CHOOSING)
    with (
        connection.execute_wrapper(into[0]),
        connection.execute_wrapper(into[1]),
        acting(Actor.staff(agent)),
    ):
        case = take_next_case(by=agent, now=timezone.now())
    taken.whole.append(1000 * (time.perf_counter() - began))
    taken.cases.append(case.pk)
    taken.statements.append(sum(answered))
    taken.choosing.append(sum(choosing))


def _choose_plainly(agent: StaffMember, taken: Taken) -> None:
    with acting(Actor.staff(agent)), connection.cursor() as cursor:
        queues = routing.queues_for(agent.pk)
        with connection.execute_wrapper(_into(taken.plain)):
            cursor.execute(PLAIN, [queues, agent.vendor_id])
        transaction.set_rollback(True)


def _into(answered: list[float], *, only: str = "") -> Callable[..., Any]:
    """Return a wrapper that notes how many milliseconds each statement with `only` in it takes."""

    def timing(execute: Callable[..., Any], statement: str, *arguments: Any) -> Any:
        if only not in statement:
            return execute(statement, *arguments)
        began = time.perf_counter()
        try:
            return execute(statement, *arguments)
        finally:
            answered.append(1000 * (time.perf_counter() - began))

    return timing


def _rows(rounds: Sequence[Sequence[Taken]], unfinished: int) -> list[Row]:
    cases = [case for taken in rounds for one in taken for case in one.cases]
    twice = len(cases) - len(set(cases))
    what = f"Next case, {AGENTS} agents at once, {unfinished:,} cases unfinished"
    return [
        told(f"{what}: in the database, p50", _over(rounds, "statements", 0.5), "ms"),
        at_most("… p99", _over(rounds, "statements", 0.99), "ms", MOST_MS),
        told("… with our own part and the commit, p99", _over(rounds, "whole", 0.99), "ms"),
        told("… the statements that choose, p50", _over(rounds, "choosing", 0.5), "ms"),
        told("… the plain query over all queues instead, p50", _over(rounds, "plain", 0.5), "ms"),
        Row("… given to two people", f"{twice} of {len(cases):,}", "none", twice == 0),
    ]


def _over(rounds: Sequence[Sequence[Taken]], what: str, share: float) -> Spread:
    """Return a percentile of each round, over all agents."""
    return Spread.of(
        [percentile([ms for one in taken for ms in getattr(one, what)], share) for taken in rounds]
    )
