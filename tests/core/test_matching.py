"""Who gets which work: worked values, and what must hold whatever waits and whoever is there."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.matching import (
    REFUSALS,
    Term,
    Weights,
    Work,
    Worker,
    assign_batch,
    may_have,
    preference,
    refusals,
    score_of,
)

ACCOUNTS, MINORS = 1, 2
CASE = Work(id=1, tier=1, vendor_id=7, lob_id=ACCOUNTS, language="ta", minutes_left=30)
ASHA = Worker(id=1, tier=1, vendor_id=7, skills={(ACCOUNTS, "ta"): 2})

REFUSED = {
    "right": (replace(ASHA, may_work=False), CASE),
    "tier": (replace(ASHA, tier=2), CASE),
    "vendor": (replace(ASHA, vendor_id=8), CASE),
    "lob": (replace(ASHA, skills={(MINORS, "ta"): 3}), CASE),
    "language": (replace(ASHA, skills={(ACCOUNTS, "en"): 3}), CASE),
    "level": (ASHA, replace(CASE, language_level=3)),
    "certification": (ASHA, replace(CASE, certification="child-safety")),
    "independence": (ASHA, replace(CASE, excluded=frozenset({ASHA.id}))),
    "exposure": (replace(ASHA, max_severity=2), replace(CASE, severity=3)),
    "opted_out": (replace(ASHA, opted_out=frozenset({"gore"})), replace(CASE, category="gore")),
    "off_shift": (replace(ASHA, is_on_shift=False), CASE),
    "unavailable": (replace(ASHA, is_available=False), CASE),
    "capacity": (replace(ASHA, room_in_all=0.5), CASE),
    "queue_paused": (ASHA, replace(CASE, queue_is_paused=True)),
}


def test_nothing_speaks_against_who_works_there_and_has_room():
    assert refusals(ASHA, CASE) == ()
    assert may_have(ASHA, CASE)


@pytest.mark.parametrize("code", REFUSALS)
def test_each_hard_rule_refuses_by_its_name(code):
    worker, work = REFUSED[code]
    assert refusals(worker, work) == (code,)


def test_every_reason_is_told_in_a_fixed_order():
    tired = replace(ASHA, is_available=False, max_severity=0)
    work = replace(CASE, certification="child-safety", severity=1)
    assert refusals(tired, work) == ("certification", "exposure", "unavailable")


def test_a_channel_has_room_of_its_own():
    busy = replace(ASHA, room={"CHAT": 0.0}, room_otherwise=3.0)
    assert refusals(busy, replace(CASE, channel="CHAT")) == ("capacity",)
    assert refusals(busy, replace(CASE, channel="EMAIL")) == ()


def test_a_preference_is_a_sum_of_terms_one_can_check():
    work = replace(
        CASE,
        minutes_left=30,
        handling_minutes=10,
        priority=2,
        age_minutes=120,
        known_to=frozenset({ASHA.id}),
    )
    terms = preference(ASHA, work)
    assert terms == (
        Term("deadline", 20),
        Term("priority", -15),
        Term("age", -2),
        Term("continuity", -20),
    )
    assert score_of(terms) == -17


def test_a_newcomer_practises_on_easy_cases():
    newcomer = replace(ASHA, is_new=True)
    easy, hard = replace(CASE, priority=3), replace(CASE, priority=3, severity=2)
    assert ("practice", -15) in preference(newcomer, easy)
    assert ("practice", 15) in preference(newcomer, hard)
    assert "practice" not in dict(preference(ASHA, hard))


def test_a_case_without_a_running_clock_comes_after_every_case_of_this_week():
    paused = replace(CASE, minutes_left=None)
    assert score_of(preference(ASHA, CASE)) < score_of(preference(ASHA, paused))


def test_who_knows_the_requester_gets_the_case_unless_that_costs_much_time():
    ben = replace(ASHA, id=2, busy_minutes=15)
    mine = replace(CASE, known_to=frozenset({ben.id}))
    assert assign_batch([mine], [ASHA, ben]).assignments[0].worker_id == ben.id
    busy = replace(ben, busy_minutes=40)
    assert assign_batch([mine], [ASHA, busy]).assignments[0].worker_id == ASHA.id


def test_who_is_needed_elsewhere_is_spared():
    english = replace(CASE, language="en")
    both = replace(ASHA, skills={(ACCOUNTS, "ta"): 2, (ACCOUNTS, "en"): 2}, room_in_all=1)
    only_english = replace(ASHA, id=2, skills={(ACCOUNTS, "en"): 2}, room_in_all=1)
    works = [replace(english, id=1, minutes_left=5), replace(CASE, id=2), replace(CASE, id=3)]
    given_out = {
        a.work_id: a.worker_id for a in assign_batch(works, [both, only_english]).assignments
    }
    assert given_out[1] == only_english.id
    assert given_out[2] == both.id


def test_a_weight_decides_how_many_minutes_a_part_counts():
    case = replace(CASE, priority=1, age_minutes=60, known_to=frozenset({ASHA.id}))
    busy = replace(ASHA, busy_minutes=10, is_new=True)
    weights = Weights(priority=2, age=3, continuity=5, load=0.5, practice=7)

    assert dict(preference(busy, case, weights)) == {
        "deadline": 22, "priority": -4, "age": -3, "continuity": -5, "load": 5, "practice": 7,
    }  # fmt: skip
    assert not dict(preference(busy, case, Weights(0, 0, 0, 0, 0, 0))).keys() - {"deadline"}


def test_without_weight_knowing_the_requester_moves_no_case():
    ben = replace(ASHA, id=2, busy_minutes=15)
    mine = replace(CASE, known_to=frozenset({ben.id}))

    assert assign_batch([mine], [ASHA, ben]).assignments[0].worker_id == ben.id
    indifferent = assign_batch([mine], [ASHA, ben], Weights(continuity=0))
    assert indifferent.assignments[0].worker_id == ASHA.id


@pytest.mark.parametrize("minutes", [-1, 1441, float("nan"), float("inf")])
def test_a_weight_is_minutes_of_a_day_at_most(minutes):
    with pytest.raises(ValueError, match="age must be 0 to 1440 minutes"):
        Weights(age=minutes)


def test_what_was_left_says_of_how_many_people_why():
    excluded = replace(CASE, excluded=frozenset({1}))
    on_break = replace(ASHA, id=2, is_available=False)
    elsewhere = replace(ASHA, id=3, tier=2, vendor_id=None)
    batch = assign_batch([excluded], [ASHA, on_break, elsewhere])
    assert batch.assignments == []
    assert batch.left == {1: {"independence": 1, "unavailable": 1, "tier": 1}}


numbers = itertools.count(1)
skills = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(["en", "ta"])), st.integers(1, 3), max_size=5
)
workers = st.builds(
    lambda **fields: Worker(id=next(numbers), **fields),
    tier=st.integers(1, 2),
    vendor_id=st.sampled_from([None, 7]),
    skills=skills,
    certifications=st.sets(st.sampled_from(["child-safety"])).map(frozenset),
    max_severity=st.integers(0, 4),
    opted_out=st.sets(st.sampled_from(["gore"])).map(frozenset),
    is_available=st.booleans(),
    room=st.dictionaries(st.sampled_from(["CHAT", "EMAIL"]), st.integers(0, 3).map(float)),
    room_in_all=st.integers(0, 4).map(float),
    busy_minutes=st.sampled_from([0.0, 8.0, 30.0]),
    is_new=st.booleans(),
)
works = st.builds(
    lambda **fields: Work(id=next(numbers), **fields),
    tier=st.integers(1, 2),
    vendor_id=st.sampled_from([None, 7]),
    lob_id=st.integers(1, 3),
    language=st.sampled_from(["en", "ta"]),
    language_level=st.integers(1, 3),
    certification=st.sampled_from(["", "child-safety"]),
    severity=st.integers(0, 4),
    category=st.sampled_from(["", "gore"]),
    channel=st.sampled_from(["CHAT", "EMAIL", "FORM"]),
    units=st.sampled_from([0.5, 1.0, 2.0]),
    minutes_left=st.none() | st.floats(-600, 600),
    priority=st.integers(1, 4),
)


minutes = st.floats(0, 1440)
any_weights = st.builds(Weights, minutes, minutes, minutes, minutes, minutes, minutes)


@given(st.lists(works, max_size=30), st.lists(workers, max_size=8), any_weights)
def test_no_batch_breaks_a_hard_rule_gives_twice_or_loses_a_case(waiting, people, weights):
    batch = assign_batch(waiting, people, weights)
    by_id, cases = {w.id: w for w in people}, {w.id: w for w in waiting}
    given_out = [a.work_id for a in batch.assignments]
    assert sorted([*given_out, *batch.left]) == sorted(cases)
    held: dict[tuple[int, str], float] = {}
    for one in batch.assignments:
        worker, work = by_id[one.worker_id], cases[one.work_id]
        assert refusals(worker, work) == ()
        for place in (work.channel, "in all"):
            held[worker.id, place] = held.get((worker.id, place), 0) + work.units
    for (worker_id, place), units in held.items():
        worker = by_id[worker_id]
        assert units <= (worker.room_in_all if place == "in all" else worker.room_for(place))


@given(st.lists(works, max_size=20), st.lists(workers, max_size=6))
def test_nothing_is_left_that_somebody_still_has_room_for(waiting, people):
    batch = assign_batch(waiting, people)
    cases, held = {w.id: w for w in waiting}, {w.id: w for w in people}
    for one in batch.assignments:
        worker, work = held[one.worker_id], cases[one.work_id]
        rooms = {**worker.room, work.channel: worker.room_for(work.channel) - work.units}
        held[worker.id] = replace(worker, room=rooms, room_in_all=worker.room_in_all - work.units)
    for work_id, why in batch.left.items():
        assert not any(may_have(worker, cases[work_id]) for worker in held.values())
        assert sum(why.values()) == len(people)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=7), st.integers(1, 3))
def test_where_everybody_may_have_everything_total_lateness_is_the_least_possible(slacks, people):
    waiting = [replace(CASE, id=n, minutes_left=left) for n, left in enumerate(slacks)]
    staff = [replace(ASHA, id=n) for n in range(people)]
    starts = {a.work_id: a.starts_in for a in assign_batch(waiting, staff).assignments}
    late = sum(max(0, starts[w.id] + 8 - w.minutes_left) for w in waiting)
    slots = sorted(8.0 * (n // people) for n in range(len(slacks)))
    least = min(
        sum(max(0, start + 8 - left) for start, left in zip(slots, order, strict=True))
        for order in itertools.permutations(slacks)
    )
    assert late == pytest.approx(least)


@given(works, workers)
def test_more_room_never_speaks_against_somebody(work, worker):
    roomier = replace(worker, room={}, room_in_all=float("inf"))
    assert set(refusals(roomier, work)) <= set(refusals(worker, work))
