"""`make bench` measures everything; `python -m bench PART …` some of it."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Row, table
from bench.installation import Installation, installation
from bench.sizes import FULL, QUICK, Size

RESULTS = Path(__file__).parent / "results" / "latest.md"
PARTS = ("intake", "matching", "next-case", "pulling", "pages", "floor", "clocks", "memory")

NEED_NO_CASES = {"intake", "matching"}


def main() -> None:
    """Measure, print the table, and keep it when everything was measured in full."""
    parser = _parser()
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    size, began = QUICK if chosen.quick else FULL, time.monotonic()
    with installation() as where:
        rows = list(_measured(where, size, set(chosen.parts or PARTS)))
    report = f"{_circumstances(time.monotonic() - began)}\n\n{table(rows)}\n"
    print(report)
    if size is FULL and not chosen.parts:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(f"# What `make bench` measured\n\n{report}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    return parser


def _measured(where: Installation, size: Size, parts: set[str]) -> Iterator[Row]:
    """Measure with few cases in the table, fill it, and measure the rest."""
    # Only now: these load models, for which Django must be set up.
    from bench import intake, matching, pages, pulling

    few = _do("queries of pages", pages.queries) if "pages" in parts else {}
    if "intake" in parts:
        yield from _do("e-mail", lambda: intake.measure(where, size))
    if "matching" in parts:
        yield from _do("matching", lambda: matching.measure(size))
    if parts <= NEED_NO_CASES:
        return
    if parts - {"pulling"}:
        yield from _measured_full(where, size, parts, few)
    if "pulling" in parts:
        yield from _do("pulling", lambda: pulling.measure(where, size))


def _measured_full(
    where: Installation, size: Size, parts: set[str], few: dict[str, int]
) -> Iterator[Row]:
    """Fill the table as months of use would, and measure."""
    from bench import clocks, filling, floor, intake, memory, next_case, pages

    _do(f"filling in {size.cases:,} cases", lambda: filling.fill(where.cluster, size.cases))
    if "next-case" in parts:
        yield from _do("next case", lambda: next_case.measure(size))
    if "pages" in parts:
        yield from pages.query_rows(few, pages.queries(), size)
        yield from _do("pages", lambda: pages.measure(where, size))
    if "floor" in parts:
        yield from _do("floor", lambda: floor.measure(where, size))
    if "clocks" in parts:
        yield from _do("clocks", lambda: clocks.measure(where, size))
    if "intake" in parts:
        yield from _do("e-mail again", lambda: intake.measure_again(where, size))
    if "memory" in parts:
        yield from _do("memory", lambda: memory.measure(where, size))


def _do[T](what: str, work: Callable[[], T]) -> T:
    """Do something and say on the way how long it took."""
    print(f"{what} …", end=" ", file=sys.stderr, flush=True)
    began = time.monotonic()
    done = work()
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return done


def _circumstances(seconds: float) -> str:
    """Say on what kind of machine, and how to read the figures."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%-d %B %Y}, {os.cpu_count()} processors, {gigabytes:.0f} GiB of"
        f" memory, Python {platform.python_version()}, the embedded PostgreSQL; took"
        f" {seconds / 60:.0f} minutes, load at the end {os.getloadavg()[0]:.1f}. Each figure is the"
        " median of its repeats, with the least and the most of them; CPU is that of our processes"
        " and of all of PostgreSQL."
    )


if __name__ == "__main__":
    main()
