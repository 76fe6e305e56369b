"""When a backlog is cleared: worked values, what must always hold, agreement with a simulation."""

import random
from math import inf, sqrt
from statistics import quantiles

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from caseward.core.backlog import (
    Flow,
    backlog_after,
    chance_cleared,
    days_to_clear,
    dispersion,
    extra_needed,
    flow,
)

STEADY = Flow(drift=10, drift_error=0, variance=100)
counts = st.lists(st.integers(0, 400), min_size=2, max_size=28)
flows = st.builds(
    Flow, st.floats(-50, 50), st.floats(0, 10), st.floats(1, 5_000)
)  # fmt: skip


def test_counts_that_vary_as_worked_out_by_hand():
    assert dispersion([2, 4, 6, 8]) == pytest.approx(4 / 3)
    assert dispersion([5, 5, 5, 5]) == 1


def test_quiet_sundays_are_a_pattern_and_no_noise():
    week = [100, 100, 100, 100, 100, 20, 0]

    assert dispersion(week * 2) == 1
    assert dispersion(week) > 20


def test_the_first_passage_as_worked_out_by_hand():
    assert chance_cleared(STEADY, backlog=100, days=10) == pytest.approx(0.5616, abs=5e-5)


def test_a_flow_is_the_mean_of_its_days_with_their_error():
    found = flow(arrivals=[40, 50, 60, 50], completions=[60, 60, 60, 60], extra_completions=5)

    assert found.drift == pytest.approx(15)
    assert found.variance == pytest.approx(50 * 4 / 3 + 60)
    assert found.drift_error == pytest.approx(sqrt(found.variance / 4))


def test_days_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="as many days of both, got 2 and 1"):
        flow(arrivals=[1, 2], completions=[1])
    with pytest.raises(ValueError, match="got 0 and 0"):
        flow(arrivals=[], completions=[])


def test_a_backlog_that_grows_does_not_clear():
    found = days_to_clear(Flow(-20, 1, 100), backlog=500)

    assert (found.low, found.middle, found.high) == (None, None, None)
    assert found.chance < 0.001


def test_a_flow_that_is_barely_known_may_clear_soon_or_never():
    found = days_to_clear(Flow(3, 6, 700), backlog=200)

    assert found.low is not None
    assert found.high is None


def test_an_empty_backlog_is_clear_now_and_nothing_clears_without_any_flow():
    assert days_to_clear(STEADY, backlog=0).high == 0
    assert days_to_clear(flow(arrivals=[0], completions=[0]), backlog=3).middle is None
    assert days_to_clear(Flow(2, 0, 0), backlog=10).middle == pytest.approx(5, abs=0.01)


def test_what_clears_in_time_is_found_by_asking_for_it():
    needed = extra_needed(STEADY, backlog=400, days=7)
    quicker = Flow(STEADY.drift + needed, STEADY.drift_error, STEADY.variance)

    assert days_to_clear(quicker, backlog=400).high == pytest.approx(7, abs=0.01)
    assert extra_needed(STEADY, backlog=400, days=0) == inf
    assert extra_needed(STEADY, backlog=1, days=60) == 0


@given(flows, st.floats(0, 10_000), st.floats(0.1, 300), st.floats(1, 3))
def test_a_chance_is_a_chance_and_grows_with_time(
    found: Flow, backlog: float, days: float, longer: float
):
    soon = chance_cleared(found, backlog=backlog, days=days)
    later = chance_cleared(found, backlog=backlog, days=days * longer)

    assert 0 <= soon <= later + 1e-9 <= 1 + 1e-9


@given(counts, st.integers(1, 2_000), st.floats(0, 50), st.floats(0, 50))
def test_more_hours_never_clear_later(days: list[int], backlog: int, some: float, more: float):
    assume(sum(days))
    arrivals, completions = days, list(reversed(days))
    slow = days_to_clear(
        flow(arrivals=arrivals, completions=completions, extra_completions=some), backlog=backlog
    )
    quick = days_to_clear(
        flow(arrivals=arrivals, completions=completions, extra_completions=some + more),
        backlog=backlog,
    )

    for before, after in ((slow.low, quick.low), (slow.middle, quick.middle)):
        assert (after or 0 if after is not None else inf) <= (
            before if before is not None else inf
        ) + 0.002
    assert quick.chance >= slow.chance - 1e-9


@given(counts, st.integers(1, 2_000))
def test_the_range_is_in_order_and_a_larger_backlog_takes_longer(days: list[int], backlog: int):
    found = flow(arrivals=days, completions=[count + 5 for count in days])
    small, large = (days_to_clear(found, backlog=size) for size in (backlog, backlog + 100))
    ordered = [inf if day is None else day for day in (small.low, small.middle, small.high)]

    assert ordered == sorted(ordered)
    assert (small.middle or 0) <= (inf if large.middle is None else large.middle) + 0.002


def test_the_formula_agrees_with_a_simulation():
    chance, rng = Flow(drift=12, drift_error=0, variance=900), random.Random(7)
    steps = 24  # a day: fine enough to see the backlog touch zero in between

    def day_cleared() -> float:
        left, step = 600.0, 0
        while left > 0:
            step += 1
            left -= rng.gauss(chance.drift / steps, sqrt(chance.variance / steps))
        return step / steps

    simulated = quantiles([day_cleared() for _ in range(1_500)], n=10)
    found = days_to_clear(chance, backlog=600)

    assert found.low == pytest.approx(simulated[0], rel=0.08)
    assert found.middle == pytest.approx(simulated[4], rel=0.06)
    assert found.high == pytest.approx(simulated[8], rel=0.08)


def test_a_backlog_after_some_days_as_worked_out_by_hand():
    low, middle, high = backlog_after(STEADY, backlog=100, days=4)

    assert middle == 60
    assert (high - middle, middle - low) == pytest.approx((25.63, 25.63), abs=0.01)
    assert backlog_after(STEADY, backlog=100, days=40)[:2] == (0, 0)
