"""The reference page of metrics, written from their definitions.

`python -m caseward.metrics.reference` writes it anew; with `--check` it only says whether it is
up to date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from caseward.metrics.definitions import METRICS, SMALLEST_SAMPLE, Metric

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "metrics.md"
BEGINNING = f"""# Metrics

Written from `caseward/metrics/definitions.py`; change a definition there and run `make docs`.

Every figure is a number of *outcomes* folded from the ledger: what one case adds to one metric on
one day. The list behind a figure is these outcomes, so its length is the figure. Outcomes are
counted in parts; a share is the number in its counted parts divided by the number in the parts it
is out of. Parts are added up first, over days, sites, vendors, teams and lines of business, and the
division comes last: shares are never averaged.

Days are cut in one zone for the whole installation, named on every page: that of the operation's
first site, or the one chosen with `caseward.metrics.services.rebuild(zone=...)`.

Shares come with their Wilson interval (95 %). Below {SMALLEST_SAMPLE} outcomes only the interval is
shown. A figure is called on or off target only when its whole interval is, and changed only when
the interval of the difference (Newcombe, 95 %) leaves out zero.
"""


def page() -> str:
    """Return the reference page."""
    with translation.override("en"):
        return "\n".join([BEGINNING, *(_section(metric) for metric in METRICS.values())])


def _section(metric: Metric) -> str:
    rows = "\n".join(f"| {name} | {text} |" for name, text in _rows(metric))
    head = f"## {metric.name} (`{metric.key}`)\n\n{metric.question}\n"
    return f"{head}\n| | |\n|---|---|\n{rows}\n"


def _rows(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "Unit", "share, 0 to 1" if metric.is_share else "cases"
    yield "Counted", str(metric.counted)
    if metric.is_share:
        yield "Out of", str(metric.out_of)
    yield "Left out", str(metric.leaves_out)
    yield "Parts", ", ".join(f"`{part}` {name}" for part, name in metric.parts.items())
    yield "Time", str(metric.clock)
    yield "Day", str(metric.day)
    yield "Counts for", str(metric.place)
    yield "Adds up", "over everything but days" if metric.is_as_of else "over everything"
    yield "Better", metric.better
    if metric.is_share:
        yield "Target", _target(metric)


def _target(metric: Metric) -> str:
    if metric.target is None:
        return "none unless one is set"
    return f"{metric.target:.0%} unless another is set for the operation or a line of business"


def main(arguments: list[str]) -> int:
    import django

    django.setup()
    if arguments != ["--check"]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/reference/metrics.md is not up to date: run `make docs`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
