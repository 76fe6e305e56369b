"""Turning stored mail into cases beside the listener: at once when mail comes, and by the clock."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from caseward.channels.email.receiving import AT_ONCE, take_in, take_in_left_over

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # for mail another process stored and did not get to
LINGER_SECONDS = 0.05  # others come at the same time; together they cost less
SWEEP_SECONDS = 15.0
LONGEST_PAUSE_SECONDS = 15.0
LEFT_OVER_AFTER = timedelta(minutes=1)


class Intake:
    """A thread that takes in what is stored; `wake` tells it that there is something."""

    def __init__(self) -> None:
        self._something_came = threading.Event()
        self._is_over = False
        self._swept_at = float("-inf")
        self._began_at = timezone.now()
        self._thread = threading.Thread(target=self._work, name="intake")

    def wake(self) -> None:
        self._something_came.set()

    def _work(self) -> None:
        pause = LOOK_SECONDS
        while not self._is_over:
            try:
                self._take_in_all()
                pause = LOOK_SECONDS
            except Exception:
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                logger.warning("intake.failed, trying again in %.0f s", pause, exc_info=True)
            finally:
                connection.close()
            if self._something_came.wait(pause):
                time.sleep(LINGER_SECONDS)
                self._something_came.clear()

    def _take_in_all(self) -> None:
        """Take in what is new. What an earlier process left is first tried mail by mail.

        A mail that ended that process would end this one, too: it is counted before it is tried.
        """
        if time.monotonic() - self._swept_at > SWEEP_SECONDS:
            take_in_left_over(before=self._left_over_before())
            self._swept_at = time.monotonic()
        while not self._is_over and take_in() == AT_ONCE:
            continue

    def _left_over_before(self) -> datetime:
        if self._swept_at == float("-inf"):
            return self._began_at
        return timezone.now() - LEFT_OVER_AFTER

    @contextmanager
    def working(self) -> Iterator[None]:
        """Take in mail for as long as the block runs; the batch in hand is finished first."""
        self._thread.start()
        try:
            yield
        finally:
            self._is_over = True
            self.wake()
            self._thread.join()
