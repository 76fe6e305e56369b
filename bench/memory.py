"""Memory of a whole installation while nothing happens."""

import os
import time
from contextlib import ExitStack

from bench.accounting import memory_mb
from bench.figures import Row, number
from bench.installation import Installation
from bench.sizes import Size
from caseward.jobs.running.doors import is_healthy
from caseward.jobs.running.parts import LIVE, MAIL, WEB, WORKER


def measure(where: Installation, size: Size) -> list[Row]:
    """Start what `caseward run` starts, let it settle, and add it up."""
    with ExitStack() as stack:
        running = {
            part.name: stack.enter_context(where.running(part, is_ready=lambda: True))
            for part in (LIVE, MAIL, WORKER)
        }
        running["web"] = stack.enter_context(where.running(WEB, is_ready=_all_is_well))
        time.sleep(size.settle_seconds)
        used = {name: memory_mb(pid) for name, pid in running.items()}
        used["database"] = memory_mb(where.database)
    parts = ", ".join(f"{name} {number(mb)}" for name, mb in used.items())
    return [Row("Memory of everything, idle", f"{number(sum(used.values()))} MB ({parts})")]


def _all_is_well() -> bool:
    return is_healthy(int(os.environ["PORT"]))
