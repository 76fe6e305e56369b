"""A migrated database kept on the cluster of the tests: copying it is far cheaper than migrating.

Its name tells the migrations it was made by, so a change of any of them makes a new one.
"""

from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import errors, sql

from caseward.jobs import preparing
from caseward.jobs.embedded import Cluster

MIGRATIONS = Path(__file__).parents[1] / "caseward"
PREFIX = "migrated_"
KEPT = 3
COPY = "CREATE DATABASE {} OWNER cw_owner TEMPLATE {}"
IN_THE_WAY = (errors.DuplicateDatabase, errors.ObjectInUse, errors.UniqueViolation)


def template_name() -> str:
    digest = sha256()
    for path in sorted(MIGRATIONS.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def copy_template(cluster: Cluster, database: str) -> bool:
    """Make a test's database as a copy of the migrated one; say whether there was one."""
    with _admin(cluster) as admin:
        try:
            _copy(admin, database, template_name())
        except (errors.InvalidCatalogName, *IN_THE_WAY):
            return False
        for right in preparing.DATABASE_RIGHTS:
            admin.execute(sql.SQL(right).format(name=sql.Identifier(database)))
    return True


def keep_template(cluster: Cluster, database: str) -> None:
    """Keep a copy of a migrated database nobody is connected to, and forget old ones."""
    with _admin(cluster) as admin:
        try:
            _copy(admin, template_name(), database)
        except IN_THE_WAY:
            return  # another worker keeps its own
        old = admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
            [PREFIX],
        )
        for (name,) in old.fetchall()[KEPT:]:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


def _copy(admin: psycopg.Connection, name: str, template: str) -> None:
    admin.execute(sql.SQL(COPY).format(sql.Identifier(name), sql.Identifier(template)))


def _admin(cluster: Cluster) -> psycopg.Connection:
    return preparing.connect_as_admin(cluster.server.conninfo(cluster.port))
