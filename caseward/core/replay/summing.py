"""What a replay comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseward.core.replay.facts import Given


@dataclass(frozen=True, slots=True)
class Summary:
    """What a replay comes to. Waits are of cases that were given to somebody."""

    cases: int
    given: int
    missed: int
    median_wait: timedelta
    wait_of_nine_in_ten: timedelta


def summarise(given: Sequence[Given], *, by: datetime) -> Summary:
    """Return what a replay that ended at `by` comes to."""
    waits = sorted(one.wait for one in given if one.wait is not None)
    return Summary(
        cases=len(given),
        given=len(waits),
        missed=sum(one.is_missed(by=by) for one in given),
        median_wait=_quantile(waits, 0.5),
        wait_of_nine_in_ten=_quantile(waits, 0.9),
    )


def _quantile(waits: Sequence[timedelta], share: float) -> timedelta:
    """Return the smallest wait that at least this share of the cases did not exceed."""
    if not waits:
        return timedelta(0)
    place = -(-len(waits) * share // 1)
    return waits[max(int(place), 1) - 1]
