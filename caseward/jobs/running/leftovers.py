"""Processes of an earlier run whose runner was killed: ended before a new run begins."""

import os
import signal
import time
from pathlib import Path

MARK = "CASEWARD_RUN"
"""Every process of a run carries this variable, with a value nobody else has."""
PATIENCE_SECONDS = 5.0
PROC = Path("/proc")


def end_leftovers(mark: str) -> int:
    """End the processes that carry this mark, gently first; return how many there were.

    Where there is no /proc it finds none; a port still in use is then reported as such.
    """
    found = carrying(mark)
    for number in (signal.SIGTERM, signal.SIGKILL):
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        _send(number, carrying(mark))
        while carrying(mark) and time.monotonic() < give_up_at:
            time.sleep(0.05)
    return len(found)


def carrying(mark: str) -> list[int]:
    """Return the processes (this one aside) whose environment holds the mark."""
    wanted = f"{MARK}={mark}".encode()
    numbers = [int(entry.name) for entry in PROC.glob("[0-9]*")] if PROC.is_dir() else []
    return [pid for pid in numbers if pid != os.getpid() and wanted in _environment(pid)]


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
