"""Time in each hand: worked by hand, and adding up whatever happens."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from caseward.core.hands import Hand, Move, time_in_hands

NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)
KINDS = [
    "case.assigned", "case.moved", "case.released", "case.escalated", "escalation.accepted",
    "escalation.returned", "escalation.rerouted", "escalation.settled", "message.sent",
    "message.received", "case.resumed", "case.resolved", "case.reopened", "note.added",
]  # fmt: skip


def at(minutes):
    return NINE + timedelta(minutes=minutes)


def spans(*moves, until=100, tier=1):
    found = time_in_hands(
        [Move(*move) for move in moves], opened_at=NINE, until=at(until), tier=tier
    )
    return {hand: span.total_seconds() / 60 for hand, span in found.items()}


def test_a_case_that_goes_up_and_comes_back():
    found = spans(
        ("case.assigned", at(10)), ("case.escalated", at(30)), ("escalation.accepted", at(45)),
        ("escalation.returned", at(60)), ("message.sent", at(70), True), ("case.resumed", at(80)),
        ("case.resolved", at(90)),
    )  # fmt: skip

    assert found == {
        Hand.TIER_1_QUEUE: 10, Hand.TIER_1: 20 + 10 + 10, Hand.TIER_2_QUEUE: 15, Hand.TIER_2: 15,
        Hand.REQUESTER: 10, Hand.NOBODY: 10,
    }  # fmt: skip


def test_who_answers_without_taking_has_it_from_then_on():
    assert spans(("message.sent", at(40))) == {Hand.TIER_1_QUEUE: 40, Hand.TIER_1: 60}


def test_sent_on_it_waits_again():
    found = spans(("escalation.accepted", at(10)), ("escalation.rerouted", at(20)), tier=2)

    assert found == {Hand.TIER_2_QUEUE: 90, Hand.TIER_2: 10}


def test_moved_on_the_floor_or_by_overflow_it_waits_where_it_went():
    found = spans(("case.assigned", at(10)), ("case.moved", at(20), False, 2))

    assert found == {Hand.TIER_1_QUEUE: 10, Hand.TIER_1: 10, Hand.TIER_2_QUEUE: 80}


def test_returned_to_somebody_who_is_away_or_to_another_line_of_tier_2_it_waits_there():
    up = ("case.escalated", at(10)), ("escalation.accepted", at(20))
    to_a_queue = spans(*up, ("escalation.returned", at(30), False, 1, False))
    inside = spans(*up, ("escalation.returned", at(30), False, 2, True), tier=2)

    assert to_a_queue == {Hand.TIER_1_QUEUE: 10 + 70, Hand.TIER_2_QUEUE: 10, Hand.TIER_2: 10}
    assert inside == {Hand.TIER_2_QUEUE: 20, Hand.TIER_2: 80}


moves = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 100), st.booleans()), max_size=30)


@given(moves, st.sampled_from([1, 2]))
def test_the_spans_add_up_to_the_whole_time(drawn, tier):
    ordered = sorted(drawn, key=lambda move: move[1])
    found = time_in_hands(
        [Move(kind, at(minute), is_pending) for kind, minute, is_pending in ordered],
        opened_at=NINE, until=at(100), tier=tier,
    )  # fmt: skip

    assert sum(found.values(), timedelta(0)) == timedelta(minutes=100)
