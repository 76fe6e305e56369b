"""`caseward manage`: Django's own commands, on the right database."""

import argparse

from caseward.jobs.commands import Arguments, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the way to Django's commands."""
    parser = subparsers.add_parser(
        "manage", description="Run one of Django's own commands.", add_help=False, prefix_chars="\0"
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="such as: check --deploy")
    parser.set_defaults(call=manage)


def manage(arguments: Arguments) -> None:
    """Pass the arguments on."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["caseward manage", *arguments.arguments])
