"""A whole installation for the browser tests: `caseward run` in a folder of its own.

Requesters get the survey at once, and an agent has six seconds to take a reply back, so that
stories are short; everything else is as a user finds it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

CASES = 300
MAIL_DOMAIN = "caseward.example"
PATIENCE_SECONDS = 120
OURS = ("CASEWARD_", "DATABASE_URL", "SMTP_URL", "DJANGO_")
CASEWARD = [sys.executable, "-m", "caseward.jobs"]


class Installation:
    """An installation filled with a small demo, which nobody but the tests writes to."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "output.txt"
        self.port, self.live_port, self.smtp_port = _free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = _clean_environment() | {
            "DATA": str(folder / "data"),
            "PORT": str(self.port),
            "SMTP_PORT": str(self.smtp_port),
            "LIVE": "0",
            "PYTHONUNBUFFERED": "1",
            "CASEWARD_LIVE_PORT": str(self.live_port),
            "CASEWARD_SURVEY_AFTER_MINUTES": "0",
            "CASEWARD_UNDO_SECONDS": "6",
            "CASEWARD_FORM_LIMIT_PER_HOUR": "200",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the tables, fill in the demo and run everything until it is well."""
        self.command("migrate", "--quiet")
        self.command("demo", "fill", "--cases", str(CASES))
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [*CASEWARD, "run"],
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self._process
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while "Press Ctrl-C" not in self.said():
            assert self._process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < give_up_at, f"it never was ready:\n{self.said()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as Ctrl-C does; what does not end is killed."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def command(self, *words: str) -> str:
        """Run a command of `caseward` on this installation and return what it prints."""
        done = subprocess.run(
            [*CASEWARD, *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"caseward {' '.join(words)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def logs(self) -> str:
        """Return what it printed and the end of every log, for the report of a failed test."""
        folder = Path(self._environment["DATA"]) / "log"
        files = [self.output, *sorted(folder.glob("*.log"))]
        return "\n".join(f"== {file.name}\n{_end_of(file)}" for file in files if file.exists())


def _end_of(file: Path, lines: int = 60) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


def _clean_environment() -> dict[str, str]:
    """Leave out every setting: the other tests' database is not this installation's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def _free_ports(count: int) -> list[int]:
    doors = [socket.socket() for _ in range(count)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports
