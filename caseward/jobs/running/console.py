"""What `caseward run` says: short lines while it works, then where to go and how to sign in."""

import sys
from collections.abc import Sequence

WIDTH = 9


def say(who: str, what: str) -> None:
    """Print one short line."""
    print(f"{who:<{WIDTH}} {what}", flush=True)


def warn(what: str) -> None:
    """Print a whole sentence for somebody to act on."""
    print(what, file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns, the first row being the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "  " + "  ".join(cells).rstrip()
