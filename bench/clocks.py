"""Clocks by the million: finding what is due, and moving all of them after a calendar changed.

Every open clock counts the working time of one site, so that a holiday there touches each of them.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import psycopg
from django.db import connections, transaction
from django.utils import timezone

from bench.accounting import cpu_seconds
from bench.figures import Row, Spread, at_most, percentile, told
from bench.installation import Installation
from bench.sizes import Size
from caseward.casework.services import recount_clocks
from caseward.jobs.embedded import Cluster
from caseward.jobs.embedded.cluster import DATABASE
from caseward.org.acting import Actor, acting
from caseward.org.models import Site
from caseward.sla.models import Clock, Recount
from caseward.sla.services.holding import save
from caseward.sla.services.recounting import HALVES
from caseward.sla.services.sweeping import passed

DUE = 200  # in the last minute
LONGEST_SWEEP_MS, LONGEST_RECOUNT_SECONDS = 50, 60
ONE_BY_ONE = 500
HOLIDAYS_IN = (9, 1)  # days ahead: the first is after most deadlines, the second before
BENCH = Actor.system("bench")

# Cases and their clocks are made to run again; both promises count the working time of one site.
OPEN = """
    SET session_replication_role = replica;
    UPDATE casework_case SET status = 'OPEN', resolved_at = NULL
    WHERE id IN (SELECT id FROM casework_case ORDER BY id DESC LIMIT {cases});
    UPDATE sla_clock k SET stopped_at = NULL, was_met = NULL, measured = 'WORKING',
        site_id = {site}, started_at = now() - interval '1 day' * (k.id % 5000) / 1000.0,
        duration = interval '1 hour' * (24 + k.id % 40)
    FROM (SELECT id FROM casework_case ORDER BY id DESC LIMIT {cases}) c WHERE k.case_id = c.id;
    UPDATE sla_clock SET deadline_at = now() + interval '1 day' * (1 + id % 20),
        warns_at = now() + interval '12 hours' WHERE stopped_at IS NULL;
    RESET session_replication_role;
"""
SETTLE = ("VACUUM (ANALYZE) casework_case", "VACUUM (ANALYZE) sla_clock", "CHECKPOINT")


def measure(where: Installation, size: Size) -> list[Row]:
    """Measure at the size's number of cases, each with two open clocks."""
    site_id = _prepare(where.cluster, size)
    return [*_sweep(size), *_recount(where, site_id, size)]


def _prepare(cluster: Cluster, size: Size) -> int:
    with acting(BENCH):
        site = Site.objects.earliest("pk")
    with _connect(cluster) as admin:
        script = OPEN.format(cases=_cases(size), site=site.pk)
        for statement in script.split(";"):
            if statement.strip():
                admin.execute(statement.encode())
        for statement in SETTLE:
            admin.execute(statement.encode())
    _recount_all()  # takes down what the calendars are
    _change_calendar(site.pk, datetime.now(UTC).date() - timedelta(days=400))
    _recount_all()  # puts the deadlines where they belong, unmeasured
    return site.pk


def _cases(size: Size) -> int:
    return max(size.cases // 2, 100)


def _connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.server.conninfo(cluster.port, DATABASE), autocommit=True)


def _sweep(size: Size) -> list[Row]:
    with acting(BENCH):
        rows = Clock.objects.count()
        due = Clock.objects.filter(stopped_at__isnull=True).order_by("-pk")[:DUE]
        now = timezone.now()
        Clock.objects.filter(deadline_at__lte=now).update(was_met=False)
        Clock.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(
            deadline_at=now - timedelta(seconds=30), was_met=None
        )
    spent = [_find_due() for _ in range(max(5, size.rounds))]
    what = f"Clock sweep: what is due in the last minute, among {rows:,} clocks"
    return [at_most(what, Spread.of(spent), "ms", LONGEST_SWEEP_MS)]


def _find_due() -> float:
    with acting(BENCH):
        began = time.perf_counter()
        found = passed(now=timezone.now(), at_most=500)
        spent = 1000 * (time.perf_counter() - began)
        transaction.set_rollback(True)
    assert len(found) >= DUE // 2, f"the sweep found {len(found)} clocks"
    return spent


def _recount(where: Installation, site_id: int, size: Size) -> list[Row]:
    clocks = 2 * _cases(size)
    waits: list[float] = []
    rows = [_after_holiday(where, site_id, clocks, days, waits) for days in HOLIDAYS_IN]
    alone = _one_by_one()
    seconds = [spread.middle for _, spread in rows]
    return [
        *(row for both, _ in rows for row in both),
        told("… one by one instead, one clock", Spread.of([1e6 * alone]), "µs"),
        told(
            "… times as fast as one by one", Spread.of([alone * clocks / s for s in seconds]), "×"
        ),
        told(
            "… somebody else locks a case meanwhile, p99",
            Spread.of([percentile(waits, 0.99)]),
            "ms",
        ),
    ]


def _after_holiday(
    where: Installation, site_id: int, clocks: int, days: int, waits: list[float]
) -> tuple[list[Row], Spread]:
    _change_calendar(site_id, datetime.now(UTC).date() + timedelta(days=days))
    before = _cpu_seconds(where)
    took, waited = _recount_beside_work(where.cluster)
    cpu = Spread.of([_cpu_seconds(where) - before])
    waits += waited
    what = f"Recount of {clocks:,} open clocks, a holiday {days} days ahead moves {_last_moved():,}"
    spread = Spread.of([took])
    row = at_most(what, spread, "s", LONGEST_RECOUNT_SECONDS)
    return [row, told("… CPU, ours and that of PostgreSQL", cpu, "s")], spread


def _cpu_seconds(where: Installation) -> float:
    return cpu_seconds(os.getpid(), where.database)


def _change_calendar(site_id: int, day: object) -> None:
    with acting(BENCH):
        Site.objects.filter(pk=site_id).update(extra_days={str(day): []})


def _recount_beside_work(cluster: Cluster) -> tuple[float, list[float]]:
    """Recount while somebody locks one case after another; return how long both took."""
    is_over = Event()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(_lock_cases, cluster, is_over)
        began = time.perf_counter()
        _recount_all()
        took = time.perf_counter() - began
        is_over.set()
        return took, working.result()


def _recount_all() -> None:
    """Recount both halves at once, as the worker does."""
    with ThreadPoolExecutor(len(HALVES)) as pool:
        list(pool.map(_recount_half, HALVES))


def _recount_half(half: int) -> None:
    try:
        left = True
        while left:
            with acting(BENCH):
                left = bool(recount_clocks(half=half, now=timezone.now()))
    finally:
        connections.close_all()


def _lock_cases(cluster: Cluster, is_over: Event) -> list[float]:
    waits = []
    with _connect(cluster) as admin:
        found = admin.execute(
            "SELECT id FROM casework_case WHERE status = 'OPEN' ORDER BY random() LIMIT 2000"
        ).fetchall()
        while not is_over.wait(0.02) and found:
            began = time.perf_counter()
            admin.execute("SELECT FROM casework_case WHERE id = %s FOR UPDATE", found.pop())
            waits.append(1000 * (time.perf_counter() - began))
    return waits or [0.0]


def _last_moved() -> int:
    with acting(BENCH):
        latest = Recount.objects.order_by("-pk")[: len(HALVES)]
        return sum(recount.moved for recount in latest)


def _one_by_one() -> float:
    """Work clocks out and save them as a plain loop would; return the seconds for one."""
    with acting(BENCH):
        open_ids = Clock.objects.filter(stopped_at__isnull=True, measured="WORKING")
        ids = list(open_ids.values_list("pk", flat=True)[:ONE_BY_ONE])
        began = time.perf_counter()
        for clock_id in ids:
            save(Clock.objects.select_for_update().get(pk=clock_id))
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    connections.close_all()
    return took / len(ids)
