"""Roles, database and extensions: the same on the embedded cluster and on a server of your own.

`cw_owner` owns the tables and migrates. `cw_app` runs the program and owns nothing. It may become
`cw_staff`, `cw_vendor`, `cw_requester` or `cw_system`, which is what row-level security looks at.
`cw_system` has every right of `cw_staff`, and besides them what no manager may read.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import Connection, sql

LOGINS = ("cw_owner", "cw_app")
GROUPS = ("cw_staff", "cw_vendor", "cw_requester", "cw_system")
EXTENSIONS = ("pg_trgm", "btree_gist")
OLDEST = 180000
OLDEST_NAME = "18"
KEPT = "THE-PASSWORD-IT-HAS"


class CannotPrepare(Exception):
    """The server cannot be prepared; the message says why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """What to set, and what to know, after preparing a server."""

    app_url: str
    owner_url: str
    notes: list[str]


def prepare_server(admin_url: str, *, database: str, new_passwords: bool = False) -> Prepared:
    """Prepare a server of your own, as often as you like.

    Raises:
        CannotPrepare: it does not answer, is too old, or the account may not make roles.
    """
    try:
        with connect_as_admin(admin_url) as admin:
            passwords = _passwords_to_set(admin, all_of_them=new_passwords)
            prepare_roles(admin, passwords)
            prepare_database(admin, database)
        with connect_as_admin(_with(admin_url, database=database)) as admin:
            absent = prepare_extensions(admin)
    except psycopg.Error as problem:
        raise CannotPrepare(
            "The server could not be prepared. ADMIN_URL must name a running server and a "
            f"superuser of it. It said: {str(problem).strip()}"
        ) from problem
    app, owner = (
        _with(admin_url, database=database, role=role, password=passwords.get(role, KEPT))
        for role in ("cw_app", "cw_owner")
    )
    return Prepared(app_url=app, owner_url=owner, notes=_notes(passwords, absent))


def prepare_roles(admin: Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing and set the rights of all.

    A login without an entry in `passwords` keeps the one it has.
    """
    _check_version(admin)
    missing = _missing_roles(admin)
    for role in (*LOGINS, *GROUPS):
        if role in missing:
            admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        _set_rights(admin, role)
    for role, password in passwords.items():
        set_password(admin, role, password)
    _let_the_app_become_them(admin)
    _let_the_system_do_what_staff_may(admin)


def prepare_database(admin: Connection, name: str) -> None:
    """Make the database if it is missing, owned by `cw_owner` and closed to everybody else.

    The connection must be in autocommit mode, as `CREATE DATABASE` allows no transaction.
    """
    known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    names = {"name": sql.Identifier(name)}
    if not known:
        admin.execute(sql.SQL(CREATE_DATABASE).format(**names))
    for statement in DATABASE_RIGHTS:
        admin.execute(sql.SQL(statement).format(**names))


def prepare_extensions(admin: Connection) -> list[str]:
    """Create the extensions the server has, in the database connected to; return the absent."""
    offered = {row[0] for row in admin.execute("SELECT name FROM pg_available_extensions")}
    for name in EXTENSIONS:
        if name in offered:
            create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
            admin.execute(create)
    return [name for name in EXTENSIONS if name not in offered]


CREATE_DATABASE = """
    CREATE DATABASE {name} OWNER cw_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'
"""
DATABASE_RIGHTS = (
    "ALTER DATABASE {name} OWNER TO cw_owner",
    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {name} TO cw_app",
)
ROLE_RIGHTS = {
    "cw_owner": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "cw_app": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
}
GROUP_RIGHTS = "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"


def set_password(admin: Connection, role: str, password: str) -> None:
    """Set a password already scrambled here, so that no server log ever holds it."""
    scrambled = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
    admin.execute(statement.format(sql.Identifier(role), sql.Literal(scrambled.decode())))


def _check_version(admin: Connection) -> None:
    if admin.info.server_version < OLDEST:
        raise CannotPrepare(
            f"Caseward needs PostgreSQL {OLDEST_NAME} or later, "
            f"and this server is {admin.info.parameter_status('server_version')}."
        )


def _missing_roles(admin: Connection) -> set[str]:
    known = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles")}
    return {*LOGINS, *GROUPS} - known


def _set_rights(admin: Connection, role: str) -> None:
    rights = ROLE_RIGHTS.get(role, GROUP_RIGHTS)
    admin.execute(sql.SQL("ALTER ROLE {} " + rights).format(sql.Identifier(role)))


def _let_the_app_become_them(admin: Connection) -> None:
    groups = sql.SQL(", ").join(map(sql.Identifier, GROUPS))
    admin.execute(sql.SQL("GRANT {} TO cw_app WITH INHERIT FALSE, SET TRUE").format(groups))


def _let_the_system_do_what_staff_may(admin: Connection) -> None:
    admin.execute("GRANT cw_staff TO cw_system WITH INHERIT TRUE, SET FALSE")


def connect_as_admin(url: str) -> psycopg.Connection:
    """Connect for the statements above: no transaction of its own, a short wait at most."""
    return psycopg.connect(url, autocommit=True, connect_timeout=10)


def _passwords_to_set(admin: Connection, *, all_of_them: bool) -> dict[str, str]:
    roles = LOGINS if all_of_them else sorted(_missing_roles(admin) & set(LOGINS))
    return {role: secrets.token_urlsafe(32) for role in roles}


def _with(url: str, *, database: str, role: str = "", password: str = "") -> str:
    """Return the address with another database and, if given, another login."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{role}:{quote(password, safe='')}@{place}" if role else parts.netloc
    return urlunsplit(parts._replace(netloc=login, path=f"/{quote(database)}"))


def _notes(passwords: Mapping[str, str], absent: list[str]) -> list[str]:
    notes = [
        f"{role} was there already and keeps its password (--new-passwords changes it)."
        for role in LOGINS
        if role not in passwords
    ]
    notes += [f"The server does not offer the extension {name}." for name in absent]
    return notes
