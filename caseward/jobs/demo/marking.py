"""The mark of an installation the demo made itself: a file in the data folder, a row beside it.

Filling, starting afresh and writing in as requesters happen only where both say the same, so the
demo can never touch a database that somebody works with.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from caseward import settings

if TYPE_CHECKING:
    from caseward.jobs.models import DemoMark

FILE = "demo.json"


class NotOurs(Exception):
    """The demo does not run here; the message says why and what to do instead."""


def read_file_mark() -> UUID | None:
    """Return the mark in the data folder, None where there is none. Needs no database."""
    try:
        return UUID(json.loads((settings.DATA / FILE).read_text())["installation"])
    except FileNotFoundError:
        return None


def set_file_mark() -> UUID:
    """Mark the data folder as the demo's before anything is written to its database."""
    known = read_file_mark()
    if known is not None:
        return known
    mark = uuid4()
    (settings.DATA / FILE).write_text(json.dumps({"installation": str(mark)}) + "\n")
    return mark


def row_mark() -> "DemoMark | None":
    from caseward.jobs.models import DemoMark

    return DemoMark.objects.using("owner").first()


def is_our_own_database() -> bool:
    """Say whether the database is the embedded one of this data folder, or named as the demo's."""
    if settings.switch("CASEWARD_DEMO_DATABASE", False):
        return True
    return bool(password := _password_in(settings.DATA)) and password == _password_in_use()


def refuse_elsewhere() -> None:
    """Make sure that the database was filled by the demo of this very data folder.

    Raises:
        NotOurs: it was not.
    """
    row, mark = row_mark(), read_file_mark()
    if mark is None or row is None or row.installation != mark:
        raise NotOurs(
            f"This installation was not made by the demo (nothing in {settings.DATA} says so), so"
            " nothing was changed. To see the demo, name an empty data folder:"
            " DATA=/path/of/an/empty/folder caseward run"
        )


def refuse_unless_empty() -> None:
    """Make sure that filling hits nobody's work.

    Raises:
        NotOurs: the database is not the demo's to fill, or there are cases in it.
    """
    from caseward.casework.models import Case

    if not is_our_own_database():
        raise NotOurs(
            "The database that DATABASE_URL names is not filled with made-up cases. If it is meant"
            " for the demo, say so with CASEWARD_DEMO_DATABASE=1; otherwise set LIVE=0."
        )
    if count := Case.objects.using("owner").count():
        raise NotOurs(
            f"There are {count} cases already, so nothing was filled in. `caseward demo reset`"
            " starts afresh where the demo made them."
        )


def _password_in(data: Path) -> str:
    secrets = data / "secrets.json"
    return str(json.loads(secrets.read_text()).get("cw_app", "")) if secrets.is_file() else ""


def _password_in_use() -> str:
    return str(settings.DATABASES["default"]["PASSWORD"])
