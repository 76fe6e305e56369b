"""What came in and what was resolved in the last hours: a line each, drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from caseward.casework.floor.flow import IN, OUT, arrivals_and_ends
from caseward.casework.floor.people import Scope
from caseward.web.views.floor.spacing import Spaced
from caseward.web.views.lead.words import whole

HEIGHT, WIDTH = 40.0, 240.0


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    label: str
    points: str
    total: str


def flow(scope: Scope, at: datetime) -> dict[str, object]:
    """Return the two lines on one scale, and what they come to in words."""
    minute = at.replace(second=0, microsecond=0)
    counts = _counted.get(minute)
    sums = {kind: _of(scope, counts[kind]) for kind in (IN, OUT)}
    highest = max((max(line) for line in sums.values()), default=0) or 1
    labels = {IN: _("Came in"), OUT: _("Resolved")}
    return {
        "lines": [
            Line(kind, labels[kind], _points(sums[kind], highest), whole(sum(sums[kind])))
            for kind in (IN, OUT)
        ],
        "about": _("in the last eight hours"),
        "height": HEIGHT,
        "width": WIDTH,
    }


def forget() -> None:
    """Count anew when it is next asked for."""
    _counted.forget()


def _of(scope: Scope, by_lob: dict[int, list[int]]) -> list[int]:
    wanted = {scope.lob_id} if scope.lob_id is not None else scope.lob_ids
    chosen = [counts for lob_id, counts in by_lob.items() if lob_id in wanted]
    return [sum(column) for column in zip(*chosen, strict=True)] or [0]


def _points(counts: Sequence[int], highest: int) -> str:
    step = WIDTH / max(1, len(counts) - 1)
    heights = (HEIGHT - 2 - (HEIGHT - 4) * count / highest for count in counts)
    return " ".join(f"{number * step:.1f},{height:.1f}" for number, height in enumerate(heights))


def _count(until: datetime) -> dict[str, dict[int, list[int]]]:
    return arrivals_and_ends(until=until, hours=timedelta(hours=8))


_counted: Spaced[datetime, dict[str, dict[int, list[int]]]] = Spaced(_count, seconds=60)
