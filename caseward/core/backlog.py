"""When a backlog is cleared: flows as over-dispersed counts, the date as a first passage.

The backlog is taken for a Brownian motion that sinks by `drift` cases a day and wobbles by
`variance` a day; it is cleared when it first touches zero. How fast it really sinks is itself only
known from a few days, so the answer is averaged over the rates those days allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import erfc, exp, inf, pi, sqrt
from statistics import NormalDist, fmean

DAYS_A_WEEK = 7
HORIZON_DAYS = 365.0
RATES = 41  # how many equally likely rates the answer is averaged over
_FAR = 30.0  # beyond this many deviations, a normal tail is given by its expansion
_EIGHT_OF_TEN = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Flow:
    """How fast a backlog sinks: cases a day, the error of that, and its wobble a day."""

    drift: float
    drift_error: float
    variance: float

    def rates(self) -> tuple[float, float]:
        """Return between how many cases a day it sinks, eight times of ten; below 0 it grows."""
        spread = _EIGHT_OF_TEN * self.drift_error
        return self.drift - spread, self.drift + spread


@dataclass(frozen=True, slots=True)
class Clearing:
    """In how many days a backlog is cleared; None where that is not within a year.

    `low` to `high` holds the truth eight times of ten; `chance` is that of a year being enough.
    """

    low: float | None
    middle: float | None
    high: float | None
    chance: float


def dispersion(counts: Sequence[int]) -> float:
    """Return how much more daily counts vary than chance alone lets them; at least 1.

    Pearson's statistic over its degrees of freedom, around the mean of each weekday from two weeks
    on, around one mean before: quiet Sundays are a pattern, no noise.

    Args:
        counts: Cases of successive days.
    Source:
        P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), 4.5. Worked value: counts
        of 2, 4, 6, 8 have mean 5 and deviations 9, 1, 1, 9: 20 / 5 / 3 gives 4/3.
    """
    period = DAYS_A_WEEK if len(counts) >= 2 * DAYS_A_WEEK else 1
    groups = [counts[start::period] for start in range(min(period, len(counts)))]
    freedom = len(counts) - len(groups)
    if freedom < 1:
        return 1.0
    return max(1.0, sum(_pearson(group) for group in groups) / freedom)


def _pearson(counts: Sequence[int]) -> float:
    mean = fmean(counts)
    return sum((count - mean) ** 2 for count in counts) / mean if mean else 0.0


def flow(
    *, arrivals: Sequence[int], completions: Sequence[int], extra_completions: float = 0.0
) -> Flow:
    """Return how fast a backlog sinks at the rates of some whole days.

    Args:
        arrivals: Cases that came in, day by day.
        completions: Cases finished on the same days.
        extra_completions: Cases a day that extra hours finish besides; taken as sure.
    Raises:
        ValueError: no day, or not as many days of one as of the other.
    """
    days = len(arrivals)
    if days < 1 or len(completions) != days:
        raise ValueError(f"expected as many days of both, got {days} and {len(completions)}")
    came, went = fmean(arrivals), fmean(completions)
    variance = dispersion(arrivals) * came + dispersion(completions) * went
    return Flow(went - came + extra_completions, sqrt(variance / days), variance)


def chance_cleared(flow: Flow, *, backlog: float, days: float) -> float:
    """Return the probability that a backlog has been cleared once within some days.

    For one rate this is the distribution of the inverse Gaussian (Wald) first passage,
    Φ((μt - B) / σ√t) + exp(2μB / σ²) Φ(-(B + μt) / σ√t); it is averaged over the likely rates.

    Source:
        J. L. Folks and R. S. Chhikara, J. R. Statist. Soc. B 40 (1978) 263-289. By hand: of
        100 cases, 10 fewer a day with variance 100 and the rate known, Φ(0) + e^20 Φ(-6.3246) is
        .5616 within 10 days.
    """
    if backlog <= 0:
        return 1.0
    if days <= 0:
        return 0.0
    rates = _rates(flow.drift, flow.drift_error)
    return fmean(_passed(rate, flow.variance, backlog, days) for rate in rates)


def _rates(drift: float, error: float) -> list[float]:
    return [drift + error * score for score in _scores()] if error else [drift]


@cache
def _scores() -> tuple[float, ...]:
    return tuple(NormalDist().inv_cdf((nth + 0.5) / RATES) for nth in range(RATES))


def _passed(drift: float, variance: float, backlog: float, days: float) -> float:
    if variance == 0:
        return 1.0 if drift * days >= backlog else 0.0
    wobble = sqrt(variance * days)
    ahead, behind = (drift * days - backlog) / wobble, (drift * days + backlog) / wobble
    return min(1.0, _below(ahead) + _reflected(drift, variance, backlog, ahead, behind))


def _reflected(drift: float, variance: float, backlog: float, ahead: float, behind: float) -> float:
    """Return exp(2μB / σ²) Φ(-behind) without ever forming the huge factor."""
    if behind <= 0:
        return exp(2 * drift * backlog / variance) * _below(-behind)
    return exp(-ahead * ahead / 2) * _mills(behind) / sqrt(2 * pi)


def _mills(x: float) -> float:
    """Return Φ(-x) divided by the normal density at x, for x above 0."""
    if x > _FAR:
        return (1 - 1 / (x * x)) / x
    return _below(-x) * sqrt(2 * pi) * exp(x * x / 2)


def _below(x: float) -> float:
    return erfc(-x / sqrt(2)) / 2


def days_to_clear(flow: Flow, *, backlog: float) -> Clearing:
    """Return in how many days a backlog is cleared, with the range that holds eight times of ten.

    Quicker flow never makes any of the three later.
    """
    low, middle, high = (_day_of(flow, backlog, share) for share in (0.1, 0.5, 0.9))
    return Clearing(low, middle, high, chance_cleared(flow, backlog=backlog, days=HORIZON_DAYS))


def _day_of(flow: Flow, backlog: float, chance: float) -> float | None:
    """Return the first day by which the chance is reached, to a thousandth; None after a year."""
    if backlog <= 0:
        return 0.0
    if chance_cleared(flow, backlog=backlog, days=HORIZON_DAYS) < chance:
        return None
    early, late = 0.0, HORIZON_DAYS
    while late - early > 0.001:
        middle = (early + late) / 2
        if chance_cleared(flow, backlog=backlog, days=middle) < chance:
            early = middle
        else:
            late = middle
    return late


def extra_needed(flow: Flow, *, backlog: float, days: float) -> float:
    """Return how many more cases a day clear a backlog within some days, nine times of ten.

    0 where the flow does so by itself; infinite for no time at all.
    """
    if days <= 0 < backlog:
        return inf

    def is_enough(extra: float) -> bool:
        quicker = Flow(flow.drift + extra, flow.drift_error, flow.variance)
        return chance_cleared(quicker, backlog=backlog, days=days) >= 0.9

    if is_enough(0.0):
        return 0.0
    least, most = 0.0, 1.0
    while not is_enough(most):
        least, most = most, 2 * most
    while most - least > 0.01:
        middle = (least + most) / 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most


def backlog_after(flow: Flow, *, backlog: float, days: float) -> tuple[float, float, float]:
    """Return how large a backlog is after some days: low, middle, high; eight times of ten between.

    Never below 0, where it stays small once it was cleared.
    """
    middle = backlog - flow.drift * days
    spread = _EIGHT_OF_TEN * sqrt(flow.variance * days + (flow.drift_error * days) ** 2)
    return max(0.0, middle - spread), max(0.0, middle), max(0.0, middle + spread)
