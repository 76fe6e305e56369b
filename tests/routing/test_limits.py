"""How much people hold, what is held back and what counts how much: changed, checked, tried."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caseward.core.matching import Weights
from caseward.org.catalogue import look_again
from caseward.org.models import Shift, StaffMember
from caseward.routing.models import Capacity, HoldBack, Queue, Weight
from caseward.routing.rules import changing
from caseward.routing.rules.content import Room, Rules, differences
from caseward.routing.rules.in_force import rules_in_force
from tests.builders import MONDAY_9AM, a_regional_lead
from tests.routing.test_rules import HOUR, MINUTE, a_worked_day, comes_in, never, shared

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
NEXT_DAY = MONDAY_9AM + A_DAY


@pytest.fixture
def lead():
    return a_regional_lead()


def tried(rules, lead, now=NEXT_DAY):
    proposed = changing.propose(rules=rules, note="Try", by=lead, now=now)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    trial.refresh_from_db()
    return proposed, trial.summary


def problems(rules, lead, now=NEXT_DAY):
    with pytest.raises(changing.RulesNotSound) as caught:
        changing.propose(rules=rules, note="", by=lead, now=now)
    return {(one.code, one.key): one for one in caught.value.problems}


def shifts_every(hours, *, of, days=3):
    for number in range(24 * days // hours):
        starts_at = MONDAY_9AM + number * hours * HOUR
        Shift.objects.create(staff=of, starts_at=starts_at, ends_at=starts_at + HOUR)


def an_agent_of(queue):
    return StaffMember.objects.filter(role="AGENT", vendor=queue.vendor_id).get()


def test_limits_survive_being_written_down_and_are_told_apart():
    shared()
    Capacity.objects.create(channel="", at_most=9)
    HoldBack.objects.create(queue=Queue.objects.first(), minutes=45)
    Weight.objects.create(code="age", minutes=2)
    look_again()
    rules = rules_in_force()
    other = replace(rules, rooms={"EMAIL": Room(2, 6)}, hold_back={}, weights=Weights())

    assert Rules.from_json(rules.as_json()) == rules
    assert rules.weights == Weights(age=2)
    found = {(one.about, *one.key) for one in differences(rules, other)}
    assert found == {
        ("room", ""), ("room", "EMAIL"), ("weight", "age"),
        ("hold_back", str(Queue.objects.first().pk)),
    }  # fmt: skip


def test_limits_are_switched_on_and_taken_back(lead):
    lob = shared()
    a_worked_day(lob)
    before = rules_in_force()
    queue = Queue.objects.filter(vendor__key="melati").get()
    rules = replace(
        before,
        rooms={"": Room(1, 6), "EMAIL": Room(2, 4)},
        hold_back={queue.pk: 90},
        weights=Weights(continuity=0, priority=30),
    )

    proposed, _ = tried(rules, lead)
    assert rules_in_force() == before
    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=NEXT_DAY)
    assert rules_in_force() == rules
    changing.go_back(rule_set_id=proposed.pk, by=lead, now=NEXT_DAY)

    assert rules_in_force() == before
    assert not Capacity.objects.exists()
    assert not HoldBack.objects.exists()


def test_a_channel_whose_cases_fit_into_nobodys_hands_is_refused_with_a_case(lead):
    lob = shared()
    case = comes_in(lob, MONDAY_9AM)
    rules = replace(rules_in_force(), rooms={"": Room(1, 4), "EMAIL": Room(5, 9)})

    found = problems(rules, lead)

    assert found["never_fits", "EMAIL"].case_id == case.pk
    unknown_yet = replace(rules, rooms={"APPEAL": Room(3, 2)})
    assert problems(unknown_yet, lead)["never_fits", "APPEAL"].case_id is None


def test_hold_back_that_never_lets_go_is_refused_with_a_case_it_would_have_kept(lead):
    lob = shared()
    case = comes_in(lob, MONDAY_9AM + HOUR)
    queue = Queue.objects.get(pk=case.queue_id)
    shifts_every(1, of=an_agent_of(queue))

    found = problems(
        replace(rules_in_force(), hold_back={queue.pk: 90}), lead, now=MONDAY_9AM + 2 * A_DAY
    )

    assert found["holds_for_ever", str(queue.pk)].case_id == case.pk


def test_hold_back_that_lets_go_between_shifts_stands(lead):
    lob = shared()
    case = comes_in(lob, MONDAY_9AM + HOUR)
    queue = Queue.objects.get(pk=case.queue_id)
    shifts_every(8, of=an_agent_of(queue))

    changing.propose(
        rules=replace(rules_in_force(), hold_back={queue.pk: 90}),
        note="",
        by=lead,
        now=MONDAY_9AM + 2 * A_DAY,
    )


def test_a_dry_run_shows_that_what_is_held_back_waits_for_the_shift(lead):
    lob = shared(north=1.0, south=0.0001)
    a_worked_day(lob, cases=8)
    queue = Queue.objects.filter(vendor__key="northstar").get()
    Shift.objects.create(
        staff=an_agent_of(queue),
        starts_at=MONDAY_9AM + 6 * HOUR,
        ends_at=MONDAY_9AM + 9 * HOUR,
    )
    come_late = [comes_in(lob, MONDAY_9AM + 5 * HOUR + number * MINUTE) for number in (2, 3)]

    _, summary = tried(replace(rules_in_force(), hold_back={queue.pk: 120}), lead)

    assert come_late
    assert summary["changes"]["longer"] >= len(come_late)
    assert summary["after"]["wait_of_nine_in_ten"] > summary["before"]["wait_of_nine_in_ten"]


def test_a_dry_run_shows_what_fits_into_nobodys_hands_any_more(lead):
    lob = shared()
    a_worked_day(lob, cases=8)

    _, summary = tried(replace(rules_in_force(), rooms={"EMAIL": Room(1, 1)}), lead)

    assert summary["after"]["given"] <= summary["before"]["given"]
    assert summary["after"]["median_wait"] >= summary["before"]["median_wait"]


def test_a_dry_run_follows_the_weights(lead):
    lob = shared()
    a_worked_day(lob, cases=10)
    present = rules_in_force()

    _, summary = tried(replace(present, weights=Weights(priority=1440, age=60)), lead)

    assert summary["after"]["cases"] == summary["before"]["cases"] == 10
