"""The data folder: what lies where, who may read it, and the locks that order its users."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[3]
KEYS = ("django", "postgres", "cw_owner", "cw_app")


def chosen_data_folder() -> Path:
    """Return the folder `DATA` names, or `.data` in the project (in the current folder if none)."""
    named = os.environ.get("DATA", "")
    if named:
        return Path(named).expanduser().resolve()
    project = PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()
    return project / ".data"


@dataclass(frozen=True)
class DataFolder:
    """Everything one installation keeps: database, secrets, attachments, logs."""

    root: Path

    def make(self) -> None:
        """Make the folder and its parts; others may pass through it, not look inside."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o711)
        for name in ("attachments", "log", "static"):
            (self.root / name).mkdir(exist_ok=True, mode=0o700)

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def facts_file(self) -> Path:
        return self.root / "postgres.json"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    def facts(self) -> dict[str, Any]:
        """Return what was written down about the cluster: where it is and its port."""
        return _read(self.facts_file)

    def write_facts(self, **changes: object) -> None:
        _write(self.facts_file, self.facts() | changes)

    def secrets(self) -> dict[str, str]:
        """Return the passwords and the signing key, making those that are missing."""
        known = _read(self.secrets_file)
        fresh = {key: secrets.token_urlsafe(32) for key in KEYS if key not in known}
        if fresh:
            _write(self.secrets_file, known | fresh)
        return known | fresh

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else makes, starts or stops the cluster, and hold that turn."""
        with (self.root / "postgres.lock").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def take_lease(self) -> IO[str]:
        """Say that this process uses the cluster; its end, however violent, takes that back."""
        lease = self._lease_file.open("a")
        fcntl.flock(lease, fcntl.LOCK_SH)
        return lease

    def is_in_use(self) -> bool:
        """Say whether any process holds a lease."""
        with self._lease_file.open("a") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def _lease_file(self) -> Path:
        return self.root / "postgres.users"


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one step, readable by its owner only, safe against a power cut."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)
