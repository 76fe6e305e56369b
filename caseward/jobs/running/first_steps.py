"""What has to be there before the processes start: the tables, and a demo in an empty folder."""

import importlib
import os
import sys

from caseward.jobs import environment
from caseward.jobs.running.console import say


def take() -> None:
    """Migrate if need be, then let the demo fill an installation that is empty."""
    os.environ.setdefault("CASEWARD_LOG_LEVEL", "WARNING")
    environment.set_up_django()
    from caseward.jobs import migrating

    if not migrating.is_up_to_date():
        say("database", "prepares its tables")
        migrating.migrate_as_owner(quiet=True)
    if environment.has("caseward.jobs.demo.filling"):
        importlib.import_module("caseward.jobs.demo.filling").fill_if_empty()


if __name__ == "__main__":
    try:
        take()
    except KeyboardInterrupt:
        sys.exit(130)
