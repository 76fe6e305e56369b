"""What a list is ordered by, what is beside a case in it, and one's own order."""

from datetime import timedelta

import pytest

from caseward.casework import access
from caseward.casework.listing import (
    Filters,
    Order,
    Pile,
    Place,
    neighbours_of,
    page_of,
    pages,
)
from caseward.casework.models import Case, PersonalPlace
from caseward.casework.services.arranging import Move, NotInHand, arrange
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_vendor, an_agent

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY_9AM + timedelta(days=1)


def three_cases(agent=None):
    """Cases that every order puts differently."""
    cases = [a_case(assignee=agent, opened_at=MONDAY_9AM + timedelta(hours=n)) for n in range(3)]
    facts = [(30, 4, 2), (10, 3, 3), (20, 1, 1)]  # urgency, priority, changed
    for case, (urgency, priority, changed) in zip(cases, facts, strict=True):
        at = MONDAY_9AM + timedelta(days=changed)
        Case.objects.filter(pk=case.pk).update(urgency=urgency, priority=priority, updated_at=at)
    return cases


def asked(pile, staff, order, **places):
    with acting(Actor.staff(staff)):
        return page_of(
            pile, Filters(), by=staff, now=MONDAY_9AM, day_ends_at=TOMORROW, order=order, **places
        )


ORDERS = {
    Order.DUE: [1, 2, 0],
    Order.OLDEST: [0, 1, 2],
    Order.NEWEST: [2, 1, 0],
    Order.CHANGED: [1, 0, 2],
    Order.UNTOUCHED: [2, 0, 1],
    Order.PRIORITY: [2, 1, 0],
    Order.MINE: [1, 2, 0],  # nobody has moved anything yet
}


@pytest.mark.parametrize("in_hand", [True, False])
@pytest.mark.parametrize(("order", "expected"), ORDERS.items())
def test_every_order_pages_down_and_up_without_leaving_a_case_out(
    monkeypatch, order, expected, in_hand
):
    monkeypatch.setattr(pages, "ROWS", 1)
    agent = an_agent()
    cases = three_cases(agent if in_hand else None)
    pile = Pile.in_hands(agent) if in_hand else Pile.waiting([cases[0].queue_id])

    down, page = [], asked(pile, agent, order)
    down += page.ids
    while page.below:
        page = asked(pile, agent, order, after=page.below)
        down += page.ids
    up = asked(pile, agent, order, before=page.above).ids

    assert down == [cases[n].pk for n in expected]
    assert up == [down[1]]


@pytest.mark.parametrize(("order", "expected"), ORDERS.items())
def test_the_cases_beside_one_are_found_with_one_query(order, expected, django_assert_num_queries):
    agent = an_agent()
    cases = three_cases(agent)
    pile = Pile.in_hands(agent)
    first, middle, last = asked(pile, agent, order).places

    with acting(Actor.staff(agent)):
        about = {"by": agent, "now": MONDAY_9AM, "day_ends_at": TOMORROW, "order": order}
        neighbours_of(pile, Filters(), place=middle, **about)
        with django_assert_num_queries(1):
            found = neighbours_of(pile, Filters(), place=middle, **about)
        at_the_top = neighbours_of(pile, Filters(), place=first, **about)

    assert (found.above.place, found.below.place) == (first, last)
    assert found.below.reference == cases[expected[2]].reference
    assert at_the_top.above is None


def test_a_case_that_left_the_list_still_has_neighbours():
    agent = an_agent()
    three_cases(agent)
    pile = Pile.in_hands(agent)
    first, middle, last = asked(pile, agent, Order.DUE).places
    Case.objects.filter(pk=middle.row_id).update(status="PENDING", urgency=99)

    with acting(Actor.staff(agent)):
        found = neighbours_of(
            pile, Filters(), by=agent, now=MONDAY_9AM, day_ends_at=TOMORROW, place=middle
        )

    assert (found.above.place, found.below.place) == (first, last)


def test_a_place_of_another_order_begins_at_the_top():
    agent = an_agent()
    three_cases(agent)
    place = Place("2026-11-16 09:00:00+00", 1)

    assert len(asked(Pile.in_hands(agent), agent, Order.DUE, after=place).ids) == 3


def order_of(agent):
    return asked(Pile.in_hands(agent), agent, Order.MINE).ids


def moved(agent, case, move):
    with acting(Actor.staff(agent)):
        arrange(reference=case.reference, by=agent, move=move)
    return order_of(agent)


def test_ones_own_order_is_kept_and_others_follow_by_urgency():
    agent = an_agent()
    late, soon, middle = three_cases(agent)

    assert moved(agent, late, Move.TOP) == [late.pk, soon.pk, middle.pk]
    assert moved(agent, middle, Move.UP) == [late.pk, middle.pk, soon.pk]
    assert moved(agent, late, Move.DOWN) == [middle.pk, late.pk, soon.pk]
    assert moved(agent, middle, Move.UP) == [middle.pk, late.pk, soon.pk]
    newest = a_case(assignee=agent)
    Case.objects.filter(pk=newest.pk).update(urgency=1)
    assert order_of(agent) == [middle.pk, late.pk, newest.pk, soon.pk]
    assert moved(agent, late, Move.BACK) == [middle.pk, newest.pk, soon.pk, late.pk]


def test_only_what_one_works_on_is_arranged_and_for_oneself():
    agent, colleague = an_agent(), an_agent()
    stranger = an_agent(a_vendor("melati"))
    case = three_cases(agent)[0]
    moved(agent, case, Move.TOP)

    for by, refusal in ((colleague, NotInHand), (stranger, access.CaseNotVisible)):
        with acting(Actor.staff(by)), pytest.raises(refusal):
            arrange(reference=case.reference, by=by, move=Move.TOP)
        with acting(Actor.staff(by)):
            assert PersonalPlace.objects.count() == 0


def test_a_vendors_staff_cannot_write_somebody_elses_order():
    agent, colleague = an_agent(), an_agent()
    case = a_case(assignee=agent)
    with acting(Actor.staff(agent)), pytest.raises(Exception, match="row-level security"):
        PersonalPlace.objects.create(staff=colleague, case=case, rank=1)
