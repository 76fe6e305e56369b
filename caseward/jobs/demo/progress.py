"""How far the filling is: a bar for a person who watches, a line every tenth for a log.

Each step says so when it begins, for some take a while.
"""

import sys
from typing import TextIO

WIDTH = 40
STEPS = 10


class Progress:
    """Counts what is done and says so."""

    def __init__(self, what: str, total: int, out: TextIO | None = None) -> None:
        self.what, self.total = what, max(total, 1)
        self._out = out or sys.stdout
        self._is_watched = self._out.isatty()
        self._done = self._shown = 0

    def begin(self, step: str) -> None:
        """Say what is being done now."""
        self._out.write(f"{step} …\n")
        self._out.flush()

    def start(self) -> None:
        """Show that nothing is done yet."""
        self._show()

    def advance(self, by: int = 1) -> None:
        self._done = min(self._done + by, self.total)
        step = self._done * (100 if self._is_watched else STEPS) // self.total
        if step > self._shown:
            self._shown = step
            self._show()

    def finish(self) -> None:
        """Show that all is done, also where the total was only an estimate."""
        self.advance(self.total - self._done)
        if self._is_watched:
            self._out.write("\n")
            self._out.flush()

    def _show(self) -> None:
        percent = 100 * self._done // self.total
        if self._is_watched:
            full = "█" * (WIDTH * self._done // self.total)
            self._out.write(f"\r{self.what}  {full:░<{WIDTH}}  {percent:3} %")
        else:
            self._out.write(f"{self.what}  {percent} %\n")
        self._out.flush()
