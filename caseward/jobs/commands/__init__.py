"""One module per command group, each found by its presence here.

A module offers `add_parser(subparsers)`. It adds its parser with a `description` (the line that
`caseward --help` shows) and `set_defaults(call=...)`, a function that takes the parsed arguments
and returns the exit code or nothing. Before it is called, the database runs and Django is set up;
`set_defaults(bare=True)` asks for neither. Heavy imports belong inside the function.
"""

import argparse
from typing import Any

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
type Arguments = Any


class CommandFailed(Exception):
    """The command could not do its work; the message is one whole sentence for the person."""


class WrongUsage(Exception):
    """The command was asked for something that makes no sense; the message says what does."""
