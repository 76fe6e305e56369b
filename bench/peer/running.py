"""Starting django-helpdesk beside us, on the same PostgreSQL, and giving it the same mails."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.installation import Installation
from bench.letters import Letter

PYTHON = Path(__file__).resolve().parents[2] / ".venv-bench" / "bin" / "python"
DATABASE = "helpdesk"


@dataclass(frozen=True)
class Taken:
    """What taking in a batch cost the gateway's own process."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Gateway:
    """A running gateway that waits for mail in its folder."""

    mail: Path
    process: subprocess.Popen[str]

    def take_in(self, letters: Sequence[Letter], *, writes_answers: bool) -> Taken:
        """Let it turn every letter into a ticket."""
        for number, letter in enumerate(letters):
            (self.mail / f"{number}.eml").write_bytes(letter.content)
        assert self.process.stdin is not None
        self.process.stdin.write("answers\n" if writes_answers else "silent\n")
        self.process.stdin.flush()
        found = json.loads(_line(self.process))
        assert found["tickets"] == len(letters), f"{found['tickets']} of {len(letters)} tickets"
        return Taken(found["wall"], found["cpu"])


def is_installed() -> bool:
    return PYTHON.exists()


@contextmanager
def gateway(where: Installation) -> Iterator[Gateway]:
    """Run the gateway on a database of its own in our cluster."""
    folder = where.data / "peer"
    (folder / "mail").mkdir(parents=True)
    where.cluster.create_database(DATABASE)
    process = subprocess.Popen(
        [PYTHON, "-m", "bench.peer.gateway"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | _environment(where, folder),
        text=True,
    )
    try:
        assert _line(process) == "ready\n", "django-helpdesk did not start; see above."
        yield Gateway(folder / "mail", process)
    finally:
        process.communicate()


def _environment(where: Installation, folder: Path) -> dict[str, str]:
    return {
        "PEER_FOLDER": str(folder),
        "PEER_DATABASE": DATABASE,
        "PEER_USER": "cw_owner",
        "PEER_PASSWORD": where.cluster.secrets["cw_owner"],
        "PEER_HOST": str(where.cluster.server.socket),
        "PEER_PORT": str(where.cluster.port),
    }


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
