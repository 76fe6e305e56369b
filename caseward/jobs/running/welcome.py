"""The last thing said at the start: where everything is, and how to sign in."""

import importlib
from pathlib import Path

from caseward import settings
from caseward.jobs import environment
from caseward.jobs.running.console import say, table

MAIL_VIEWER = "/sent-mail/"


def web_address() -> str:
    """Return the address of the pages on this machine."""
    return f"http://127.0.0.1:{settings.PORT}"


def greet(*, seconds: float, log: Path) -> None:
    """Print it."""
    say("caseward", f"ready after {seconds:.1f} s; logs are in {log}")
    print(flush=True)
    print(table(_addresses()))
    people = _people()
    if people:
        print("\nSign in as")
        print(table(people))
    print("\nPress Ctrl-C to stop everything.", flush=True)


def _addresses() -> list[list[str]]:
    mail = f"127.0.0.1:{settings.SMTP_PORT} (SMTP), for addresses @{settings.MAIL_DOMAIN}"
    sent = (settings.SMTP_URL and "goes out by SMTP_URL") or f"{web_address()}{MAIL_VIEWER}"
    return [["Desk", web_address()], ["Mail in", mail], ["Mail out", sent]]


def _people() -> list[list[str]]:
    if not environment.has("caseward.jobs.demo.people"):
        return []
    rows = importlib.import_module("caseward.jobs.demo.people").sign_in_table()
    return [[str(cell) for cell in row] for row in rows]
