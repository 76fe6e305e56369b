"""Pages over HTTP at a full table: how long people wait, what it costs, how many queries."""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.accounting import cpu_seconds
from bench.figures import Row, Spread, at_most, percentile, told
from bench.installation import Installation, answers
from bench.letters import letters
from bench.load import Request, ask_steadily
from bench.sizes import Size
from caseward.casework.models import Case
from caseward.casework.services import NewCase, Person, open_case
from caseward.jobs.running.parts import WEB
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing import queries as routing

READERS = 10
CASES_EACH = 20
FEW = 10
PER_SECOND = 50
PARTS = 3  # of the time asked for: their figures are the spread
MOST_LIST_MS = 15
MOST_P95_MS = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """An agent who is signed in, and cases they may open."""

    cookie: str
    cases: list[str]


def queries() -> dict[str, int]:
    """Return how many queries a list and a case page cost an agent with cases to see."""
    agent = _agents()[0]
    if not Case.objects.using("owner").exists():
        _open_some(agent)
    client = _signed_in(agent)
    paths = {"list": reverse("queues"), "case": reverse("case", args=[_first_case(agent)])}
    for path in paths.values():
        _get(client, path)  # what is kept in memory for all pages does not count
    return {name: _queries(client, path) for name, path in paths.items()}


def query_rows(few: dict[str, int], many: dict[str, int], size: Size) -> list[Row]:
    return [
        Row(
            f"Queries of a {name} page, {FEW} and {size.cases:,} cases in the table",
            f"{few[name]} and {many[name]}",
            "the same",
            few[name] == many[name],
        )
        for name in few
    ]


def measure(where: Installation, size: Size) -> list[Row]:
    """Ask for the queues of several agents, then for single cases of theirs."""
    readers = [_reader(agent) for agent in _agents()[:READERS]]
    lists = [Request(reverse("queues"), reader.cookie) for reader in readers]
    single = [
        Request(reverse("case", args=[case]), reader.cookie)
        for reader in readers
        for case in reader.cases
    ]
    random.Random("pages").shuffle(single)
    at = f"{PER_SECOND} a second, {size.cases:,} cases in the table"
    with where.running(WEB, is_ready=lambda: answers("/healthz")) as web:
        ask_steadily(
            [*lists, *single], port=_port(), per_second=PER_SECOND, seconds=size.settle_seconds
        )
        return [
            *_asked(where, web, f"List of 50 cases, {at}", lists, size.page_seconds, MOST_LIST_MS),
            *_asked(where, web, f"Case page, {at}", single, size.page_seconds, None),
        ]


def _asked(
    where: Installation,
    web: int,
    what: str,
    requests: Sequence[Request],
    seconds: float,
    most_ms: float | None,
) -> list[Row]:
    took, cost, of_database = [], [], []
    for _ in range(PARTS):
        program, database = cpu_seconds(web), cpu_seconds(where.database)
        took.append(
            ask_steadily(requests, port=_port(), per_second=PER_SECOND, seconds=seconds / PARTS)
        )
        database = cpu_seconds(where.database) - database
        program = cpu_seconds(web) - program
        cost.append(1000 * (program + database) / len(took[-1]))
        of_database.append(1000 * database / len(took[-1]))
    middle, slow = (Spread.of([percentile(ms, p) for ms in took]) for p in (0.5, 0.95))
    cpu = Spread.of(cost)
    return [
        told(f"{what}: p50", middle, "ms"),
        at_most("… p95", slow, "ms", MOST_P95_MS),
        at_most("… CPU", cpu, "ms", most_ms) if most_ms else told("… CPU", cpu, "ms"),
        told("… of that, PostgreSQL", Spread.of(of_database), "ms"),
    ]


def _agents() -> list[StaffMember]:
    """Return the agents with most queues, the one with most first."""
    with acting(Actor.system("bench")):
        staff = StaffMember.objects.filter(role="AGENT", is_active=True).order_by("pk")
        return sorted(staff, key=lambda agent: -len(routing.queues_for(agent.pk)))


def _reader(agent: StaffMember) -> Reader:
    return Reader(_cookie(_signed_in(agent)), _cases(agent))


def _first_case(agent: StaffMember) -> str:
    return _references(agent)[0]


def _cases(agent: StaffMember) -> list[str]:
    """Return references of cases an agent may open, picked all over their queues."""
    known = _references(agent)
    return random.Random(agent.pk).sample(known, min(CASES_EACH, len(known)))


def _references(agent: StaffMember) -> list[str]:
    with acting(Actor.system("bench")):
        own = routing.queues_for(agent.pk)
        known = Case.objects.filter(queue_id__in=own, status__in=Case.UNFINISHED)
        return list(known.order_by("pk").values_list("reference", flat=True)[:20_000])


def _open_some(agent: StaffMember) -> None:
    """Open cases in the queues of an agent."""
    with acting(Actor.system("bench")):
        own = [q for q in routing.queues().values() if q.pk in routing.queues_for(agent.pk)]
        for number, letter in enumerate(letters(FEW, batch="few")):
            queue = own[number % len(own)]
            case = open_case(
                NewCase(
                    lob_id=queue.lob_id,
                    priority=3,
                    channel=Case.Channel.EMAIL,
                    language=queue.language,
                    title=letter.subject,
                    text=letter.text,
                    people=[Person(name=letter.name, email=letter.sender)],
                ),
                now=timezone.now(),
            )
            Case.objects.filter(pk=case.id).update(queue=queue, vendor_id=queue.vendor_id)


def _signed_in(agent: StaffMember) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(agent)
    return client


def _cookie(client: Client) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _queries(client: Client, path: str) -> int:
    asked = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        _get(client, path)
    return asked


def _get(client: Client, path: str) -> None:
    status = client.get(path).status_code
    assert status == 200, f"{path} answered {status}"


def _port() -> int:
    return int(os.environ["PORT"])
