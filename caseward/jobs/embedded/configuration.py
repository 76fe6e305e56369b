"""The options the cluster is made and run with, and why."""

import os
from pathlib import Path

INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # sorts alike on every machine, whatever its C library
    "--locale=C",
    "--lc-ctype=C.UTF-8",  # without it no trigram is found in Hindi, Tamil or Chinese text
    "--auth=scram-sha-256",
    "--data-checksums",
    "--username=postgres",
)
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes, here without the file's own digits

NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def socket_fits(socket: Path) -> bool:
    return len(os.fsencode(socket / ".s.PGSQL.")) <= SOCKET_PATH_LIMIT


def for_each_start(*, port: int, socket: Path, durable: bool) -> str:
    """Return `caseward.conf`, written anew whenever the server starts."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(socket) if socket_fits(socket) else "",
        "unix_socket_permissions": "0700",
        **_memory(),
        **({} if durable else NOT_DURABLE),
    }
    return _lines("Written by Caseward at every start; changes here are lost.", settings)


def written_once() -> str:
    """Return what `postgresql.conf` gets when the cluster is made; yours to change later."""
    settings = {
        "max_connections": "100",
        "password_encryption": "scram-sha-256",
        "max_wal_size": "2GB",
        "wal_compression": "pglz",
        "random_page_cost": "1.1",
        "jit": "off",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
    }
    return _lines("Written by Caseward when it made this cluster.", settings) + (
        "include_if_exists = 'caseward.conf'\n"
    )


def _lines(heading: str, settings: dict[str, str]) -> str:
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
    return "\n".join(["", f"# {heading}", *lines, ""])


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _memory() -> dict[str, str]:
    """Give an eighth of the machine to shared buffers, between 128 and 512 MB."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(total // 8, 128), 512)}MB",
        "effective_cache_size": f"{max(total // 2, 256)}MB",
    }
