"""Replaying work under given rules."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.replay import Arrival, Hands, Stint, replay, summarise

NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)
FIVE = NINE + timedelta(hours=8)
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NINE + minutes * MINUTE


def a_case(
    number: int, arrives: float, *, need="a", rank=0.0, takes=10, due=None, kind="", units=1.0
) -> Arrival:
    due_at = None if due is None else at(due)
    return Arrival(number, at(arrives), need, rank, takes * MINUTE, due_at, kind, units)


def test_a_free_person_gets_a_case_at_once_and_the_next_one_waits():
    first, second = replay(
        [a_case(1, 0), a_case(2, 3)], [Stint(7, NINE, FIVE)], may={7: frozenset("a")}
    )

    assert (first.worker, first.wait) == (7, timedelta(0))
    assert (second.worker, second.wait) == (7, 7 * MINUTE)


def test_whoever_becomes_free_takes_the_first_by_rank_and_not_the_oldest():
    cases = [a_case(1, 0), a_case(2, 1, rank=5), a_case(3, 2, rank=1)]

    _, low, high = replay(cases, [Stint(7, NINE, FIVE)], may={7: frozenset("a")})

    assert high.at == at(10)
    assert low.at == at(20)


def test_a_case_goes_to_whoever_has_been_free_longest():
    stints = [Stint(1, at(5), FIVE), Stint(2, NINE, FIVE)]

    (given_one,) = replay([a_case(1, 6)], stints, may={1: frozenset("a"), 2: frozenset("a")})

    assert given_one.worker == 2


def test_nobody_is_given_what_they_may_not_take():
    (never,) = replay([a_case(1, 0)], [Stint(1, NINE, FIVE)], may={1: frozenset("b")})

    assert never.worker is None
    assert never.wait is None


def test_a_person_starts_nothing_after_their_stint():
    cases = [a_case(1, 0, takes=30), a_case(2, 1)]

    _, late = replay(cases, [Stint(1, NINE, at(20))], may={1: frozenset("a")})

    assert late.worker is None


def test_somebody_holds_several_cases_and_works_on_one_after_another():
    cases = [a_case(number, 0, due=25) for number in (1, 2, 3)]

    given_out = replay(
        cases, [Stint(1, NINE, FIVE)], may={1: frozenset("a")}, hands={1: Hands(cases=2)}
    )

    assert [one.at for one in given_out] == [at(0), at(0), at(10)]
    assert [one.done_at for one in given_out] == [at(10), at(20), at(30)]
    assert [one.is_missed(by=FIVE) for one in given_out] == [False, False, True]


def test_a_kind_of_case_that_fills_the_hands_leaves_room_for_another_kind():
    cases = [
        a_case(1, 0, kind="CHAT", units=2), a_case(2, 0, kind="CHAT", units=2),
        a_case(3, 0, kind="EMAIL"), a_case(4, 0, kind="EMAIL"),
    ]  # fmt: skip
    hands = {1: Hands(cases=9, of_kind={"CHAT": 3}, in_all=3)}

    given_out = replay(cases, [Stint(1, NINE, FIVE)], may={1: frozenset("a")}, hands=hands)

    assert [one.at for one in given_out] == [at(0), at(10), at(0), at(20)]


def test_a_kind_that_never_fits_is_never_given():
    hands = {1: Hands(of_kind={"CHAT": 1})}

    (never,) = replay(
        [a_case(1, 0, kind="CHAT", units=2)], [Stint(1, NINE, FIVE)],
        may={1: frozenset("a")}, hands=hands,
    )  # fmt: skip

    assert never.worker is None


def test_what_is_held_back_waits_for_who_comes_later_and_no_longer():
    may = {1: frozenset("a"), 2: frozenset("a")}
    stints = [Stint(1, NINE, FIVE), Stint(2, at(30), FIVE)]
    can_wait, urgent = replay(
        [a_case(1, 0, due=200), a_case(2, 1, due=40)], stints, may=may,
        is_held=lambda now, _need, case: now < at(30) and case.due_at >= at(60),
    )  # fmt: skip

    assert (urgent.worker, urgent.at) == (1, at(1))
    assert (can_wait.worker, can_wait.at) == (2, at(30))


def test_of_the_cases_at_the_head_the_rules_choose():
    cases = [a_case(number, 0, rank=number) for number in range(1, 6)]

    given_out = replay(
        cases, [Stint(1, at(1), FIVE)], may={1: frozenset("a")},
        choose=lambda _now, _worker, heads: len(heads) - 1,
    )  # fmt: skip

    assert [one.arrival.id for one in sorted(given_out, key=lambda one: one.at)] == [3, 4, 5, 2, 1]


def test_of_the_people_with_room_the_rules_choose():
    may = {1: frozenset("a"), 2: frozenset("a")}
    stints = [Stint(1, NINE, FIVE), Stint(2, at(5), FIVE)]

    (given_one,) = replay(
        [a_case(1, 6)], stints, may=may, whom=lambda _now, _need, _case, people: len(people) - 1
    )

    assert given_one.worker == 2


@pytest.mark.parametrize("units", [0, -1, float("nan")])
def test_a_case_that_fills_no_room_is_refused(units):
    with pytest.raises(ValueError, match="must fill some room"):
        Arrival(1, NINE, "a", 0, MINUTE, units=units)


def test_work_that_waits_too_long_overflows_to_who_can_take_it():
    def after_15_minutes(now, waiting):
        return [(case, "b") for case in waiting.get("a", ()) if now - case.at >= 15 * MINUTE]

    may = {1: frozenset("b")}
    stints = [Stint(1, NINE, FIVE)]
    (plain,) = replay([a_case(1, 0)], stints, may=may)
    (moved,) = replay([a_case(1, 0)], stints, may=may, overflow=after_15_minutes)

    assert plain.worker is None
    assert (moved.worker, moved.at, moved.need) == (1, at(15), "b")


def test_a_promise_is_missed_when_the_work_ends_after_it():
    kept, missed, waiting = replay(
        [a_case(1, 0, due=10), a_case(2, 0, due=15), a_case(3, 0, need="b", due=30)],
        [Stint(1, NINE, FIVE)],
        may={1: frozenset("a")},
    )

    assert [one.is_missed(by=at(60)) for one in (kept, missed, waiting)] == [False, True, True]
    assert not waiting.is_missed(by=at(30))


def test_the_summary_counts_and_takes_quantiles_of_what_was_given():
    cases = [a_case(number, 0, due=25) for number in range(1, 6)]
    end = at(120)

    summary = summarise(replay(cases, [Stint(1, NINE, FIVE)], may={1: frozenset("a")}), by=end)

    assert (summary.cases, summary.given, summary.missed) == (5, 5, 3)
    assert summary.median_wait == 20 * MINUTE
    assert summary.wait_of_nine_in_ten == 40 * MINUTE


def test_nothing_at_all_is_summarised_as_nothing():
    assert summarise(replay([], [], may={}), by=NINE).cases == 0


@pytest.mark.parametrize("takes", [timedelta(0), -MINUTE])
def test_a_case_that_takes_no_time_is_refused(takes):
    with pytest.raises(ValueError, match="must take some time"):
        Arrival(1, NINE, "a", 0, takes)


def test_a_stint_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="must end after it starts"):
        Stint(1, NINE, NINE)


@st.composite
def days(draw):
    moments = st.floats(0, 400, allow_nan=False)
    needs = st.sampled_from("abc")
    cases = [
        a_case(number, draw(moments), need=draw(needs), takes=draw(st.integers(1, 60)))
        for number in range(draw(st.integers(0, 25)))
    ]
    people = range(draw(st.integers(0, 4)))
    stints = [Stint(who, at(draw(st.integers(0, 100))), FIVE) for who in people]
    may = {who: frozenset(draw(st.sets(needs))) for who in people}
    return cases, stints, may


@given(days())
def test_every_case_comes_out_once_and_nobody_works_on_two_at_once(day):
    cases, stints, may = day

    result = replay(cases, stints, may=may)

    assert sorted(one.arrival.id for one in result) == sorted(case.id for case in cases)
    spans = sorted(
        (one.worker, one.at, one.at + one.arrival.takes) for one in result if one.worker is not None
    )
    for (worker, _, ends_at), (other, starts_at, _) in pairwise(spans):
        assert worker != other or ends_at <= starts_at
    for one in result:
        if one.worker is not None:
            assert one.arrival.need in may[one.worker]
            assert one.wait >= timedelta(0)


@given(days(), st.integers(1, 4), st.integers(1, 4))
def test_nobody_holds_more_than_their_hands_do(day, cases_at_once, units):
    cases, stints, may = day
    hands = {stint.worker: Hands(cases=cases_at_once, in_all=units) for stint in stints}

    result = replay(cases, stints, may=may, hands=hands)

    for one in (one for one in result if one.worker is not None):
        beside = [o for o in result if o.worker == one.worker and o.at <= one.at < o.done_at]
        assert len(beside) <= min(cases_at_once, units)


@given(days())
def test_nobody_who_may_take_a_case_is_idle_while_it_waits(day):
    cases, stints, may = day

    result = replay(cases, stints, may=may)

    for one in result:
        until = one.at or FIVE
        for stint in stints:
            if one.arrival.need not in may[stint.worker] or stint.worker == one.worker:
                continue
            busy = [
                (other.at, other.at + other.arrival.takes)
                for other in result
                if other.worker == stint.worker
            ]
            moment = max(one.arrival.at, stint.starts_at)
            if moment < min(until, stint.ends_at):
                assert any(starts <= moment < ends for starts, ends in busy)


def test_one_queue_and_one_person_wait_as_the_formula_says():
    """M/M/1: with 4 cases an hour, each 10 minutes on average, the mean wait is 20 minutes.

    Source: mean wait = load / (service rate - arrival rate) = (2/3) / (6 - 4) hours.
    """
    draw = random.Random(20261122)
    moment, cases = NINE, []
    for number in range(60_000):
        moment += timedelta(hours=draw.expovariate(4))
        cases.append(Arrival(number, moment, "a", number, timedelta(hours=draw.expovariate(6))))
    stint = Stint(1, NINE, moment + timedelta(days=9))

    result = replay(cases, [stint], may={1: frozenset("a")})

    mean = sum((one.wait for one in result), timedelta(0)) / len(result)
    assert mean == pytest.approx(20 * MINUTE, rel=0.08)
