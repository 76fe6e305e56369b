"""Looking at every part: database, worker and mail listener."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from caseward.org.acting import Actor, acting
from caseward.policy.legal.queries import stale_presets

FRESH_SECONDS = 20.0
PATIENCE_SECONDS = 2
PARTS = ("worker", "mail")
KEPT_SECONDS, UNWELL_KEPT_SECONDS = 1.0, 0.2
"""Asking more often than this gets the same answer, so that nobody can wear us out by asking."""

AGES = "SELECT part, extract(epoch FROM clock_timestamp() - at)::float FROM jobs_heartbeat"


@dataclass(frozen=True, slots=True)
class PartReport:
    """How one part is; `seconds_ago` is the age of its last heartbeat where it has one."""

    is_well: bool
    says: str
    seconds_ago: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How every part is."""

    parts: dict[str, PartReport] = field(default_factory=dict)
    is_starting: bool = False
    notices: tuple[str, ...] = ()  # what somebody must see to, though every part is well

    @property
    def is_well(self) -> bool:
        return all(part.is_well for part in self.parts.values())

    @property
    def state(self) -> str:
        if self.is_well:
            return "well"
        return "starting" if self.is_starting else "unwell"


def look() -> Report:
    """Ask the database for heartbeats on a connection of its own, and knock at the mail door."""
    try:
        ages = _ages()
    except psycopg.errors.UndefinedTable:
        database = PartReport(False, "It has no tables yet; `caseward migrate` makes them.")
        return Report({"database": database, **_unknown()}, is_starting=True)
    except psycopg.Error:
        return Report({"database": PartReport(False, "It does not answer."), **_unknown()})
    parts = {part: _judge(part, ages.get(part)) for part in PARTS}
    parts["mail"] = _knock(parts["mail"])
    database = PartReport(True, "It answers.")
    is_starting = not set(PARTS) <= set(ages)
    return Report({"database": database, **parts}, is_starting, _notices())


def _notices() -> tuple[str, ...]:
    """Say what somebody must see to; nothing where that cannot be asked."""
    try:
        with acting(Actor.system("health")):
            stale = stale_presets(today=timezone.localdate())
    except DatabaseError:
        return ()
    keys = ", ".join(preset.key for preset in stale)
    return (f"Compare these laws with their texts again: {keys}; see /lead/legal.",) if keys else ()


def _ages() -> dict[str, float]:
    with psycopg.connect(
        settings.DATABASE_URL,
        autocommit=True,
        connect_timeout=PATIENCE_SECONDS,
        options=f"-c statement_timeout={PATIENCE_SECONDS}s",
    ) as connection:
        return dict(connection.execute(AGES).fetchall())


def _unknown() -> dict[str, PartReport]:
    return {part: PartReport(False, "Unknown while the database is away.") for part in PARTS}


def _judge(part: str, age: float | None) -> PartReport:
    if age is None:
        return PartReport(False, f"It has never been well yet; `caseward {part}` runs it.")
    if age > FRESH_SECONDS:
        return PartReport(False, f"It has not been heard of; `caseward {part}` runs it.", age)
    return PartReport(True, "It is well.", age)


def _knock(mail: PartReport) -> PartReport:
    if not mail.is_well:
        return mail
    try:
        door = (settings.SMTP_HOST, settings.SMTP_PORT)
        with socket.create_connection(door, timeout=PATIENCE_SECONDS) as answer:
            if answer.recv(3) == b"220":
                answer.sendall(b"QUIT\r\n")
                return mail
    except OSError:
        pass
    says = f"Nobody answers on port {settings.SMTP_PORT}."
    return PartReport(False, says, mail.seconds_ago)


class Kept:
    """The last report, kept for a second; askers that come meanwhile wait for the one who looks."""

    def __init__(self, look: Callable[[], Report]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._report = Report()
        self._until = 0.0

    def report(self) -> Report:
        with self._lock:
            if time.monotonic() >= self._until:
                self._report = self._look()
                kept = KEPT_SECONDS if self._report.is_well else UNWELL_KEPT_SECONDS
                self._until = time.monotonic() + kept
            return self._report
