"""`caseward run`: everything at once, on this machine, until Ctrl-C."""

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that runs everything."""
    parser = subparsers.add_parser(
        "run",
        description="Run everything until Ctrl-C: database, pages, worker, mail, demo.",
        epilog="Settings: PORT (8000), SMTP_PORT (2525), DATA (.data), LIVE=0 for a silent demo.",
    )
    parser.set_defaults(call=run, bare=True)


def run(_arguments: Arguments) -> None:
    """Run, or say in a sentence why not."""
    from caseward.jobs import environment

    environment.check_settings()
    from caseward.jobs.running import starting

    try:
        starting.run_everything()
    except starting.CANNOT_RUN as problem:
        raise CommandFailed(str(problem)) from problem
