"""The soft order of a replay: the same minutes that routing counts by."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caseward.core.matching import Weights, Work, Worker
from caseward.core.replay import Arrival, Candidate
from caseward.routing.rules.history import Need
from caseward.routing.rules.ordering import SoftOrder
from caseward.routing.rules.people import People
from tests.builders import MONDAY_9AM

MINUTE = timedelta(minutes=1)
NEED = Need(tier=1, vendor_id=7, lob_id=1, language="en", reason_id=0)
ANA, BEN = 1, 2


def a_case(number, due_in, need=NEED):
    due_at = MONDAY_9AM + due_in * MINUTE
    return Arrival(number, MONDAY_9AM, need, due_in, 10 * MINUTE, due_at)


def an_order(weights, works, *, pushed=frozenset(), new=()):
    workers = {who: Worker(id=who, tier=1, vendor_id=7, is_new=who in new) for who in (ANA, BEN)}
    return SoftOrder(weights, People(workers, {}, {}, {}, {}, {}), works, pushed)


def a_work(number, **facts):
    return Work(id=number, tier=1, vendor_id=7, lob_id=1, language="en", **facts)


@pytest.mark.parametrize(("continuity", "first"), [(20, 1), (5, 0)])
def test_knowing_the_requester_passes_a_deadline_that_is_nearer_by_less(continuity, first):
    works = {1: a_work(1), 2: a_work(2, known_to=frozenset({ANA}))}
    order = an_order(Weights(continuity=continuity), works)
    heads = [(NEED, a_case(1, 30)), (NEED, a_case(2, 45))]

    assert order.choose(MONDAY_9AM, ANA, heads) == first
    assert order.choose(MONDAY_9AM, BEN, heads) == 0


def test_the_fourth_of_a_queue_is_not_looked_at_and_the_first_of_another_is():
    works = {number: a_work(number) for number in range(1, 6)}
    works[4] = replace(works[4], priority=1)
    order = an_order(Weights(priority=1000), works)
    heads = [(NEED, a_case(number, number)) for number in (1, 2, 3, 4)]
    works[5] = replace(works[5], priority=2)

    assert order.choose(MONDAY_9AM, ANA, heads) == 0
    heads.append((NEED._replace(language="ta"), a_case(5, 50)))
    assert order.choose(MONDAY_9AM, ANA, heads) == 4


def test_a_case_that_is_offered_goes_to_whom_it_fits_and_one_that_is_taken_to_who_waits_longest():
    works = {1: a_work(1, severity=2)}
    people = [Candidate(ANA, 0.0), Candidate(BEN, 4.0)]
    taken = an_order(Weights(), works, new=[ANA])
    offered = replace(taken, pushed=frozenset({NEED.place}))

    assert taken.whom(MONDAY_9AM, NEED, a_case(1, 60), people) == 0
    assert offered.whom(MONDAY_9AM, NEED, a_case(1, 60), people) == 1
    assert replace(offered, weights=Weights(practice=0)).whom(
        MONDAY_9AM, NEED, a_case(1, 60), people
    ) == 0  # fmt: skip
