"""The table of `make bench`: what it says of spreads, targets and percentiles."""

import pytest

from bench.figures import Spread, at_least, at_most, number, percentile, table


def test_the_median_of_the_repeats_is_judged():
    spread = Spread.of([2.0, 9.0, 3.0])

    assert at_most("CPU", spread, "ms", 3).is_met
    assert not at_most("CPU", spread, "ms", 2.9).is_met
    assert at_least("rate", spread, "times", 3).is_met
    assert not at_least("rate", spread, "times", 3.1).is_met


def test_a_missed_target_is_printed_as_missed():
    missed = at_most("CPU", Spread.of([4.25]), "ms", 3)

    assert table([missed]).endswith("| CPU | 4.25 ms (4.25–4.25) | at most 3.00 ms | **missed** |")


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(value) for value in range(1, 101)]

    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile(values, 1) == 100
    assert percentile([7.0], 0.99) == 7


@pytest.mark.parametrize(
    ("value", "said"), [(0.456, "0.46"), (12.34, "12.3"), (123.4, "123"), (12_345.6, "12,346")]
)
def test_a_number_has_three_digits_that_count(value, said):
    assert number(value) == said
