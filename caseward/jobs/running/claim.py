"""One runner per data folder, and what it leaves behind for the next one."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caseward.jobs.running import leftovers


class AlreadyRunning(Exception):
    """Another runner has this data folder; the message says which and where."""


@contextmanager
def only_runner(data: Path, *, address: str) -> Iterator[int]:
    """Hold the data folder for one run, ending what a killed runner left; yield how many.

    Raises:
        AlreadyRunning: somebody else holds it.
    """
    with (data / "run.lock").open("a+") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_who_holds(data, claim.name)) from None
        ended = _end_what_was_left(claim.name)
        mark = secrets.token_hex(16)
        os.environ[leftovers.MARK] = mark
        _write(claim.name, {"pid": os.getpid(), "address": address, "mark": mark})
        yield ended


def _who_holds(data: Path, file: str) -> str:
    holder = _read(file)
    return (
        f"Caseward already runs from {data} (process {holder.get('pid', 'unknown')}, "
        f"{holder.get('address', 'address unknown')}). Stop it with Ctrl-C where it was started, "
        "or use another folder, for example: DATA=.data-2 PORT=8010 SMTP_PORT=2535 make run"
    )


def _end_what_was_left(file: str) -> int:
    mark = _read(file).get("mark")
    return leftovers.end_leftovers(str(mark)) if mark else 0


def _read(file: str) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(Path(file).read_text())
    except ValueError:
        return {}
    return found


def _write(file: str, content: dict[str, object]) -> None:
    Path(file).write_text(json.dumps(content))
