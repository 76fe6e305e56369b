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
from caseward.jobs.demo.live.doing import Requesters

logger = logging.getLogger(__name__)

PACE_SECONDS = 25
VISITS_APART_SECONDS = 4 * 60  # they may send twenty forms an hour between them
CLOSED_PAUSE_SECONDS = 5.0
CLOSED = (OSError, smtplib.SMTPException, OperationalError)
WEIGHTS = (58, 10, 20, 12)


def live() -> None:
    """Go on until a signal ends the process: at once, whatever answer is being waited for."""
    end: Future[None] = Future()
    Thread(target=_live_until, args=(end,), name="demo-requesters", daemon=True).start()
    end.result()


def _live_until(end: Future[None]) -> None:
    """Go on in a thread; what it fails with ends the process."""
    try:
        _go_on()
    except BaseException as problem:
        end.set_exception(problem)


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
