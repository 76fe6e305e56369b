"""Rules of routing: proposed, checked, tried on last week, switched on, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from caseward.casework.models import Case
from caseward.casework.services import (
    NewCase,
    NothingToTake,
    Person,
    escalate_case,
    open_case,
    reply,
    take_next_case,
)
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember, VendorShare
from caseward.routing.models import RuleSet, TriedCase
from caseward.routing.rules import changing
from caseward.routing.rules.content import Need, Overflow, Rules, differences
from caseward.routing.rules.history import read_history
from caseward.routing.rules.in_force import rules_in_force
from tests.builders import (
    MONDAY_9AM,
    a_lob,
    a_promise,
    a_reason,
    a_regional_lead,
    a_share,
    a_specialist,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db
HOUR, MINUTE, NO_UNDO = timedelta(hours=1), timedelta(minutes=1), timedelta(0)


def never(_site, _at):
    return False


@pytest.fixture
def lead():
    return a_regional_lead()


def shared(north=0.5, south=0.5):
    """Two vendors with an agent each, sharing one line of business."""
    lob = a_lob()
    a_promise(lob=lob)
    for key, share in (("northstar", north), ("melati", south)):
        a_share(a_vendor(key), lob, share=share)
        an_agent(a_vendor(key), lob)
    VendorShare.objects.filter(vendor__key="northstar").update(share=north)
    VendorShare.objects.filter(vendor__key="melati").update(share=south)
    return lob


def with_shares(rules, **shares):
    changed = {("account-security", vendor): share for vendor, share in shares.items()}
    return replace(rules, shares={**rules.shares, **changed})


def comes_in(lob, at, reason=None):
    """A case where routing places it."""
    new = NewCase(
        lob_id=lob.pk,
        priority=3,
        channel="EMAIL",
        language="en",
        title="I cannot sign in",
        text="I cannot sign in.",
        people=[Person(name="Asha", email="asha@example.com")],
        reason_id=reason.pk if reason else None,
    )
    return Case.objects.get(pk=open_case(new, now=at).id)


def a_worked_day(lob, cases=6):
    """Cases that came in, were taken and answered, half an hour apart."""
    agents = list(StaffMember.objects.filter(role="AGENT", skills__lob=lob).order_by("pk"))
    for number in range(cases):
        comes_in(lob, MONDAY_9AM + number * 30 * MINUTE)
    for number in range(cases):
        for agent in agents:
            moment = MONDAY_9AM + 5 * HOUR + number * 10 * MINUTE
            try:
                case = take_next_case(by=agent, now=moment)
            except NothingToTake:
                continue
            reply(
                reference=case.reference,
                by=agent,
                text="Hello",
                undo=NO_UNDO,
                now=moment + 6 * MINUTE,
            )


def test_rules_survive_being_written_down():
    shared()
    a_reason(certification="child-safety", language_level=2)
    rules = rules_in_force()

    assert Rules.from_json(rules.as_json()) == rules
    assert rules.needs["account-security", "lost-login"] == Need("child-safety", 2)


def test_differences_name_each_rule_before_and_after():
    shared()
    rules = rules_in_force()

    (found,) = differences(rules, with_shares(rules, melati=0.25))

    assert (found.about, found.key) == ("share", ("account-security", "melati"))
    assert (found.before, found.after) == (0.5, 0.25)


def test_a_proposal_changes_nothing_until_it_was_tried_and_switched_on(lead):
    lob = shared()
    a_worked_day(lob)
    rules = with_shares(rules_in_force(), northstar=0.1, melati=0.9)
    now = MONDAY_9AM + timedelta(days=1)

    proposed = changing.propose(rules=rules, note="Melati grows", by=lead, now=now)
    with pytest.raises(changing.NotTried):
        changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)
    assert rules_in_force() != rules
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    assert changing.claim_trial(now=now) == trial.pk
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)

    trial.refresh_from_db()
    assert trial.summary["before"]["cases"] == 6
    assert trial.summary["moved"] > 0
    assert TriedCase.objects.filter(trial=trial, has_moved=True).count() == trial.summary["moved"]
    assert rules_in_force() == rules
    told = Event.objects.get(kind="routing.switched_on")
    assert told.audience == Event.Audience.IN_HOUSE
    assert {one["key"] for one in told.data["changes"]} == {
        "account-security northstar", "account-security melati",
    }  # fmt: skip


def test_going_back_puts_the_former_rules_in_force(lead):
    lob = shared()
    a_worked_day(lob)
    before, now = rules_in_force(), MONDAY_9AM + timedelta(days=1)
    rules = with_shares(before, northstar=0.1)
    proposed = changing.propose(rules=rules, note="", by=lead, now=now)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)

    changing.go_back(rule_set_id=proposed.pk, by=lead, now=now + HOUR)

    assert rules_in_force() == before
    with pytest.raises(changing.RulesChangedMeanwhile):
        changing.go_back(rule_set_id=proposed.pk, by=lead, now=now + HOUR)


def test_switching_on_twice_changes_nothing_more(lead):
    lob = shared()
    a_worked_day(lob)
    now = MONDAY_9AM + timedelta(days=1)
    rules = with_shares(rules_in_force(), northstar=0.1)
    proposed = changing.propose(rules=rules, note="", by=lead, now=now)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)

    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now + HOUR)

    assert Event.objects.filter(kind="routing.switched_on").count() == 1


def test_rules_proposed_from_others_than_those_in_force_are_not_switched_on(lead):
    lob = shared()
    a_worked_day(lob)
    now = MONDAY_9AM + timedelta(days=1)
    proposed = changing.propose(
        rules=with_shares(rules_in_force(), northstar=0.1), note="", by=lead, now=now
    )
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    VendorShare.objects.filter(vendor__key="melati").update(share=0.3)

    with pytest.raises(changing.RulesChangedMeanwhile):
        changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)


def test_rules_that_change_nothing_are_not_proposed(lead):
    shared()
    with pytest.raises(changing.NothingChanges):
        changing.propose(rules=rules_in_force(), note="", by=lead, now=MONDAY_9AM)


def test_shares_above_one_contradict_each_other(lead):
    shared()

    with pytest.raises(changing.RulesNotSound) as caught:
        changing.propose(
            rules=with_shares(rules_in_force(), northstar=0.8), note="", by=lead, now=MONDAY_9AM
        )

    assert [problem.code for problem in caught.value.problems] == ["shares_above_one"]


def test_a_need_nobody_meets_is_refused_with_a_case_it_would_have_hurt(lead):
    lob = shared()
    reason = a_reason(lob)
    case = comes_in(lob, MONDAY_9AM, reason)
    rules = rules_in_force()
    needs = {**rules.needs, ("account-security", "lost-login"): Need("diving", 1)}

    with pytest.raises(changing.RulesNotSound) as caught:
        changing.propose(rules=replace(rules, needs=needs), note="", by=lead, now=MONDAY_9AM + HOUR)

    (problem,) = caught.value.problems
    assert (problem.code, problem.key, problem.case_id) == ("nobody_may", "lost-login", case.pk)


def test_a_queue_that_too_few_could_work_starves_and_is_refused(lead):
    lob = shared(north=1.0, south=0.0001)
    reason = a_reason(lob)
    senior = an_agent(a_vendor("northstar"), lob)
    senior.skills.update(level=3)
    for number in range(12):
        comes_in(lob, MONDAY_9AM + number * MINUTE, reason)
    for number in range(12):
        case = take_next_case(by=senior, now=MONDAY_9AM + number * 5 * MINUTE + HOUR)
        moment = MONDAY_9AM + number * 5 * MINUTE + HOUR + 4 * MINUTE
        reply(reference=case.reference, by=senior, text="Hello", undo=NO_UNDO, now=moment)
    senior.skills.update(level=2)
    other = an_agent(a_vendor("northstar"), lob)
    other.skills.update(level=3)
    rules = rules_in_force()
    needs = {**rules.needs, ("account-security", "lost-login"): Need("", 3)}
    note_one = comes_in(lob, MONDAY_9AM)
    take_next_case(by=other, now=MONDAY_9AM + 2 * HOUR)
    assert note_one

    with pytest.raises(changing.RulesNotSound) as caught:
        changing.propose(
            rules=replace(rules, needs=needs), note="", by=lead, now=MONDAY_9AM + 5 * HOUR
        )

    assert "starves" in {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize("role", ["TEAM_LEADER", "VENDOR_MANAGER", "SPECIALIST"])
def test_rules_are_changed_by_leads_only(lead, role):
    shared()
    rules = with_shares(rules_in_force(), northstar=0.1)
    somebody = a_team_leader() if role == "TEAM_LEADER" else a_staff_member(role)

    with pytest.raises(changing.MayNotChangeRules):
        changing.propose(rules=rules, note="", by=somebody, now=MONDAY_9AM)
    assert changing.propose(rules=rules, note="", by=lead, now=MONDAY_9AM)


def test_a_vendors_staff_cannot_read_rules(lead):
    shared()
    agent = an_agent()
    changing.propose(
        rules=with_shares(rules_in_force(), northstar=0.1), note="", by=lead, now=MONDAY_9AM
    )

    assert RuleSet.objects.count() == 1
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        acting(Actor.staff(agent)),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM routing_ruleset")


def test_only_one_dry_run_of_a_proposal_goes_on_at_once(lead):
    shared()
    rules = with_shares(rules_in_force(), northstar=0.1)
    proposed = changing.propose(rules=rules, note="", by=lead, now=MONDAY_9AM)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=MONDAY_9AM)

    with pytest.raises(changing.AlreadyTrying):
        changing.ask_trial(rule_set=proposed, by=lead, now=MONDAY_9AM)
    assert changing.cancel_trial(trial_id=trial.pk, by=lead, now=MONDAY_9AM)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=MONDAY_9AM)
    trial.refresh_from_db()
    assert trial.state == "CANCELLED"


def test_a_dry_run_whose_worker_died_is_done_again(lead):
    shared()
    rules = with_shares(rules_in_force(), northstar=0.1)
    proposed = changing.propose(rules=rules, note="", by=lead, now=MONDAY_9AM)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=MONDAY_9AM)

    assert changing.claim_trial(now=MONDAY_9AM) == trial.pk
    assert changing.claim_trial(now=MONDAY_9AM + MINUTE) is None
    assert changing.claim_trial(now=MONDAY_9AM + HOUR) == trial.pk


def test_history_tells_waits_work_and_who_was_there():
    lob = shared()
    a_promise("RESOLUTION", timedelta(days=1), lob=lob)
    a_specialist(lob)
    case = comes_in(lob, MONDAY_9AM)
    agent = next(
        one.staff for one in lob.skill_set.select_related("staff")
        if one.staff.vendor_id == case.vendor_id
    )  # fmt: skip
    taken_at = MONDAY_9AM + 20 * MINUTE
    take_next_case(by=agent, now=taken_at)
    escalate_case(
        reference=case.reference, by=agent, why="Hard", tried="All", now=taken_at + 7 * MINUTE
    )

    history = read_history(starts_at=MONDAY_9AM, ends_at=MONDAY_9AM + HOUR)

    first, second = history.waits
    assert (first.given_to, first.given_at, first.takes) == (agent.pk, taken_at, 7 * MINUTE)
    assert (second.need.tier, second.need.vendor_id, second.given_to) == (2, None, None)
    (stint,) = history.stints
    assert (stint.worker, stint.starts_at) == (agent.pk, taken_at)


def overflowing(rules, **conditions):
    """The rules with Northstar's waiting work going to Melati under some conditions."""
    rule = Overflow(1, "northstar", "", "", 1, "melati", **conditions)
    return replace(rules, overflow={"north-to-south": rule})


def test_overflow_rules_are_tried_and_put_in_force(lead):
    lob = shared(north=0.9, south=0.1)
    a_worked_day(lob, cases=10)
    now = MONDAY_9AM + timedelta(days=1)
    rules = overflowing(rules_in_force(), oldest_over_minutes=30)

    proposed = changing.propose(rules=rules, note="", by=lead, now=now)
    trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
    changing.run_trial(is_closed=never, trial_id=trial.pk, now=now)
    changing.switch_on(rule_set_id=proposed.pk, by=lead, now=now)

    trial.refresh_from_db()
    assert trial.summary["moved"] > 0
    assert rules_in_force() == rules
    changing.go_back(rule_set_id=proposed.pk, by=lead, now=now)
    assert not rules_in_force().overflow


def test_overflow_while_a_site_is_closed_waits_for_that(lead):
    lob = shared(north=0.9, south=0.1)
    a_worked_day(lob, cases=10)
    now = MONDAY_9AM + timedelta(days=1)
    rules = overflowing(rules_in_force(), while_closed="gurugram")
    moved = {}

    for name, is_closed in (("open", never), ("closed", lambda _site, _at: True)):
        proposed = changing.propose(rules=rules, note=name, by=lead, now=now)
        trial = changing.ask_trial(rule_set=proposed, by=lead, now=now)
        changing.run_trial(is_closed=is_closed, trial_id=trial.pk, now=now)
        trial.refresh_from_db()
        moved[name] = trial.summary["moved"]

    assert moved["open"] == 0 < moved["closed"]


def test_overflow_rules_that_pass_cases_to_and_fro_are_refused(lead):
    shared()
    present = rules_in_force()
    there = Overflow(1, "northstar", "", "", 1, "melati", waiting_over=5)
    back = Overflow(1, "melati", "account-security", "", 1, "northstar", waiting_over=5)
    always = Overflow(1, "", "", "", 2, "")

    with pytest.raises(changing.RulesNotSound) as caught:
        changing.propose(
            rules=replace(present, overflow={"there": there, "back": back, "always": always}),
            note="",
            by=lead,
            now=MONDAY_9AM,
        )

    found = {(problem.code, problem.key) for problem in caught.value.problems}
    assert found == {("overflow_circle", "back, there"), ("overflow_always", "always")}
