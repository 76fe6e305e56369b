"""One press takes all work back, leaves no mark, and can be undone."""

from datetime import timedelta

import pytest

from caseward.casework.emergency import paging
from caseward.casework.emergency.raising import raise_emergency
from caseward.casework.models import Case, OnCallPlace, OnCallRota
from caseward.casework.services import NothingToTake, release_case, take_next_case
from caseward.casework.services.assigning import MustRest
from caseward.casework.services.stopping import TO_UNDO, decompress, stop_now, undo_stop
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.routing import availability
from caseward.routing.models import Offer
from caseward.wellbeing import stops
from caseward.wellbeing.models import Stop
from tests.builders import a_case, a_specialist, an_agent
from tests.wellbeing.conftest import a_severe_case, at

pytestmark = pytest.mark.django_db


def state_of(staff):
    return availability.states_of([staff.pk])[staff.pk]


def test_one_press_takes_everything_back_at_once(people):
    mine = [a_case(assignee=people.agent) for _ in range(3)]
    Case.objects.filter(pk=mine[0].pk).update(status="PENDING")
    finished = a_case(assignee=people.agent)
    Case.objects.filter(pk=finished.pk).update(status="RESOLVED", resolved_at=at(0))
    theirs = a_case(assignee=people.colleague)

    with acting(Actor.staff(people.agent)):
        given_back = stop_now(by=people.agent, now=at(5))

    assert set(given_back) == {case.reference for case in mine}
    assert list(Case.objects.filter(assignee=people.agent)) == [finished]
    assert Case.objects.get(pk=theirs.pk).assignee_id == people.colleague.pk
    held = state_of(people.agent)
    assert (held.state, held.why, held.until) == ("DECOMPRESSING", "", None)


def test_the_ledger_shows_what_it_shows_on_any_other_day(people):
    stopped, ordinary = a_case(assignee=people.agent), a_case(assignee=people.colleague)

    with acting(Actor.staff(people.agent)):
        stop_now(by=people.agent, now=at(5))
    with acting(Actor.staff(people.colleague)):
        release_case(reference=ordinary.reference, by=people.colleague, now=at(5))
        decompress(by=people.colleague, now=at(5))

    def told(case, staff):
        events = Event.objects.filter(case_id__in=[case.pk, -staff.pk], at=at(5))
        return [
            (event.kind, event.audience, {**event.data, "staff_id": 0})
            for event in events.order_by("case_id", "seq")
        ]

    assert told(stopped, people.agent) == told(ordinary, people.colleague)
    assert len(told(stopped, people.agent)) == 2


def test_whoever_stopped_is_given_nothing_until_they_say_so(people):
    a_case(assignee=people.agent)
    stop_now(by=people.agent, now=at(0))

    with pytest.raises(MustRest):
        take_next_case(by=people.agent, now=at(1))


def test_a_press_by_mistake_is_undone_for_what_nobody_took_since(people):
    kept, lost = a_case(assignee=people.agent), a_case(assignee=people.agent)
    with acting(Actor.staff(people.agent)):
        stop_now(by=people.agent, now=at(0))
    Case.objects.filter(pk=lost.pk).update(assignee=people.colleague)

    with acting(Actor.staff(people.agent)):
        assert undo_stop(by=people.agent, now=at(1)) == [kept.reference]
        assert undo_stop(by=people.agent, now=at(1)) == []

    assert state_of(people.agent).state == "AVAILABLE"
    assert Case.objects.get(pk=lost.pk).assignee_id == people.colleague.pk


def test_pressing_again_changes_nothing_and_forgets_nothing(people):
    case = a_case(assignee=people.agent)
    stop_now(by=people.agent, now=at(0))
    before = Event.objects.count()

    assert stop_now(by=people.agent, now=at(1)) == []
    assert stop_now(by=people.agent, now=at(1)) == []

    assert Event.objects.count() == before
    assert undo_stop(by=people.agent, now=at(2)) == [case.reference]


def test_whoever_came_back_and_stops_again_can_undo_the_second_time_alone(people):
    a_case(assignee=people.agent)
    stop_now(by=people.agent, now=at(0))
    availability.set_state(staff=people.agent, state="AVAILABLE", why="", now=at(1))
    second = a_case(assignee=people.agent)
    stop_now(by=people.agent, now=at(2))

    assert undo_stop(by=people.agent, now=at(3)) == [second.reference]


def test_stopping_and_undoing_brings_nobody_past_a_cap(people):
    earlier = [a_severe_case(assignee=people.agent) for _ in range(3)]
    stop_now(by=people.agent, now=at(0))
    availability.set_state(staff=people.agent, state="AVAILABLE", why="", now=at(1))
    for _ in range(3):
        a_severe_case(assignee=people.agent)

    back = undo_stop(by=people.agent, now=at(2))

    assert len(back) == 2  # five severe cases in a row are the most
    assert set(back) < {case.reference for case in earlier}


def test_what_is_offered_at_that_moment_is_withdrawn(people):
    case = a_case()
    offer = Offer.objects.create(case=case, staff=people.agent, offered_at=at(0), expires_at=at(9))
    with acting(Actor.staff(people.agent)):
        stop_now(by=people.agent, now=at(1))

    offer.refresh_from_db()
    assert offer.outcome == Offer.Outcome.WITHDRAWN


def test_an_emergency_in_hand_is_paged_to_the_next_person(people):
    first, second = a_specialist(name="Kiran"), a_specialist(name="Mira")
    rota = OnCallRota.objects.create(key="south", name="South", region=first.site.region)
    for position, person in enumerate((first, second)):
        OnCallPlace.objects.create(rota=rota, staff=person, position=position)
    look_again()
    case = a_case(assignee=people.agent)
    emergency = raise_emergency(reference=case.reference, by=people.agent, now=at(0))
    paging.take_emergency(emergency_id=emergency.pk, by=first, now=at(1))

    with acting(Actor.staff(first)):
        assert stop_now(by=first, now=at(2)) == [case.reference]
    with acting(Actor.system("worker")):
        within = timedelta(minutes=5)
        assert paging.pass_on_missed_pages(now=at(2), within=within) == 1

    emergency.refresh_from_db()
    assert (emergency.state, emergency.acknowledged_by) == ("PAGING", None)
    assert emergency.pages.order_by("-nth").first().staff == second


def test_after_ten_minutes_nothing_is_left_of_it(people):
    a_case(assignee=people.agent)
    stop_now(by=people.agent, now=at(0))

    assert undo_stop(by=people.agent, now=at(0) + TO_UNDO) == []
    stop_now(by=people.agent, now=at(30))
    assert stops.forget_old(now=at(60), keep=TO_UNDO) == 0
    assert not Stop.objects.exists()


def test_stopping_without_work_is_a_rest_and_leaves_nothing_behind(people):
    with acting(Actor.staff(people.agent)):
        assert stop_now(by=people.agent, now=at(0)) == []

    assert state_of(people.agent).state == "DECOMPRESSING"
    assert not Stop.objects.exists()


def test_old_presses_are_forgotten_by_the_worker(people):
    agent = an_agent()
    a_case(assignee=agent)
    stop_now(by=agent, now=at(0))

    assert stops.forget_old(now=at(0) + TO_UNDO + timedelta(seconds=1), keep=TO_UNDO) == 1
    assert not Stop.objects.exists()
    with pytest.raises((MustRest, NothingToTake)):
        take_next_case(by=agent, now=at(20))
