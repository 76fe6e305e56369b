"""The embedded cluster as the rest of the program sees it: there when asked for, gone if unused."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from psycopg import sql

from caseward.jobs import preparing
from caseward.jobs.embedded.account import Account, account, home
from caseward.jobs.embedded.configuration import socket_fits
from caseward.jobs.embedded.errors import CannotStart, SecretsLost
from caseward.jobs.embedded.folder import DataFolder
from caseward.jobs.embedded.ports import free_port, wait_until_free
from caseward.jobs.embedded.server import PORT_TAKEN, Server

DATABASE = "caseward"
ROLES_VERSION = 2
"""Raised whenever `caseward.jobs.preparing` changes, so that known clusters are prepared again."""
PORT_TRIES = 5


@dataclass
class Cluster:
    """A running cluster that this process uses, until it leaves or ends."""

    folder: DataFolder
    server: Server
    port: int
    durable: bool
    _lease: IO[str] | None = field(repr=False, default=None)

    @property
    def secrets(self) -> dict[str, str]:
        return self.folder.secrets()

    def url_for(self, role: str, database: str = DATABASE, *, tcp: bool = False) -> str:
        """Return the address a role (`cw_app`, `cw_owner` or `postgres`) connects to.

        It names the socket, a quarter faster a query, unless its path is too long or TCP is asked.
        """
        login = f"{role}:{quote(self.secrets[role], safe='')}"
        if tcp or not socket_fits(self.server.socket):
            return f"postgresql://{login}@127.0.0.1:{self.port}/{quote(database)}"
        folder = quote(str(self.server.socket), safe="/")
        return f"postgresql://{login}@:{self.port}/{quote(database)}?host={folder}"

    def create_database(self, name: str) -> None:
        """Make a further database with the same owner, rights and extensions."""
        with preparing.connect_as_admin(self.server.conninfo(self.port)) as admin:
            preparing.prepare_database(admin, name)
        with preparing.connect_as_admin(self.server.conninfo(self.port, name)) as admin:
            preparing.prepare_extensions(admin)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with preparing.connect_as_admin(self.server.conninfo(self.port)) as admin:
            admin.execute(statement.format(sql.Identifier(name)))

    def recover(self) -> bool:
        """Start the server again on its port if it was killed; say whether that was needed.

        Raises:
            CannotStart: it does not come back, or something else took its port.
        """
        if self.server.is_running():
            return False
        with self.folder.alone():
            if self.server.answers(self.port):
                return False
            wait_until_free(self.port)
            self.server.start(port=self.port, durable=self.durable)
        return True

    def leave(self, *, keep_running: bool = False) -> None:
        """Give up our use of the cluster; whoever leaves last stops it cleanly.

        Args:
            keep_running: Leave it running until `stop`, also when later users come and go.
        """
        if self._lease is None:
            return
        with self.folder.alone():
            self._give_back_lease()
            if keep_running:
                self.folder.write_facts(kept=True)
            elif not self.folder.facts().get("kept") and not self.folder.is_in_use():
                self.server.stop()

    def stop(self) -> None:
        """Stop the cluster cleanly now, whoever else uses it."""
        with self.folder.alone():
            self._give_back_lease()
            _stop(self.folder, self.server)

    def remove(self) -> None:
        """Stop it and delete its files, wherever they are; secrets and attachments stay."""
        self.stop()
        with self.folder.alone():
            shutil.rmtree(self.server.base)
            self.folder.facts_file.unlink()

    def _give_back_lease(self) -> None:
        if self._lease is not None:
            self._lease.close()
            self._lease = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.leave()


def ensure_cluster(data: Path, *, durable: bool = True) -> Cluster:
    """Return the cluster of this data folder, made and started if need be.

    Any number of processes may ask at once; one of them does the work.

    Args:
        data: The data folder; made when missing.
        durable: Whether a power cut must lose nothing. Only tests may say no.
    Raises:
        EmbeddedPostgresError: it cannot run here; the message says why and what to do.
    """
    folder = DataFolder(data.resolve())
    folder.make()
    with folder.alone(), ExitStack() as on_failure:
        lease = on_failure.enter_context(folder.take_lease())
        server = _server(folder)
        port = _answering_port(folder, server, durable=durable)
        cluster = Cluster(folder, server, port, durable, lease)
        _prepare(cluster)
        on_failure.pop_all()
    return cluster


def stop_cluster(data: Path) -> bool:
    """Stop the cluster of this data folder cleanly; say whether there was one running."""
    folder = DataFolder(data.resolve())
    if not folder.facts():
        return False
    with folder.alone():
        server = _server(folder)
        was_running = server.is_running()
        _stop(folder, server)
    return was_running


def is_running(data: Path) -> bool:
    """Say whether the cluster of this data folder answers, without starting it."""
    folder = DataFolder(data.resolve())
    facts = folder.facts()
    return bool(facts) and _server(folder).answers(facts.get("port"))


def _server(folder: DataFolder) -> Server:
    who = account()
    written = folder.facts().get("folder")
    base = Path(written) if written else _place(folder, who)
    if (base / "cluster").is_dir() and not folder.secrets_file.exists():
        raise SecretsLost(
            f"The passwords of the database in {base} were in {folder.secrets_file}, which is "
            "gone. Put it back from a backup, or move the whole data folder away to start afresh."
        )
    return Server(base, who, folder.secrets()["postgres"])


def _place(folder: DataFolder, who: Account) -> Path:
    """Choose where a new cluster lives: in the data folder, if its account can get there."""
    base = folder.root / "postgres"
    if not who.can_enter(folder.root):
        base = home() / f"{folder.root.name.lstrip('.')}-{folder.secrets()['postgres'][:8].lower()}"
    folder.write_facts(folder=str(base))
    return base


def _answering_port(folder: DataFolder, server: Server, *, durable: bool) -> int:
    """Return the port our server answers on, starting it if it does not."""
    known: int | None = folder.facts().get("port")
    if known is not None and server.answers(known):
        return known
    return _start(folder, server, preferred=known, durable=durable)


def _start(folder: DataFolder, server: Server, *, preferred: int | None, durable: bool) -> int:
    if not server.exists:
        server.make(durable=durable)
    for attempt in range(1, PORT_TRIES + 1):
        port = free_port(preferred)
        try:
            server.start(port=port, durable=durable)
        except CannotStart as failure:
            taken = any(sign in str(failure) for sign in PORT_TAKEN)
            if not taken or attempt == PORT_TRIES:
                raise
        else:
            break
    folder.write_facts(port=port, socket=str(server.socket))
    return port


def _stop(folder: DataFolder, server: Server) -> None:
    server.stop()
    folder.write_facts(kept=False)


def _prepare(cluster: Cluster) -> None:
    """Make roles, database and extensions, once for each version of what they should be."""
    if cluster.folder.facts().get("roles") == ROLES_VERSION:
        return
    logins = {role: cluster.secrets[role] for role in preparing.LOGINS}
    with preparing.connect_as_admin(cluster.server.conninfo(cluster.port)) as admin:
        preparing.prepare_roles(admin, logins)
    cluster.create_database(DATABASE)
    cluster.folder.write_facts(roles=ROLES_VERSION)
