"""The floor's page with 500 live viewers: what it costs, and how soon they see a change."""

import asyncio
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.accounting import cpu_seconds, memory_mb
from bench.figures import Row, Spread, at_most, number, percentile, told
from bench.installation import Installation, answers
from bench.load import Request, ask_steadily
from bench.next_case import NO_LIMIT
from bench.pages import _cookie
from bench.sizes import Size
from bench.viewers import Address, Viewer, delays, watch_for
from caseward.casework import services
from caseward.jobs.running.parts import LIVE, WEB
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Capacity
from caseward.web.live.tokens import make_token

VIEWERS = 500
QUICK_VIEWERS = 20
CHANGES_PER_SECOND = 5
MOST_DELAY_SECONDS = 2.0
POLL_EVERY_SECONDS = 2.0
POLLS_PER_SECOND = 8
ROUNDS = 3


def measure(where: Installation, size: Size) -> list[Row]:
    """Open the pages, change things, and add up what that cost."""
    lead, count = _lead(), VIEWERS if size.page_seconds > 10 else QUICK_VIEWERS
    with ExitStack() as stack:
        live = stack.enter_context(where.running(LIVE, is_ready=lambda: True))
        web = stack.enter_context(where.running(WEB, is_ready=lambda: answers("/healthz")))
        time.sleep(max(1.0, size.settle_seconds))
        before = memory_mb(web, live)
        found = [_watched(where, (web, live), lead, count, size) for _ in range(ROUNDS)]
        grown = memory_mb(web, live)
        poll_ms = _polled(where, web, lead, size)
    return _rows(found, poll_ms, memory=(before, grown), count=count)


Found = dict[str, float]


def _watched(
    where: Installation, parts: tuple[int, int], lead: StaffMember, count: int, size: Size
) -> Found:
    seconds = max(4.0, size.page_seconds / ROUNDS)
    address = Address(
        int(os.environ["PORT"]), int(os.environ["CASEWARD_LIVE_PORT"]), _shared_path(lead)
    )
    viewers = [Viewer(_token(number), address) for number in range(count)]
    with _changing() as changes:
        pages, database = cpu_seconds(*parts), cpu_seconds(where.database)
        began = time.monotonic()
        asyncio.run(watch_for(viewers, seconds))
        took = time.monotonic() - began
        pages, database = cpu_seconds(*parts) - pages, cpu_seconds(where.database) - database
    waited = delays(viewers, changes)
    asked = sum(viewer.asked for viewer in viewers)
    return {
        "p50": percentile(waited, 0.5),
        "p99": percentile(waited, 0.99),
        "pages": 100 * pages / took,
        "database": 100 * database / took,
        "hints": max(viewer.hints for viewer in viewers) / took,
        "asked": asked / took,
        "kilobytes": sum(viewer.received_bytes for viewer in viewers) / max(1, asked) / 1000,
        "seen": len(waited) / (len(changes) * len(viewers)),
    }


@contextmanager
def _changing() -> Iterator[list[float]]:
    """Let somebody take cases and give them back; yields when each of these was committed."""
    changes: list[float] = []
    ended = threading.Event()
    working = threading.Thread(target=_work, args=(changes, ended))
    working.start()
    try:
        yield changes
    finally:
        ended.set()
        working.join()


def _work(changes: list[float], ended: threading.Event) -> None:
    agent = _agent()
    try:
        while not ended.wait(1 / CHANGES_PER_SECOND):
            now = timezone.now()
            with acting(Actor.staff(agent)):
                case = services.take_next_case(by=agent, now=now)
                services.release_case(reference=case.reference, by=agent, now=now)
            changes.append(time.time())
    finally:
        connections.close_all()


def _polled(where: Installation, web: int, lead: StaffMember, size: Size) -> Spread:
    """Return the CPU of the page asked for anew by a reader with a session, in milliseconds."""
    request = Request(f"{reverse('floor')}?team=all", _cookie(_signed_in(lead)))
    costs = []
    for _ in range(ROUNDS):
        before = cpu_seconds(web, where.database)
        took = ask_steadily(
            [request],
            port=int(os.environ["PORT"]),
            per_second=POLLS_PER_SECOND,
            seconds=max(1.0, size.page_seconds / ROUNDS),
        )
        costs.append(1000 * (cpu_seconds(web, where.database) - before) / len(took))
    return Spread.of(costs)


def _rows(
    found: list[Found], poll_ms: Spread, *, memory: tuple[float, float], count: int
) -> list[Row]:
    def spread(key: str) -> Spread:
        return Spread.of([each[key] for each in found])

    polling = poll_ms.times(count / POLL_EVERY_SECONDS / 10)
    cpu = Spread.of([each["pages"] + each["database"] for each in found])
    return [
        told(f"Floor, {count} live viewers, 5 changes a second: delay p50", spread("p50"), "s"),
        at_most("… delay p99", spread("p99"), "s", MOST_DELAY_SECONDS),
        told("… changes that a viewer saw", spread("seen").times(100), "%"),
        told("… pictures given a second", spread("asked"), ""),
        told("… length of one, packed", spread("kilobytes"), "kB"),
        told("… CPU of web and live", spread("pages"), "% of a core"),
        told("… CPU of PostgreSQL", spread("database"), "% of a core"),
        Row("… memory of web and live, before and with them", _from_to(memory)),
        told("… CPU of one poll of the page with a session", poll_ms, "ms"),
        told(f"… CPU if all {count} polled it every 2 s instead", polling, "% of a core"),
        told("… times our CPU", Spread.of([polling.middle / each for each in _all(cpu)]), ""),
    ]


def _all(spread: Spread) -> list[float]:
    return [spread.middle, spread.least, spread.most]


def _from_to(memory: tuple[float, float]) -> str:
    return f"{number(memory[0])} MB and {number(memory[1])} MB"


def _lead() -> StaffMember:
    with acting(Actor.system("bench")):
        return StaffMember.objects.filter(role="REGIONAL_LEAD", is_active=True).order_by("pk")[0]


def _agent() -> StaffMember:
    with acting(Actor.system("bench")):
        Capacity.objects.update_or_create(channel="", defaults={"at_most": NO_LIMIT})
        staff = StaffMember.objects.filter(role="AGENT", is_active=True).order_by("pk")
        return max(staff, key=lambda agent: len(routing.queues_for(agent.pk)))


def _token(number: int) -> str:
    """Return the token of one of many leads: a person may have so many pages and no more."""
    somebody = StaffMember(pk=1_000_000 + number)
    return make_token(somebody, now=timezone.now(), watches_floor=True)


def _shared_path(lead: StaffMember) -> str:
    answer = _signed_in(lead).get(f"{reverse('floor')}?team=all")
    found = re.search(r'data-floor="([^"]+)"', answer.content.decode())
    assert found is not None, f"the floor answered {answer.status_code}"
    return found[1]


def _signed_in(lead: StaffMember) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(lead)
    return client
