"""One PostgreSQL server over one folder: make it, start it, ask whether it answers, stop it."""

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import conninfo

from caseward.jobs.embedded import configuration
from caseward.jobs.embedded.account import Account, reachable_programs
from caseward.jobs.embedded.binaries import bin_dir
from caseward.jobs.embedded.errors import CannotStart

START_SECONDS = 600
"""How long a server may take to replay what a crash left unfinished."""
SHUTDOWN_SECONDS = 60
GONE_SECONDS = 20
"""How long the processes of a killed server may take to notice and end."""
STILL_ENDING = ("pre-existing shared memory block", "is still in use")
PORT_TAKEN = ("could not bind", "could not create any TCP/IP sockets")


@dataclass(frozen=True)
class Server:
    """A server's folder, the account it runs as, and the password of its superuser."""

    base: Path
    who: Account
    password: str = field(repr=False)

    @property
    def cluster(self) -> Path:
        return self.base / "cluster"

    @property
    def socket(self) -> Path:
        return self.base / "socket"

    @property
    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").is_file()

    def conninfo(self, port: int, database: str = "postgres") -> str:
        return conninfo.make_conninfo(
            host="127.0.0.1",
            port=port,
            user="postgres",
            password=self.password,
            dbname=database,
            connect_timeout=5,
            application_name="caseward supervisor",
        )

    def answers(self, port: int | None) -> bool:
        """Say whether our own server answers; scram proves that it is ours, a pid would not."""
        if port is None or not self.is_running():
            return False
        try:
            psycopg.connect(self.conninfo(port)).close()
        except psycopg.OperationalError:
            return False
        return True

    def make(self, *, durable: bool) -> None:
        """Make the cluster aside and move it into place, so that half a one is never met."""
        self._make_folders()
        unfinished = self.base / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._initdb(unfinished, *([] if durable else ["--no-sync"]))
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write(configuration.written_once())
        unfinished.rename(self.cluster)

    def start(self, *, port: int, durable: bool) -> None:
        """Start the server and wait until it answers.

        Raises:
            CannotStart: it did not; the end of its log is in the message.
        """
        if not self.is_running():
            self._clear_stale_files()
        options = configuration.for_each_start(port=port, socket=self.socket, durable=durable)
        (self.cluster / "caseward.conf").write_text(options)
        self.who.own(self.cluster / "caseward.conf")
        give_up_at = time.monotonic() + GONE_SECONDS
        while (failure := self._try_to_start()) is not None:
            if not any(sign in failure for sign in STILL_ENDING):
                raise CannotStart(failure)
            if time.monotonic() > give_up_at:
                raise CannotStart(failure)
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server cleanly; after a minute with clients that do not leave, at once."""
        for mode in ("fast", "immediate"):
            if not self.is_running():
                return
            self._pg_ctl("stop", "-m", mode, "-t", str(SHUTDOWN_SECONDS))

    def is_running(self) -> bool:
        """Say whether a postmaster is there, answering or not."""
        pid = self.pid()
        return pid is not None and _is_postgres(pid)

    def pid(self) -> int | None:
        """Return the process id written down by the last postmaster, alive or not."""
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _make_folders(self) -> None:
        for folder in (self.base, self.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.who.own(folder)

    def _initdb(self, folder: Path, *more_options: str) -> None:
        password_file = self.base / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        self.who.own(password_file)
        done = self.who.run(
            self._programs() / "initdb",
            *configuration.INITDB,
            *more_options,
            f"--pwfile={password_file}",
            f"--pgdata={folder}",
        )
        password_file.unlink()
        if done.returncode:
            raise CannotStart(f"The database could not be made. initdb said: {done.stderr}")

    def _try_to_start(self) -> str | None:
        """Return why the server did not start, or nothing when it did."""
        log = self.base / "start.log"
        log.unlink(missing_ok=True)
        began = time.time()
        if self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-l", str(log)) == 0:
            return None
        said = "\n".join(_tail(file) for file in [log, *self._logs_since(began)])
        return f"The database in {self.base} did not start. It said: {said}"

    def _logs_since(self, moment: float) -> list[Path]:
        """Return the server's own logs written to since then (less a second, for coarse clocks)."""
        logs = (self.cluster / "log").glob("*.log")
        return [log for log in logs if log.stat().st_mtime >= moment - 1]

    def _pg_ctl(self, verb: str, *options: str) -> int:
        pg_ctl = self._programs() / "pg_ctl"
        return self.who.run(pg_ctl, verb, "-D", self.cluster, *options, umask=0o077).returncode

    def _programs(self) -> Path:
        return reachable_programs(bin_dir(), self.who)

    def _clear_stale_files(self) -> None:
        """Remove what a dead postmaster left; its number may live on as a zombie or a stranger."""
        for file in (self.cluster / "postmaster.pid", *self.socket.iterdir()):
            file.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    """Say whether the process is alive (no zombie) and a PostgreSQL server."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # the server is always ours to signal
    command = Path(f"/proc/{pid}/cmdline")
    return b"postgres" in command.read_bytes() if command.exists() else True


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:].strip() if log.exists() else ""
