"""`caseward migrate`: bring the tables up to date, as their owner."""

from caseward.jobs.commands import Arguments, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that migrates."""
    parser = subparsers.add_parser(
        "migrate", description="Bring the tables up to date; does nothing when they are."
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing when all goes well")
    parser.set_defaults(call=migrate)


def migrate(arguments: Arguments) -> None:
    """Apply what has not been applied."""
    from caseward.jobs.migrating import migrate_as_owner

    migrate_as_owner(quiet=arguments.quiet)
