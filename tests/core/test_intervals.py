"""Intervals of shares: Newcombe's published values, and what any interval must do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.intervals import Interval, difference_interval, wilson_interval

counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_one_newcombe_published(
    successes: int, trials: int, low: float, high: float
):
    interval = wilson_interval(successes=successes, trials=trials)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_the_difference_is_the_one_newcombe_published():
    interval = difference_interval(successes=56, trials=70, than_successes=48, than_trials=80)

    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


def test_no_answers_and_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="trials must be at least 1, got 0"):
        wilson_interval(successes=0, trials=0)
    with pytest.raises(ValueError, match="successes must be from 0 to 4, got 5"):
        wilson_interval(successes=5, trials=4)
    with pytest.raises(ValueError, match="confidence must be between 0 and 1, got 95"):
        wilson_interval(successes=1, trials=4, confidence=95)


def test_ranges_that_touch_are_not_apart():
    assert Interval(0.1, 0.2).is_apart_from(Interval(0.3, 0.4))
    assert Interval(0.3, 0.4).is_apart_from(Interval(0.1, 0.2))
    assert not Interval(0.1, 0.3).is_apart_from(Interval(0.3, 0.4))


@given(counts)
def test_the_interval_holds_the_observed_share_and_stays_a_share(count: tuple[int, int]):
    successes, trials = count
    low, high = wilson_interval(successes=successes, trials=trials)

    assert 0 <= low <= successes / trials <= high <= 1


@given(counts)
def test_failures_mirror_successes(count: tuple[int, int]):
    successes, trials = count
    low, high = wilson_interval(successes=successes, trials=trials)
    mirrored = wilson_interval(successes=trials - successes, trials=trials)

    assert mirrored == pytest.approx((1 - high, 1 - low))


@given(counts, st.integers(2, 10))
def test_more_answers_of_the_same_kind_make_the_interval_narrower(
    count: tuple[int, int], times: int
):
    successes, trials = count
    few = wilson_interval(successes=successes, trials=trials)
    many = wilson_interval(successes=successes * times, trials=trials * times)

    assert many.high - many.low < few.high - few.low


@given(counts, counts)
def test_swapping_the_sides_turns_the_difference_round(one: tuple[int, int], two: tuple[int, int]):
    there = difference_interval(
        successes=one[0], trials=one[1], than_successes=two[0], than_trials=two[1]
    )
    back = difference_interval(
        successes=two[0], trials=two[1], than_successes=one[0], than_trials=one[1]
    )

    assert there == pytest.approx((-back.high, -back.low))
