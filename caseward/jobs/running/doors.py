"""The ports an installation listens on: whether they are free, and who answers behind them."""

import errno
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass

HEALTH_SECONDS = 5
LAST_PORT = 65535


class DoorBlocked(Exception):
    """A port cannot be listened on; the message names it and the variable that changes it."""


@dataclass(frozen=True)
class Door:
    """A port, what it is for, and the setting that moves it."""

    port: int
    purpose: str
    setting: str


def check_doors(doors: list[Door]) -> None:
    """Make sure that every port can be listened on.

    Raises:
        DoorBlocked: one cannot; nothing was started.
    """
    taken: dict[int, Door] = {}
    for door in doors:
        other = taken.setdefault(door.port, door)
        problem = _problem(door.port) if other is door else f"is also meant for {other.purpose}"
        if problem:
            raise DoorBlocked(
                f"Port {door.port}, meant for {door.purpose}, {problem}. "
                f"Choose another one, for example: {door.setting}={_another(door.port)} make run"
            )


def _another(port: int) -> int:
    """Return a port to propose instead: one that exists and that any account may listen on."""
    further = port + 1010
    return further if 1024 <= further <= LAST_PORT else 8010


def _problem(port: int) -> str | None:
    if not 1 <= port <= LAST_PORT:
        return f"does not exist (ports go from 1 to {LAST_PORT})"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                return "needs rights this account lacks"
            return "is in use by another program"
    return None


def is_healthy(port: int) -> bool:
    """Say whether the pages answer and find everything behind them well."""
    url = f"http://127.0.0.1:{port}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=HEALTH_SECONDS) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
