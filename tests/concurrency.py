"""Doing several things at once, each on a database connection of its own (use `committed_db`)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def apart[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call something in a thread and close the connections it opened there."""
    try:
        return call(*args, **kwargs)
    finally:
        connections.close_all()


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Make every call at the same moment; return what each answered or raised."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Exception:
        start.wait(10)
        try:
            return apart(call)
        except Exception as problem:
            return problem

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
