"""What routing is told of a person, and what managers are told of many."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from caseward.core.exposure import WrongCaps
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import Shift, StaffMember
from caseward.wellbeing import queries, services
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import Glance
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import a_lob, a_vendor, an_agent
from tests.wellbeing.conftest import a_line_lead, a_severe_case, at, meets

pytestmark = pytest.mark.django_db


def severity_left(staff, minute):
    return queries.room_of(staff.pk, at(minute)).max_severity


def test_whoever_met_nothing_may_take_anything(people):
    room = queries.room_of(people.agent.pk, at(0))

    assert (room.max_severity, room.blocked_categories, room.until) == (4, frozenset(), None)


def test_the_cap_of_a_shift_is_reached_by_looking(people):
    for number in range(7):
        meets(people.agent, begins=20 * number, ends=20 * number + 15, case_id=number)
    meets(people.agent, begins=150, ends=155, severity=0, case_id=50)
    assert severity_left(people.agent, 160) == 4

    meets(people.agent, begins=160, ends=170, case_id=90)
    meets(people.agent, begins=170, ends=175, severity=0, case_id=51)
    assert severity_left(people.agent, 200) == 2
    assert severity_left(people.colleague, 200) == 4


def test_what_is_looked_at_now_counts_already(people):
    services.began(1, people.agent.pk, 4, "", at(0))

    assert severity_left(people.agent, 1) == 2  # the worst is on the screen
    assert queries.room_of(people.agent.pk, at(5)).until == at(5 + 15)
    assert severity_left(people.agent, 10 + 15) == 4


def test_a_case_in_hand_keeps_its_time_until_it_is_done(people):
    set_caps(by=people.regional_lead, caps={"shift_minutes": 30}, why="pilot", now=at(0))
    first, second = (a_severe_case(assignee=people.agent) for _ in range(2))
    assert severity_left(people.agent, 0) == 1

    for case in (first, second):
        case.status, case.resolved_at = "RESOLVED", at(5)
        case.save()
    assert severity_left(people.agent, 0) == 4


def test_the_last_half_hour_of_a_shift_and_overtime_are_without_severe_work(people):
    Shift.objects.create(staff=people.agent, starts_at=at(0), ends_at=at(480))

    minutes = {minute: severity_left(people.agent, minute) for minute in (-1, 0, 449, 450, 480)}
    assert minutes == {-1: 2, 0: 4, 449: 4, 450: 2, 480: 2}


def test_a_shift_begins_afresh_and_a_week_does_not(people):
    for begins, ends in ((0, 480), (1440, 1920)):
        Shift.objects.create(staff=people.agent, starts_at=at(begins), ends_at=at(ends))
    meets(people.agent, begins=100, ends=206)
    meets(people.agent, begins=210, ends=215, severity=0, case_id=2)
    assert severity_left(people.agent, 300) == 2
    assert severity_left(people.agent, 1440) == 4

    set_caps(by=people.regional_lead, caps={"week_minutes": 110}, why="pilot", now=at(0))
    room = queries.room_of(people.agent.pk, at(1440))
    # 106 spent and 15 needed are 11 too many: a week old 11 minutes into the look.
    assert (room.max_severity, room.until) == (2, at(100 + 11) + timedelta(days=7))


def test_an_opt_out_holds_from_the_next_case_on_and_is_taken_back_as_easily(people):
    with acting(Actor.staff(people.agent)):
        services.choose_opt_outs(by=people.agent, categories=["gore", "self-harm"], now=at(0))
    room = queries.room_of(people.agent.pk, at(0))
    assert room.blocked_categories == {"gore", "self-harm"}
    assert not room.takes(1, "gore") and room.takes(4, "threat")

    with acting(Actor.staff(people.agent)):
        services.choose_opt_outs(by=people.agent, categories=["gore"], now=at(1))
        assert queries.opt_outs_of(people.agent) == {"gore"}
    assert queries.room_of(people.agent.pk, at(1)).takes(4, "self-harm")
    assert not Event.objects.filter(actor_id=people.agent.pk).exists()


def test_the_strictest_caps_of_all_that_fit_hold(people):
    lead, melati = people.regional_lead, a_vendor("melati")
    set_caps(by=lead, caps={"shift_minutes": 100}, why="everybody", now=at(0))
    set_caps(by=lead, caps={"shift_minutes": 60}, why="contract", now=at(0), vendor=melati)
    set_caps(by=lead, caps={"longest_run": 2}, why="line", now=at(0), lob=a_lob())

    assert caps_of(people.agent.pk).shift_minutes == 100
    assert caps_of(people.stranger.pk).shift_minutes == 60
    assert caps_of(people.agent.pk).longest_run == 2
    assert caps_of(people.team_leader.pk).longest_run == 5


def test_a_new_version_holds_at_once_and_the_old_one_stays(people):
    lead = people.regional_lead
    first = set_caps(by=lead, caps={"shift_minutes": 60}, why="pilot", now=at(0))
    second = set_caps(by=lead, caps={"shift_minutes": 90}, why="after the pilot", now=at(1))

    assert (first.version, second.version) == (1, 2)
    assert caps_of(people.agent.pk).shift_minutes == 90
    assert Event.objects.filter(kind="caps.set", audience="IN_HOUSE").count() == 2
    with pytest.raises(WrongCaps):
        set_caps(by=lead, caps={"weights": [1, 0, 0, 0, 0]}, why="wrong", now=at(2))


def test_many_rooms_cost_as_many_queries_as_two(people, django_assert_num_queries):
    queries.rooms_of([people.agent.pk], at(0))
    with django_assert_num_queries(9):  # four of them say who acts
        queries.rooms_of([people.agent.pk, people.colleague.pk], at(0))
    ids = list(StaffMember.objects.values_list("pk", flat=True))
    with django_assert_num_queries(9):
        queries.rooms_of(ids, at(0))


def a_team_that_met_something(vendor, size, minutes=10):
    for number in range(size):
        meets(an_agent(vendor=vendor), begins=0, ends=minutes, case_id=number)


FOUR_WEEKS_ON = at(0) + timedelta(days=28)


def test_sums_are_told_of_eight_people_and_never_of_fewer(people):
    a_team_that_met_something(people.agent.vendor, 8)
    with acting(Actor.staff(people.regional_lead)):
        told = queries.sums(FOUR_WEEKS_ON)
        assert [(row.employer, row.people, row.minutes, row.kept_share) for row in told] == [
            (people.agent.vendor_id, 8, 80, 1.0),
            (None, 8, 80, 1.0),
        ]
        assert queries.sums(FOUR_WEEKS_ON + timedelta(days=7)) == []  # no four whole weeks


def test_seven_people_are_not_told(people):
    a_team_that_met_something(people.agent.vendor, 7)
    with acting(Actor.staff(people.regional_lead)):
        assert queries.sums(FOUR_WEEKS_ON) == []


def test_a_small_group_takes_the_next_with_it_so_that_it_cannot_be_worked_out(people):
    sizes = {"northstar": 9, "melati": 3, "third": 10}
    for key, size in sizes.items():
        a_team_that_met_something(a_vendor(key), size)
    with acting(Actor.staff(people.regional_lead)):
        told = {row.employer: row.people for row in queries.sums(FOUR_WEEKS_ON)}

    assert told == {a_vendor("third").pk: 10, None: 22}


def test_only_who_leads_people_sees_sums_and_that_they_looked_is_told(people):
    for person in (people.regional_lead, people.team_leader, a_line_lead()):
        with acting(Actor.staff(person)):
            queries.sums(at(0))
            queries.sums(at(1))
    assert Glance.objects.count() == 3
    for person in (people.agent, people.stranger):
        with (
            acting(Actor.staff(person)),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            queries.sums(at(0))
    assert Glance.objects.count() == 3


def test_a_manager_learns_whether_and_not_why(people):
    meets(people.agent, begins=0, ends=5, severity=4)
    with acting(Actor.staff(people.colleague)):
        services.choose_opt_outs(by=people.colleague, categories=["self-harm"], now=at(0))
    with acting(Actor.staff(people.team_leader)):
        told = queries.may_take_severe(
            [people.agent.pk, people.colleague.pk], by=people.team_leader, now=at(6)
        )

    assert told == {people.agent.pk: False, people.colleague.pk: True}
    assert Glance.objects.get().what == "state"
