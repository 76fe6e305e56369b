"""An installation of its own to measure on: embedded PostgreSQL, the demo operation, no cases."""

import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from caseward.jobs.embedded import Cluster, ensure_cluster
from caseward.jobs.embedded.ports import free_port
from caseward.jobs.running.parts import Part
from caseward.jobs.running.process import Process

READY_SECONDS = 30


@dataclass(frozen=True)
class Installation:
    """Where it is, and the cluster whose CPU counts."""

    data: Path
    cluster: Cluster

    @property
    def database(self) -> int:
        """Return the process whose children are the whole database."""
        pid = self.cluster.server.pid()
        assert pid is not None
        return pid

    @contextmanager
    def running(self, part: Part, *, is_ready: Callable[[], bool]) -> Iterator[int]:
        """Run one part as `caseward run` does, and give its process id once it is ready."""
        process = Process(part, self.data / "log")
        process.start()
        try:
            _wait(is_ready, process)
            assert process.pid is not None
            yield process.pid
        finally:
            _end(process)


@contextmanager
def installation() -> Iterator[Installation]:
    """Give an installation that is gone afterwards; Django is set up on it."""
    with ExitStack() as stack:
        parent = stack.enter_context(tempfile.TemporaryDirectory(prefix="caseward-bench-"))
        Path(parent).chmod(0o755)  # the account PostgreSQL runs as must get through
        data = Path(parent) / "data"
        cluster = ensure_cluster(data)
        stack.callback(cluster.remove)
        (data / "static").mkdir(exist_ok=True)  # pages warn where it is missing
        _set_environment(data, cluster)
        _make_operation()
        yield Installation(data, cluster)


def _set_environment(data: Path, cluster: Cluster) -> None:
    """Name the database and free ports, for this process and for those it starts."""
    os.environ |= {
        "DATA": str(data),
        "DATABASE_URL": cluster.url_for("cw_app"),
        "CASEWARD_OWNER_DATABASE_URL": cluster.url_for("cw_owner"),
        "CASEWARD_SECRET_KEY": cluster.secrets["django"],
        "CASEWARD_LOG_LEVEL": "WARNING",
        "SMTP_URL": "",
        **dict(zip(("PORT", "CASEWARD_LIVE_PORT", "SMTP_PORT"), _three_ports(), strict=True)),
    }


def _three_ports() -> list[str]:
    ports: set[int] = set()
    while len(ports) < 3:
        ports.add(free_port())
    return [str(port) for port in ports]


def _make_operation() -> None:
    from caseward.jobs.environment import set_up_django

    os.environ["CASEWARD_DATABASE_POOLED"] = "0"  # here; the parts use their pools
    set_up_django()
    del os.environ["CASEWARD_DATABASE_POOLED"]
    from django.utils import timezone

    from caseward.jobs.demo.filling import OPERATION
    from caseward.jobs.migrating import migrate_as_owner
    from caseward.jobs.operation.applying import apply
    from caseward.jobs.operation.reading import read_operation

    migrate_as_owner(quiet=True)
    apply(read_operation(OPERATION), now=timezone.now())


def answers(path: str) -> bool:
    """Say whether the pages answer, whatever they say."""
    url = f"http://127.0.0.1:{os.environ['PORT']}{path}"
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _wait(is_ready: Callable[[], bool], process: Process) -> None:
    give_up_at = time.monotonic() + READY_SECONDS
    while not is_ready():
        if process.has_ended() or time.monotonic() > give_up_at:
            raise RuntimeError(f"{process.part.name} did not start:\n{process.last_lines()}")
        time.sleep(0.05)


def _end(process: Process) -> None:
    process.ask_to_end()
    give_up_at = time.monotonic() + READY_SECONDS
    while not process.has_ended() and time.monotonic() < give_up_at:
        time.sleep(0.05)
