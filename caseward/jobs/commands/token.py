"""`caseward token STAFF`: a token with which a program acts as that staff member."""

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the command about tokens."""
    parser = subparsers.add_parser(
        "token", description="Give a program a token with which it acts as a staff member."
    )
    parser.add_argument("staff", metavar="STAFF", help="the name somebody signs in with")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--revoke", action="store_true", help="revoke every token they have")
    choice.add_argument("--list", action="store_true", help="list the tokens they have")
    parser.set_defaults(call=manage_tokens)


def manage_tokens(arguments: Arguments) -> None:
    """Call the command of the package that owns the tokens."""
    from django.core.management import CommandError, call_command

    try:
        call_command("token", arguments.staff, revoke=arguments.revoke, list=arguments.list)
    except CommandError as problem:
        raise CommandFailed(str(problem)) from problem
