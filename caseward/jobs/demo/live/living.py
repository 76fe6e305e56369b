"""The pace of the living demo: somebody does something every now and then, until told to stop."""

import logging
import smtplib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from random import Random
from threading import Thread
from typing import NoReturn

from django.db import OperationalError

from caseward import settings
from caseward.jobs.demo.live.agents import Agents
from caseward.jobs.demo.live.doing import Requesters

logger = logging.getLogger(__name__)

PACE_SECONDS = 25
VISITS_APART_SECONDS = 4 * 60  # they may send twenty forms an hour between them
CLOSED_PAUSE_SECONDS = 5.0
CLOSED = (OSError, smtplib.SMTPException, OperationalError)
WEIGHTS = (58, 10, 20, 12)
AGENTS_EVERY_SECONDS = 12.0
CHANGES_SHARE, WORKS_SHARE = 0.25, 0.35  # of the times somebody looks


def live() -> None:
    """Go on until a signal ends the process: at once, whatever answer is being waited for."""
    end: Future[None] = Future()
    for name, goes_on in (("demo-requesters", _go_on), ("demo-agents", _work_on)):
        Thread(target=_live_until, args=(end, goes_on), name=name, daemon=True).start()
    end.result()


def _live_until(end: Future[None], goes_on: Callable[[], NoReturn]) -> None:
    """Go on in a thread; what it fails with ends the process."""
    try:
        goes_on()
    except BaseException as problem:
        if not end.done():
            end.set_exception(problem)


def _work_on() -> NoReturn:
    random = Random()
    agents = Agents(random)
    while True:
        do(agents.be_there, otherwise=_nothing)
        if random.random() < CHANGES_SHARE:
            do(agents.change, otherwise=_nothing)
        if random.random() < WORKS_SHARE:
            do(agents.work, otherwise=_nothing)
        time.sleep(AGENTS_EVERY_SECONDS)


def _nothing() -> str:
    return "nothing"


def _go_on() -> NoReturn:
    random = Random()
    requesters = Requesters(random)
    pace = settings.whole_number("CASEWARD_LIVE_PACE", PACE_SECONDS)
    visit_allowed_at = time.monotonic()
    while True:
        time.sleep(random.expovariate(1 / max(pace, 0.05)))
        does = random.choices(_possible(requesters), WEIGHTS)[0]
        if does == requesters.visit_our_pages:
            if time.monotonic() < visit_allowed_at:
                does = requesters.write_a_mail
            else:
                visit_allowed_at = time.monotonic() + VISITS_APART_SECONDS
        do(does, otherwise=requesters.write_a_mail)


def do(does: Callable[[], str | None], *, otherwise: Callable[[], str | None]) -> None:
    """Do one thing, another where there is nothing to do it to; wait while a door is closed."""
    try:
        done = does() or otherwise()
        logger.info("demo.wrote %s", done)
    except CLOSED as closed:
        logger.info("demo.waits, a door is closed: %s", closed)
        time.sleep(CLOSED_PAUSE_SECONDS)


def _possible(requesters: Requesters) -> Sequence[Callable[[], str | None]]:
    return (
        requesters.write_a_mail,
        requesters.visit_our_pages,
        requesters.answer,
        requesters.rate,
    )
