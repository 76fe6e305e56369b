"""Figures with their spread, and the table they end in."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of repeated measurements, with the least and the most of them."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median(values), min(values), max(values))

    def times(self, factor: float) -> "Spread":
        return Spread(self.middle * factor, self.least * factor, self.most * factor)

    def text(self, unit: str) -> str:
        """Return such as `2.4 ms (2.3–2.6)`."""
        return f"{number(self.middle)} {unit} ({number(self.least)}–{number(self.most)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `is_met` is None where nothing was promised."""

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**missed**", None: ""}[self.is_met]


def at_most(what: str, spread: Spread, unit: str, limit: float) -> Row:
    """Return the line of a figure that should not exceed a limit; its median is judged."""
    target = f"at most {number(limit)} {unit}"
    return Row(what, spread.text(unit), target, spread.middle <= limit)


def at_least(what: str, spread: Spread, unit: str, limit: float) -> Row:
    """Return the line of a figure that should reach a limit; its median is judged."""
    target = f"at least {number(limit)} {unit}"
    return Row(what, spread.text(unit), target, spread.middle >= limit)


def told(what: str, spread: Spread, unit: str) -> Row:
    """Return the line of a figure nothing was promised about."""
    return Row(what, spread.text(unit))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


def number(value: float) -> str:
    """Return a number with three digits that count, and thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(rows: Sequence[Row]) -> str:
    """Return the lines as a Markdown table."""
    lines = ["| What | Measured | Target | |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.what} | {r.measured} | {r.target} | {r.verdict} |" for r in rows]
    return "\n".join(lines)
