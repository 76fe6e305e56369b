"""How sure a share is: intervals for proportions from few or many answers."""

from math import hypot, sqrt
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """The range a true value plausibly lies in, both ends included."""

    low: float
    high: float

    def is_apart_from(self, other: "Interval") -> bool:
        """Say whether the ranges have no value in common, so that their order means something."""
        return self.high < other.low or other.high < self.low


def wilson_interval(*, successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval (without continuity correction) of a share.

    Stays inside 0 to 1 and keeps its promise with few answers, which p ± 1.96 s.e. does not.

    Args:
        successes: How many of the trials succeeded.
        trials: How many there were, at least 1.
        confidence: How often such intervals hold the true share, between 0 and 1.
    Raises:
        ValueError: no trials, successes outside 0 to trials, or confidence outside 0 to 1.
    Source:
        E. B. Wilson (1927); method 3 in R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872.
        Worked values there: 81 of 263 gives .2553 to .3662, 15 of 148 .0624 to .1605, 0 of 20
        0 to .1611 and 1 of 29 .0061 to .1718.
    """
    _check_counts(successes, trials)
    z = _standard_score(confidence)
    share, z2 = successes / trials, z * z
    middle = share + z2 / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    low = 0.0 if successes == 0 else (middle - half) / scale
    return Interval(low, 1.0 if successes == trials else (middle + half) / scale)


def difference_interval(
    *, successes: int, trials: int, than_successes: int, than_trials: int, confidence: float = 0.95
) -> Interval:
    """Return an interval for how much larger the first share is than the second, independent one.

    Raises:
        ValueError: as for `wilson_interval`.
    Source:
        Method 10 (two Wilson intervals squared and added) in R. G. Newcombe, Statistics in
        Medicine 17 (1998) 873-890. Worked value there: 56 of 70 against 48 of 80 gives
        .0524 to .3339.
    """
    first = wilson_interval(successes=successes, trials=trials, confidence=confidence)
    second = wilson_interval(successes=than_successes, trials=than_trials, confidence=confidence)
    share, than_share = successes / trials, than_successes / than_trials
    difference = share - than_share
    return Interval(
        difference - hypot(share - first.low, second.high - than_share),
        difference + hypot(first.high - share, than_share - second.low),
    )


def _check_counts(successes: int, trials: int) -> None:
    if trials < 1:
        raise ValueError(f"trials must be at least 1, got {trials}")
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must be from 0 to {trials}, got {successes}")


def _standard_score(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
