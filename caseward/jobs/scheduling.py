"""Work that comes round again: when it is due, who does it, and how much at once."""

import logging
import time
from collections.abc import Callable
from functools import wraps

from procrastinate.contrib.django import app

from caseward.org.acting import Actor, acting

logger = logging.getLogger(__name__)

LONGEST_SWEEP_SECONDS = 60.0


def scheduled(cron: str) -> Callable[[Callable[[], None]], Callable[[int], None]]:
    """Let the worker do something at the times `cron` says; a sixth and last field is for seconds.

    Several workers share one schedule. While one such job waits, no second one is queued, so a
    worker that was away does not make up for what it missed.
    """

    def decorate(work: Callable[[], None]) -> Callable[[int], None]:
        name = f"caseward.{work.__name__}"

        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name)
        @wraps(work)
        def run(timestamp: int) -> None:
            work()

        return run

    return decorate


def until_nothing_is_left(batch: Callable[[], int]) -> int:
    """Do batch after batch, each a transaction of Caseward itself; return how much was done.

    A minute is enough: what is left then waits for the next time.
    """
    give_up_at = time.monotonic() + LONGEST_SWEEP_SECONDS
    total = 0
    while time.monotonic() < give_up_at:
        with acting(Actor.system("worker")):
            done = batch()
        total += done
        if not done:
            break
    return total
