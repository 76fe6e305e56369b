"""One process kept alive: started, watched, started again more and more patiently, stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from caseward.jobs.running import guarded
from caseward.jobs.running.parts import Part

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""After running this long a process is forgiven its earlier deaths."""
LOG_BYTES = 20_000_000


class Process:
    """A part of the installation, as the runner sees it."""

    def __init__(self, part: Part, log: Path) -> None:
        self.part = part
        self.log = log / f"{part.name}.log"
        self.deaths_in_a_row = 0
        self.is_done = False
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the runner alone."""
        keep_short(self.log)
        command = guarded_command(*self.part.arguments)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started_at = time.monotonic()

    def notice_death(self) -> int | None:
        """Return the exit code if it died since the last look, and plan its next start."""
        code = self._child.poll() if self._child else None
        if code is None:
            return None
        self.signal(signal.SIGKILL)  # whatever it left behind would hold its port
        self._child = None
        self.is_done = code == 0 and self.part.may_end
        if time.monotonic() - self._started_at > STEADY_SECONDS:
            self.deaths_in_a_row = 0
        self.deaths_in_a_row += 1
        self._start_again_at = time.monotonic() + self.pause_seconds
        return code

    @property
    def pause_seconds(self) -> float:
        """How long to wait before the next start: doubled with every death in a row."""
        pause = FIRST_PAUSE_SECONDS * 2 ** (self.deaths_in_a_row - 1)
        return float(min(pause, LONGEST_PAUSE_SECONDS))

    def start_if_due(self) -> bool:
        """Start it again if it is down and its pause is over; say whether that was so."""
        if self.is_done or self._child is not None or time.monotonic() < self._start_again_at:
            return False
        self.start()
        return True

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to everything it started."""
        if self._child is not None:
            try:
                os.killpg(self._child.pid, number)
            except ProcessLookupError:
                return

    def ask_to_end(self) -> None:
        """Ask its first process, which takes its own with it in good order."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def has_ended(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def last_lines(self, count: int = 12) -> str:
        """Return the end of its log, for the person who has to find out why."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-count:])


def guarded_command(*arguments: str) -> list[str]:
    """Return the command line of a `caseward` process that ends with this one."""
    program = [sys.executable, "-m", "caseward.jobs", *arguments]
    return [sys.executable, "-S", guarded.__file__, str(os.getpid()), *program]


def keep_short(log: Path) -> None:
    """Move a log that has grown long aside, keeping one such; its writers append, so may go on."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.with_suffix(".log.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)
