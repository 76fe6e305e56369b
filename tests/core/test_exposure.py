"""How much harmful material somebody may still meet: worked values, then properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.exposure import (
    SEVERE,
    WEEK,
    WHOLE,
    Because,
    Caps,
    InHand,
    Look,
    Shift,
    WrongCaps,
    hidden_groups,
    minutes_in,
    run_of,
    strictest,
    what_is_left,
)

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SHIFT = Shift(NINE, NINE + timedelta(hours=8))
CAPS = Caps()


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def a_look(begins: float, ends: float, severity: int = 3, case: int = 1, modality="TEXT") -> Look:
    return Look(case, severity, at(begins), at(ends), modality)


def left(*looks: Look, now: float, caps: Caps = CAPS, in_hand=(), shift: Shift = SHIFT):
    return what_is_left(caps=caps, looks=looks, in_hand=in_hand, shift=shift, now=at(now))


def test_minutes_are_weighted_and_counted_only_inside_the_span():
    looks = [a_look(0, 20, severity=3), a_look(-20, 20, severity=2), a_look(20, 90, severity=1)]

    assert minutes_in(looks, CAPS, starts_at=NINE, ends_at=at(60)) == 25


def test_what_is_met_as_a_picture_can_be_made_to_count_more():
    caps = Caps(modality_weights=(1, 1, 1.5, 2))
    look = a_look(0, 10, modality="PICTURE")

    assert minutes_in([look], caps, starts_at=NINE, ends_at=at(60)) == 15


def test_a_fresh_shift_leaves_everything():
    found = left(now=0)

    assert (found.max_severity, found.until, found.because) == (WHOLE, None, frozenset())


def test_a_shift_is_full_before_the_case_that_would_pass_the_cap():
    caps = Caps(longest_run=99)
    almost = left(a_look(0, 105), now=105, caps=caps)
    full = left(a_look(0, 106), now=106, caps=caps)

    assert almost.max_severity == WHOLE
    assert (full.max_severity, full.because) == (2, {Because.SHIFT})
    assert full.until == SHIFT.ends_at


def test_what_is_in_hand_keeps_its_time():
    caps = Caps(longest_run=99)
    looks = [a_look(0, 90), a_look(90, 95, case=2)]
    hand = [InHand(2, 3), InHand(3, 3)]

    found = left(*looks, now=95, caps=caps, in_hand=hand)

    assert found.reserved_minutes == 10 + 15
    assert (found.shift_minutes, found.max_severity) == (95, 1)  # severity 2 takes 3.75


def test_a_week_forgets_its_oldest_minutes_first():
    caps = Caps(week_minutes=60, longest_run=99, cooldown_minutes=0)
    first = Look(1, 3, NINE - timedelta(days=6), NINE - timedelta(days=6) + timedelta(minutes=30))
    found = left(first, a_look(0, 20, case=2), now=300, caps=caps)

    # 50 minutes spent and 15 needed are 5 too many: the first five are forgotten a week later.
    assert found.because == {Because.WEEK}
    assert found.until == first.began_at + timedelta(minutes=5) + WEEK


def test_five_severe_cases_in_a_row_are_followed_by_something_else():
    row = [a_look(10 * n, 10 * n + 8, case=n) for n in range(5)]

    after_four, after_five = left(*row[:4], now=38), left(*row, now=48)

    assert after_four.max_severity == WHOLE
    assert (after_five.max_severity, after_five.because) == (2, {Because.RUN})
    assert after_five.until == at(48 + 15)


def test_a_rest_or_a_minute_of_something_milder_ends_a_run():
    row = [a_look(10 * n, 10 * n + 8, case=n) for n in range(5)]

    assert run_of(row, CAPS, now=at(48)) == {0, 1, 2, 3, 4}
    assert run_of(row, CAPS, now=at(48 + 15)) == frozenset()
    assert run_of([*row, a_look(48, 49, severity=0, case=9)], CAPS, now=at(50)) == frozenset()
    assert run_of([*row, a_look(48, 48.5, severity=0, case=9)], CAPS, now=at(50)) != frozenset()


def test_the_same_case_twice_is_one_of_a_run():
    row = [a_look(n, n + 1, case=7) for n in range(0, 20, 2)]

    assert run_of(row, CAPS, now=at(20)) == {7}


def test_after_the_worst_nothing_severe_comes_for_a_while():
    worst = a_look(0, 10, severity=4)

    assert left(worst, now=10).max_severity == 2
    assert left(worst, now=24).until == at(25)
    assert left(worst, now=25).max_severity == WHOLE


def test_while_somebody_holds_the_worst_nothing_severe_is_added():
    found = left(now=0, in_hand=[InHand(1, 4)])

    assert (found.max_severity, found.until) == (2, None)


def test_the_end_of_a_shift_is_kept_quiet_and_overtime_all_of_it():
    assert left(now=8 * 60 - 31).max_severity == WHOLE
    assert left(now=8 * 60 - 30).because == {Because.END_OF_SHIFT}
    extra = Shift(at(480), at(600), is_overtime=True)
    assert left(now=500, shift=extra).because == {Because.OVERTIME}


def test_without_a_roster_there_is_no_end_to_keep_quiet():
    day = Shift(NINE, NINE + timedelta(hours=24), is_planned=False)

    assert left(now=24 * 60 - 5, shift=day).max_severity == WHOLE


def test_of_several_rules_the_strictest_number_holds():
    found = strictest([Caps(shift_minutes=90), Caps(cooldown_minutes=20, weights=(0, 0, 0, 1, 2))])

    assert (found.shift_minutes, found.cooldown_minutes) == (90, 20)
    assert found.weights == (0, 0, 0.25, 1, 2)
    assert strictest([]) == Caps()


@pytest.mark.parametrize(
    "wrong",
    [
        {"shift_minutes": -1},
        {"weights": (0, 0, 1, 0.5, 1)},
        {"weights": (0, 1)},
        {"modality_weights": (1, 1, 1, -1)},
    ],
)
def test_caps_that_make_no_sense_are_refused(wrong):
    with pytest.raises(WrongCaps):
        Caps(**wrong)


def test_one_small_group_takes_the_next_smallest_with_it():
    assert hidden_groups({"a": 30, "b": 12, "c": 3}) == {"b", "c"}
    assert hidden_groups({"a": 30, "b": 12}) == frozenset()
    assert hidden_groups({"a": 3, "b": 4}) == {"a", "b"}
    assert hidden_groups({"a": 30, "b": 4, "c": 5}) == {"b", "c"}
    assert hidden_groups({"a": 30, "b": 4, "c": 3, "d": 9}) == {"b", "c", "d"}


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 40), max_size=8))
def test_nobody_can_work_out_a_group_that_is_too_small(people):
    hidden = hidden_groups(people)
    shown = set(people) - hidden

    assert all(people[name] >= 8 for name in shown)
    left_over = sum(people[name] for name in hidden)
    assert left_over == 0 or left_over >= 8 or not shown
    assert len(hidden) != 1 or not shown


some_looks = st.lists(
    st.builds(
        lambda begins, long, severity, case: a_look(begins, begins + long, severity, case),
        st.integers(-8000, 300), st.integers(1, 40), st.integers(0, 4), st.integers(1, 9),
    ),
    max_size=25,
)  # fmt: skip
some_caps = st.builds(
    Caps,
    shift_minutes=st.integers(0, 200), week_minutes=st.integers(0, 600),
    longest_run=st.integers(1, 9), rest_minutes=st.integers(1, 30),
    cooldown_minutes=st.integers(0, 30), case_minutes=st.integers(1, 20),
)  # fmt: skip


@given(some_looks, some_caps)
def test_one_more_look_never_allows_more(looks, caps):
    before = left(*looks, now=400, caps=caps)
    more = left(*looks, a_look(340, 400, severity=4, case=99), now=400, caps=caps)

    assert more.max_severity <= before.max_severity


@given(some_looks, some_caps, some_caps)
def test_one_more_rule_never_allows_more(looks, first, second):
    assert (
        left(*looks, now=400, caps=strictest([first, second])).max_severity
        <= left(*looks, now=400, caps=first).max_severity
    )


def test_two_looks_at_once_are_forgotten_side_by_side():
    caps = Caps(week_minutes=9, case_minutes=8)  # 1.75 of 9 spent, 8 wanted: 0.75 too much
    found = left(a_look(0, 2, 2), a_look(0, 5, 2), now=400, caps=caps)

    assert found.until == at(1.5) + WEEK  # a quarter of a minute each


@given(some_looks, some_caps)
def test_what_is_kept_away_has_a_cause_and_comes_back_when_it_says(looks, caps):
    endless = Shift(NINE - timedelta(days=30), NINE + timedelta(days=30))
    found = left(*looks, now=400, caps=caps, shift=endless)

    assert (found.max_severity == WHOLE) == (not found.because)
    if found.until is not None and found.because <= {Because.WEEK, Because.RUN, Because.COOLDOWN}:
        later = what_is_left(
            caps=caps, looks=looks, in_hand=(), shift=endless,
            now=found.until + timedelta(milliseconds=1),
        )  # fmt: skip
        assert not later.because & found.because


@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(0.5, 15), st.floats(0, 6)), max_size=120),
    some_caps,
)
def test_no_day_of_given_cases_passes_a_cap(arriving, caps):
    """Whatever arrives, only what is left is given; no case takes longer than caps say."""
    looks: list[Look] = []
    now = 0.0
    for number, (severity, long, pause) in enumerate(arriving):
        allowed = left(*looks, now=now, caps=caps).max_severity
        if severity <= allowed:
            long = min(long, caps.case_minutes)
            looks.append(a_look(now, now + long, severity, case=number))
            now += long
            spent = minutes_in(looks, caps, starts_at=NINE, ends_at=at(now))
            assert spent <= min(caps.shift_minutes, caps.week_minutes) + 1e-6
            assert len(run_of(looks, caps, now=at(now))) <= caps.longest_run
            if severity >= SEVERE:
                assert now - long <= 8 * 60 - caps.quiet_minutes
        now += pause
