"""The `caseward` program: finds its commands, prepares what they need, tells what went wrong."""

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from types import FrameType
from typing import NoReturn

from caseward.jobs import commands
from caseward.jobs.commands import Arguments, CommandFailed, WrongUsage

SUMMARY = "Caseward runs a Trust & Safety user-support operation end to end."
STAYING = ("web", "live", "worker", "mail")
GROUPS = {
    "Run it": ("run", "demo"),
    "One process at a time, for a real installation": STAYING,
    "The operation as files": ("plan", "apply", "export"),
    "Look after it": ("migrate", "database", "ledger", "token", "manage"),
    "Work on Caseward itself": ("messages", "docs"),
}
ENDING = """\
Examples
  caseward run                          everything, on an embedded PostgreSQL, until Ctrl-C
  caseward plan operations/demo         what `apply` would change, and nothing else
  DATA=/srv/caseward caseward run       another data folder
  DATABASE_URL=postgresql://… caseward migrate

`caseward COMMAND --help` tells more about one command. Settings are environment variables:
DATA, PORT, SMTP_PORT, DATABASE_URL, SMTP_URL and those starting with CASEWARD_.
Exit codes: 0 done, 1 failed, 2 wrong usage.
"""


class Program(argparse.ArgumentParser):
    """The outermost parser, whose help lists the commands by what they are for."""

    def format_help(self) -> str:
        parts = [SUMMARY, "", "Usage: caseward COMMAND …", ""]
        for heading, names in grouped(self.commands.choices).items():
            parts += [heading, *(self._line(name) for name in names), ""]
        return "\n".join([*parts, ENDING])

    def _line(self, name: str) -> str:
        return f"  {name:<10} {self.commands.choices[name].description or ''}"

    def error(self, message: str) -> NoReturn:
        """Say what was wrong in a sentence instead of listing every command again."""
        self.exit(2, f"caseward: {message} `caseward --help` lists the commands.\n")

    commands: commands.Subparsers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    program = build_parser()
    if not given:
        print(program.format_help(), file=sys.stderr)
        return 2
    _refuse_unknown(program, given[0])
    parsed = program.parse_args(given)
    signal.signal(signal.SIGTERM, _end)
    try:
        return _call(parsed)
    except WrongUsage as problem:
        return _fail(str(problem), code=2)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as problem:
        sentence = _expected(problem)
        if sentence is None:
            raise
        return _fail(sentence, code=1)


def build_parser() -> Program:
    """Return the parser with every command found in `caseward.jobs.commands`."""
    program = Program(prog="caseward", description=SUMMARY)
    program.commands = program.add_subparsers(
        metavar="COMMAND", dest="command", required=True, parser_class=argparse.ArgumentParser
    )
    for module in pkgutil.iter_modules(commands.__path__):
        found = importlib.import_module(f"{commands.__name__}.{module.name}")
        found.add_parser(program.commands)
    return program


def _refuse_unknown(program: Program, command: str) -> None:
    """End the program, with the nearest command there is, if this is none."""
    known = program.commands.choices
    if command.startswith("-") or command in known:
        return
    near = get_close_matches(command, known, n=1)
    hint = f" Did you mean `caseward {near[0]}`?" if near else ""
    program.error(f"There is no command `{command}`.{hint}")


def grouped(known: dict[str, argparse.ArgumentParser]) -> dict[str, list[str]]:
    """Return the names of the commands under the headings they belong to."""
    groups = {
        heading: [name for name in names if name in known] for heading, names in GROUPS.items()
    }
    listed = {name for names in groups.values() for name in names}
    groups["More"] = sorted(known.keys() - listed)
    return {heading: names for heading, names in groups.items() if names}


def _call(parsed: Arguments) -> int:
    with ExitStack() as stack:
        if not getattr(parsed, "bare", False):
            from caseward.jobs import environment

            _speak_no_more_than_asked(parsed.command)
            stack.enter_context(environment.installation())
            environment.set_up_django()
        return int(parsed.call(parsed) or 0)


def _speak_no_more_than_asked(command: str) -> None:
    """Keep the log of a command to warnings; processes that stay keep a fuller one."""
    if command not in STAYING:
        os.environ.setdefault("CASEWARD_LOG_LEVEL", "WARNING")


def _expected(problem: Exception) -> str | None:
    """Return what to tell a person, or nothing when only a traceback will help."""
    if isinstance(problem, CommandFailed):
        return str(problem)
    names = {kind.__name__ for kind in type(problem).__mro__}
    if "EmbeddedPostgresError" in names:
        return str(problem)
    if "OperationalError" in names:
        return f"The database did not answer: {str(problem).strip()}"
    return None


def _fail(sentence: str, *, code: int) -> int:
    print(f"caseward: {sentence}", file=sys.stderr)
    return code


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End on SIGTERM as on any other way out, so that leases and locks are given back."""
    raise SystemExit(143)
