"""From an empty folder to a running installation: claim it, bring it up, say where it is."""

import os
import subprocess
import sys
import time
from pathlib import Path

from caseward import settings
from caseward.jobs import environment
from caseward.jobs.embedded import folder
from caseward.jobs.embedded.cluster import Cluster
from caseward.jobs.running import bytecode, guarded, translations, up_to_date, welcome
from caseward.jobs.running.claim import AlreadyRunning, only_runner
from caseward.jobs.running.console import say
from caseward.jobs.running.doors import Door, DoorBlocked, check_doors, is_healthy
from caseward.jobs.running.parts import parts
from caseward.jobs.running.runner import Runner, WillNotStart


class FirstStepsFailed(Exception):
    """The tables or the demo could not be made ready; what went wrong was printed above."""


CANNOT_RUN = (AlreadyRunning, DoorBlocked, FirstStepsFailed, WillNotStart)


def run_everything() -> None:
    """Run the whole installation until it is told to stop.

    Raises:
        CANNOT_RUN: it cannot; the message is for the person who started it.
    """
    began = time.monotonic()
    data = folder.DataFolder(folder.chosen_data_folder())
    data.make()
    bytecode.keep_in(data.root)
    with only_runner(data.root, address=welcome.web_address()) as ended:
        if ended:
            say("caseward", f"ended {ended} processes of a run that was cut short")
        check_doors(_doors())
        translations.see_to_them()
        say("database", "starts")
        with environment.installation() as cluster:
            say("database", _describe(cluster))
            if not up_to_date.is_ready(_owner_url()):
                _take_first_steps()
            say("caseward", "starts its processes")
            _run_parts(data.log, cluster, began=began)
            if cluster is not None:
                cluster.stop()
        say("caseward", "has stopped")


def _run_parts(log: Path, cluster: Cluster | None, *, began: float) -> None:
    chosen = parts(with_demo=settings.switch("LIVE", True))
    runner = Runner(chosen, log=log, cluster=cluster)
    runner.run(
        is_healthy=lambda: is_healthy(settings.PORT),
        when_ready=lambda: welcome.greet(seconds=time.monotonic() - began, log=log),
    )


def _doors() -> list[Door]:
    return [
        Door(settings.PORT, "the pages", "PORT"),
        Door(settings.LIVE_PORT, "live events", "CASEWARD_LIVE_PORT"),
        Door(settings.SMTP_PORT, "incoming mail", "SMTP_PORT"),
    ]


def _describe(cluster: Cluster | None) -> str:
    if cluster is None:
        return "the server that DATABASE_URL names"
    return f"PostgreSQL in {cluster.server.base}, on 127.0.0.1:{cluster.port}"


def _owner_url() -> str:
    """Return the owner's address; `installation` has seen to it that there is one."""
    return os.environ.get("CASEWARD_OWNER_DATABASE_URL") or os.environ["DATABASE_URL"]


def _take_first_steps() -> None:
    """Migrate and fill in a process of their own, so that the runner stays small."""
    script = [sys.executable, "-m", "caseward.jobs.running.first_steps"]
    command = [sys.executable, "-S", guarded.__file__, str(os.getpid()), *script]
    if subprocess.run(command, check=False).returncode:
        raise FirstStepsFailed("The tables or the demo could not be made ready; see above.")
