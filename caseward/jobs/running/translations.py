"""Translations compiled before pages are served: without them every language would be English."""

import subprocess
import sys

from caseward.jobs.messages.staleness import stale_catalogues
from caseward.jobs.running.console import say, warn

COMPILE = [sys.executable, "-m", "caseward.jobs", "messages", "compile"]


def see_to_them() -> None:
    """Compile what is missing or old; where that cannot be done, say what it means."""
    if not stale_catalogues():
        return
    say("messages", "compiles the translations")
    done = subprocess.run(COMPILE, capture_output=True, text=True, check=False)
    if done.returncode:
        warn(
            "The translations could not be compiled, so pages are in English or in older words. "
            "Run `caseward messages compile` as somebody who may write to caseward/locale."
        )
