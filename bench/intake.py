"""From e-mail to case: through the real listener, beside django-helpdesk, and the bare insert."""

import asyncio
import os
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import batched
from typing import Any
from unittest.mock import patch

from django.db import connections
from django.utils import timezone

from bench.accounting import cpu_seconds
from bench.figures import Row, Spread, at_least, at_most, told
from bench.installation import Installation
from bench.letters import Letter, letters
from bench.peer import running as peer
from bench.sending import send
from bench.sizes import Size
from caseward.casework.models import Case
from caseward.casework.services import NewCase, Person, open_case, opening
from caseward.channels.email.mailboxes import box_for
from caseward.channels.email.receiving import AT_ONCE
from caseward.jobs.running.parts import MAIL
from caseward.org.acting import Actor, acting

PATIENCE_SECONDS = 120
FEWEST_TIMES_THE_PEER = 10
MOST_CPU_MS = 3
ACTOR = Actor.system("bench")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a batch of mails cost: mails a second, and CPU of program and database for each."""

    rate: float
    program_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.program_ms + self.database_ms

    @classmethod
    def of(cls, count: int, seconds: float, program: float, database: float) -> "Cost":
        return cls(count / seconds, 1000 * program / count, 1000 * database / count)


def measure(where: Installation, size: Size) -> list[Row]:
    """Take in mail in turns: ours, theirs, ours, theirs; return the lines of the table."""
    port = int(os.environ["SMTP_PORT"])
    ours: list[Cost] = []
    bare: list[Cost] = []
    theirs: dict[bool, list[Cost]] = {False: [], True: []}
    with ExitStack() as stack:
        listener = stack.enter_context(where.running(MAIL, is_ready=lambda: _is_open(port)))
        other = stack.enter_context(peer.gateway(where)) if _has_peer(size) else None
        _take_in(where, listener, port, list(letters(50, batch="warm-up")))
        if other:
            _by_peer(where, other, list(letters(20, batch="warm-up")), writes_answers=True)
        for number in range(size.rounds):
            batch = list(letters(size.mails, batch=f"round-{number}"))
            ours.append(_take_in(where, listener, port, batch))
            bare.append(_insert(where, list(letters(size.mails, batch=f"bare-{number}"))))
            if other:
                for answers, costs in theirs.items():
                    some = batch[: size.peer_mails]
                    costs.append(_by_peer(where, other, some, writes_answers=answers))
    return [*_own_rows(ours, bare), *_peer_rows(ours, theirs[False], theirs[True])]


def _has_peer(size: Size) -> bool:
    return bool(size.peer_mails) and peer.is_installed()


def measure_again(where: Installation, size: Size) -> list[Row]:
    """Take in mail while the table is full."""
    port = int(os.environ["SMTP_PORT"])
    with where.running(MAIL, is_ready=lambda: _is_open(port)) as listener:
        _take_in(where, listener, port, list(letters(50, batch="warm-up-again")))
        costs = [
            _take_in(where, listener, port, list(letters(size.mails, batch=f"again-{number}")))
            for number in range(size.rounds)
        ]
    cpu = Spread.of([cost.cpu_ms for cost in costs])
    return [
        told(f"CPU of an e-mail that becomes a case, {size.cases:,} cases in the table", cpu, "ms")
    ]


def _take_in(where: Installation, listener: int, port: int, batch: list[Letter]) -> Cost:
    """Send a batch and wait until each mail is a case, then make sure that nothing is missing."""
    before = _written()
    program, database = cpu_seconds(listener), cpu_seconds(where.database)
    began = time.perf_counter()
    asyncio.run(send(batch, port=port))
    _wait_until_none_waits()
    seconds = time.perf_counter() - began
    program, database = cpu_seconds(listener) - program, cpu_seconds(where.database) - database
    written = [after - then for after, then in zip(_written(), before, strict=True)]
    n = len(batch)
    assert written == [n, 2 * n, n, n], f"{n} mails wrote {written} cases, clocks, …"
    return Cost.of(n, seconds, program, database)


def _by_peer(
    where: Installation, other: peer.Gateway, batch: list[Letter], *, writes_answers: bool
) -> Cost:
    database = cpu_seconds(where.database)
    taken = other.take_in(batch, writes_answers=writes_answers)
    database = cpu_seconds(where.database) - database
    return Cost.of(len(batch), taken.seconds, taken.cpu_seconds, database)


def _insert(where: Installation, batch: list[Letter]) -> Cost:
    """Write the rows of a case for each mail by the bare statement, committed as intake does."""
    values = _values_of(batch)
    assert len(values) == len(batch)
    program, database = time.process_time(), cpu_seconds(where.database)
    began = time.perf_counter()
    for some in batched(values, AT_ONCE, strict=False):
        with acting(ACTOR):
            for given in some:
                opening._run(given)
    seconds = time.perf_counter() - began
    program = time.process_time() - program
    return Cost.of(len(batch), seconds, program, cpu_seconds(where.database) - database)


def _values_of(batch: list[Letter]) -> list[dict[str, Any]]:
    """Return what the statement is given for each letter, without running it."""
    values: list[dict[str, Any]] = []

    def keep(given: dict[str, Any]) -> tuple[int, int]:
        values.append(given)
        return 0, 0

    with acting(ACTOR), patch.object(opening, "_run", keep):
        for letter in batch:
            open_case(_new_case(letter), now=timezone.now())
    return values


def _new_case(letter: Letter) -> NewCase:
    box = box_for([letter.recipient])
    return NewCase(
        lob_id=box.lob_id,
        priority=box.default_priority,
        channel=Case.Channel.EMAIL,
        language=letter.language,
        title=letter.subject,
        text=letter.text,
        html=letter.html,
        people=[Person(name=letter.name, email=letter.sender)],
    )


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait_until_none_waits() -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while _count("channels_rawmail WHERE state = 'WAITING'"):
        assert time.monotonic() < give_up_at, f"mail still waits after {PATIENCE_SECONDS} s"
        time.sleep(0.02)


def _written() -> list[int]:
    tables = ("casework_case", "sla_clock", "ledger_event", "casework_outgoing")
    return [_count(table) for table in tables]


def _count(what: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {what}")
        return int(cursor.fetchone()[0])


def _own_rows(ours: list[Cost], bare: list[Cost]) -> list[Row]:
    share = [own.rate / ceiling.rate for own, ceiling in zip(ours, bare, strict=True)]
    cpu_share = [ceiling.cpu_ms / own.cpu_ms for own, ceiling in zip(ours, bare, strict=True)]
    what = "An e-mail becomes a case"
    return [
        told(f"{what}: rate", Spread.of([cost.rate for cost in ours]), "a second"),
        at_most(f"{what}: CPU", Spread.of([cost.cpu_ms for cost in ours]), "ms", MOST_CPU_MS),
        told("… of that, the listener", Spread.of([cost.program_ms for cost in ours]), "ms"),
        told("… of that, PostgreSQL", Spread.of([cost.database_ms for cost in ours]), "ms"),
        told("The same rows by the bare statement: CPU", Spread.of([c.cpu_ms for c in bare]), "ms"),
        told("… share of its rate that e-mail reaches", Spread.of(share).times(100), "%"),
        told("… share of an e-mail's CPU that it is", Spread.of(cpu_share).times(100), "%"),
    ]


def _peer_rows(ours: list[Cost], silent: list[Cost], answering: list[Cost]) -> list[Row]:
    if not silent:
        return [Row("django-helpdesk beside it", "not measured: `make bench` installs it")]
    rates = [own.rate / other.rate for own, other in zip(ours, silent, strict=True)]
    answered = [own.rate / other.rate for own, other in zip(ours, answering, strict=True)]
    cpu = [other.cpu_ms / own.cpu_ms for own, other in zip(ours, silent, strict=True)]
    times = FEWEST_TIMES_THE_PEER
    return [
        told("django-helpdesk, writing no answer: rate", _rates(silent), "a second"),
        told("… CPU", Spread.of([cost.cpu_ms for cost in silent]), "ms"),
        at_least("… our rate beside it", Spread.of(rates), "times", times),
        told("… its CPU beside ours", Spread.of(cpu), "times"),
        told("django-helpdesk, writing its answer: rate", _rates(answering), "a second"),
        told("… our rate beside it", Spread.of(answered), "times"),
    ]


def _rates(costs: list[Cost]) -> Spread:
    return Spread.of([cost.rate for cost in costs])
