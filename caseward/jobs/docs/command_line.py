"""The reference page of the command line, written from the parsers themselves."""

import argparse
from collections.abc import Iterator

BEGINNING = """\
# Command line

Written from the program's own parsers; change a command in `caseward/jobs/commands` and run
`make docs`. `caseward COMMAND --help` says the same.

Exit codes: 0 done, 1 failed, 2 wrong usage. What a program may want to read goes to standard
output, sentences for people to standard error. Settings are
[environment variables](settings.md).
"""


def page() -> str:
    """Return the reference page."""
    from caseward.jobs.cli import build_parser, grouped

    known = build_parser().commands.choices
    return "\n".join([BEGINNING, *_groups(grouped(known), known)])


def _groups(
    groups: dict[str, list[str]], parsers: dict[str, argparse.ArgumentParser]
) -> Iterator[str]:
    for heading, names in groups.items():
        yield f"## {heading}\n"
        for name in names:
            yield from _command(parsers[name], f"caseward {name}", level=3)


def _command(parser: argparse.ArgumentParser, name: str, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} `{name}`\n"
    yield f"{parser.description}\n" if parser.description else ""
    yield f"```text\n{_usage(parser, name)}\n```\n"
    if rows := list(_rows(parser)):
        yield "\n".join(["| | |", "|---|---|", *rows, ""])
    if parser.epilog:
        yield f"{parser.epilog}\n"
    yield from _actions(parser, name, level=level + 1)


def _actions(parser: argparse.ArgumentParser, name: str, *, level: int) -> Iterator[str]:
    for choices in _subparsers(parser):
        helps = {choice.dest: choice.help for choice in choices._choices_actions}
        for action, sub in choices.choices.items():
            sub.description = sub.description or _sentence(helps.get(action))
            yield from _command(sub, f"{name} {action}", level=level)


def _subparsers(
    parser: argparse.ArgumentParser,
) -> list["argparse._SubParsersAction[argparse.ArgumentParser]"]:
    return [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]


def _usage(parser: argparse.ArgumentParser, name: str) -> str:
    words = parser.format_usage().removeprefix("usage: ").split()
    rest = " ".join(words).removeprefix(parser.prog).strip()
    return f"{name} {rest.removeprefix('[-h]').strip()}".strip()


def _rows(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        is_of_interest = not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
        if is_of_interest and action.help:
            yield f"| `{_written(action)}` | {_sentence(action.help)} |"


def _written(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest)
    value = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 else ""
    return f"{action.option_strings[-1]}{value}"


def _sentence(words: str | None) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""
