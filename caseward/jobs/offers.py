"""Offering cases the moment something changes: a case comes, a hand is free, a person is there.

PostgreSQL tells of every event as it is committed. A change of that kind leads to one pass of
offering; what changes while it settles, or within a second of the last pass, shares the next one.
The sweep every few seconds (`tasks.offer_cases`) finds what was not heard of.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from caseward.casework.services import offering
from caseward.jobs.pacing import repeating
from caseward.jobs.scheduling import until_nothing_is_left

CHANNEL = "caseward"
SETTLES_SECONDS = 0.2
"""What happens at about the same time, such as all of a bulk action, is looked at once."""
A_PASS_EVERY_SECONDS = 1.0
LISTENS_SECONDS = 0.5  # how soon it notices that the worker stops
PAUSE_SECONDS = 0.05

FREES = frozenset(
    {
        "case.opened", "case.released", "case.moved", "case.transferred", "case.escalated",
        "case.reopened", "case.resolved", "case.closed", "case.woken", "case.merged",
        "case.unmerged", "case.resumed", "case.recognised", "case.snoozed", "escalation.returned",
        "message.received", "message.sent", "offer.accepted", "offer.declined", "offer.timed_out",
        "offer.withdrawn", "queue.resumed", "routing.switched_on", "staff.available",
        "staff.borrowed", "staff.given_back",
    }
)  # fmt: skip
"""Events after which somebody could be offered a case that could not be before."""

ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('caseward.offers'))"


def offer_what_waits() -> int:
    """End offers nobody can answer any more and make new ones; return how many were made."""
    until_nothing_is_left(lambda: _alone() and offering.end_lapsed_offers(now=timezone.now()))
    return until_nothing_is_left(
        lambda: _alone() and offering.offer_waiting_cases(now=timezone.now())
    )


def _alone() -> bool:
    """Say whether no other worker offers cases at this moment; it holds until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        return bool(cursor.fetchone()[0])


@contextmanager
def offering_at_once() -> Iterator[None]:
    """Offer cases as soon as they can be offered, for as long as the block runs."""
    prompter = Prompter()
    try:
        with repeating(prompter.listen, every_seconds=PAUSE_SECONDS, name="offers"):
            yield
    finally:
        prompter.hang_up()


class Prompter:
    """Hears of changes by a connection of its own, and offers what waits."""

    def __init__(self) -> None:
        self.heard_by: psycopg.Connection[Any] | None = None
        self.last_pass = 0.0

    def listen(self) -> int:
        """Wait for a change for a moment; after one, offer what waits. Return how many offers."""
        hearing = self._connected()
        try:
            if not frees_something(_payloads(hearing, LISTENS_SECONDS, stop_after=1)):
                return 0
            time.sleep(max(SETTLES_SECONDS, self.last_pass + A_PASS_EVERY_SECONDS - _now()))
            _payloads(hearing, 0.0)  # all of it is seen by the pass that follows
        except psycopg.Error:
            self.hang_up()
            raise
        self.last_pass = _now()
        return offer_what_waits()

    def hang_up(self) -> None:
        if self.heard_by is not None:
            self.heard_by.close()
            self.heard_by = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self.heard_by is None:
            self.heard_by = psycopg.connect(
                settings.DATABASE_URL, autocommit=True, connect_timeout=5
            )
            self.heard_by.execute(f"LISTEN {CHANNEL}")
        return self.heard_by


def _now() -> float:
    return time.monotonic()


def _payloads(
    hearing: psycopg.Connection[Any], seconds: float, *, stop_after: int | None = None
) -> list[str]:
    return [one.payload for one in hearing.notifies(timeout=seconds, stop_after=stop_after)]


def frees_something(payloads: Iterable[str]) -> bool:
    """Say whether one of these events lets somebody be offered a case."""
    return any(json.loads(payload).get("kind") in FREES for payload in payloads)
