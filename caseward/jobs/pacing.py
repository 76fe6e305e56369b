"""Something done again and again beside the main work of a process, whatever goes wrong."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 15.0


@contextmanager
def repeating(work: Callable[[], object], *, every_seconds: float, name: str) -> Iterator[None]:
    """Do `work` at once and then every so often, in a thread, until the block ends.

    A failure is logged and tried again, more and more patiently; what is being done when the block
    ends is finished first.
    """
    over = threading.Event()
    thread = threading.Thread(target=_repeat, args=(work, every_seconds, name, over), name=name)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _repeat(
    work: Callable[[], object], every_seconds: float, name: str, over: threading.Event
) -> None:
    pause = 0.0
    while not over.wait(pause):
        try:
            work()
            pause = every_seconds
        except Exception:
            pause = min(max(2 * pause, every_seconds), LONGEST_PAUSE_SECONDS)
            logger.warning("%s.failed, trying again in %.1f s", name, pause, exc_info=True)
        finally:
            connection.close()
