"""Rules: written, tested against the past, turned on, carried out once, braked and undone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from caseward.automation import deeds
from caseward.automation import services as rules
from caseward.automation.checking import contradictions_of, others_that_are_on
from caseward.automation.models import Rule, RuleRun, RuleVersion
from caseward.automation.running import DEEPEST, carry_out_due, meet_events
from caseward.automation.services import (
    BadRule,
    NothingToUndo,
    NotTested,
    begin_rule,
    turn_off,
    turn_on,
    undo_run,
    write_rule,
)
from caseward.casework.models import Case
from caseward.casework.services import change_priority, lock_disclosure, set_tags
from caseward.casework.services.assigning import move_case
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.policy import access
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_macro,
    a_queue,
    a_reason,
    a_regional_lead,
    a_specialist,
    an_agent,
)

pytestmark = pytest.mark.django_db

BEFORE = MONDAY_9AM - timedelta(hours=1)
LATER = MONDAY_9AM + timedelta(hours=1)


def written(key="tag-malay", lead=None, lob=None, **said):
    lead = lead or a_regional_lead()
    rule = begin_rule(key=key, lob=lob, title=key.title(), by=lead)
    values = {"kinds": ["case.opened"], "after_minutes": 0, "conditions": {}, "deeds": {}, **said}
    return write_rule(rule, by=lead, now=BEFORE, **values)


def a_rule(key="tag-malay", lead=None, at=BEFORE, **said):
    """A rule that is on."""
    lead = lead or a_regional_lead()
    version = written(key, lead, **said)
    rules.try_rule(version, by=lead, now=at)
    return turn_on(version, by=lead, now=at)


def work(now=LATER):
    meet_events(now=now)
    while carry_out_due(now=now):
        meet_events(now=now)


def kinds_of(case):
    return [event.kind for event in ledger.timeline(case.pk)]


def test_a_rule_acts_on_what_happens_and_only_on_such_cases():
    a_rule(conditions={"language": ["ms"]}, deeds={"add_tags": ["malay"], "priority": 2})
    malay, english = a_case(language="ms"), a_case(language="en", email="b@example.com")

    work()

    malay.refresh_from_db()
    english.refresh_from_db()
    assert (malay.tags, malay.priority) == (["malay"], 2)
    assert (english.tags, english.priority) == ([], 3)
    event = ledger.timeline(malay.pk).filter(kind="case.tagged").get()
    assert (event.actor_id, event.actor_name) == (None, "Caseward (automation)")
    assert event.data["automation"]["rule"] == "tag-malay"


def test_reading_the_ledger_again_does_nothing_twice():
    a_rule(deeds={"note": "Seen."})
    case = a_case()
    work()

    from caseward.automation.models import Reader

    Reader.objects.update(last_event_id=0)
    work()

    assert kinds_of(case).count("note.added") == 1
    assert RuleRun.objects.count() == 1


def test_postgresql_keeps_one_run_for_a_rule_and_an_event():
    version = a_rule(deeds={"note": "Seen."})
    case = a_case()
    run = {"rule": version.rule, "version": version, "event_id": 7, "case": case, "due_at": LATER}
    RuleRun.objects.create(**run)

    with pytest.raises(IntegrityError, match="rule_run_once_an_event"), transaction.atomic():
        RuleRun.objects.create(**run)


def test_a_rule_that_failed_half_way_leaves_nothing_and_says_why():
    a_macro("greeting", None, en="Hello {what}")
    version = a_rule(deeds={"add_tags": ["greeted"], "macro": "greeting"})
    case = a_case()

    work()

    case.refresh_from_db()
    run = RuleRun.objects.get(version=version)
    assert (case.tags, run.state) == ([], "FAILED")
    assert "needs a person to fill in what" in run.problem


def test_a_rule_can_answer_with_a_macro_and_escalate():
    a_macro("greeting", None, en="Hello {requester_name}, about {reference}.")
    a_rule(deeds={"macro": "greeting", "escalate_why": "Somebody in danger?"})
    case = a_case()

    work()

    case.refresh_from_db()
    assert case.tier == 2
    said = case.messages.get(direction="OUTBOUND")
    assert said.text == f"Hello Asha, about {case.reference}."


def test_time_since_waits_and_looks_again():
    a_rule(
        after_minutes=120, conditions={"without_tags": ["answered"]}, deeds={"add_tags": ["slow"]}
    )
    answered, waiting = a_case(), a_case(email="b@example.com")
    work(MONDAY_9AM + timedelta(minutes=119))
    set_tags(reference=answered.reference, by=a_regional_lead(), tags=["answered"], now=LATER)

    work(MONDAY_9AM + timedelta(minutes=120))

    answered.refresh_from_db()
    waiting.refresh_from_db()
    assert (answered.tags, waiting.tags) == (["answered"], ["slow"])


def test_what_happened_before_a_rule_was_on_is_left_alone():
    case = a_case(opened_at=BEFORE - timedelta(days=1))
    a_rule(deeds={"add_tags": ["late"]})

    work()

    case.refresh_from_db()
    assert case.tags == []


def test_a_rule_that_was_turned_off_does_nothing_more():
    version = a_rule(deeds={"add_tags": ["late"]}, after_minutes=30)
    case = a_case()
    meet_events(now=LATER)

    turn_off(version, by=a_regional_lead(), why="Too eager.", now=LATER)
    work()

    case.refresh_from_db()
    assert (case.tags, RuleRun.objects.get().state) == ([], "LEFT")


def test_a_circle_is_refused_when_saved_with_the_rules_named():
    a_rule("up", kinds=["case.tagged"], deeds={"priority": 1})

    with pytest.raises(BadRule) as refusal, transaction.atomic():
        written("tag", kinds=["case.prioritised"], deeds={"add_tags": ["moved"]})

    (problem,) = refusal.value.problems
    assert (problem.code, set(problem.about)) == ("CIRCLE", {"tag", "up"})
    assert written(
        "tag-once", kinds=["case.prioritised"], conditions={"without_tags": ["moved"]},
        deeds={"add_tags": ["moved"]},
    )  # fmt: skip


def test_a_circle_that_closes_between_saving_and_turning_on_is_refused_too():
    lead = a_regional_lead()
    tag = written("tag", lead, kinds=["case.prioritised"], deeds={"add_tags": ["moved"]})
    up = written("up", lead, kinds=["case.tagged"], deeds={"priority": 1})
    for version in (tag, up):
        rules.try_rule(version, by=lead, now=BEFORE)
    turn_on(tag, by=lead, now=BEFORE)

    with pytest.raises(BadRule):
        turn_on(up, by=lead, now=BEFORE)


def test_what_is_set_off_too_deep_is_not_met():
    version = a_rule(kinds=["note.added"], deeds={"add_tags": ["noted"]})
    case = a_case()
    from caseward.casework.services import add_note
    from caseward.casework.services.recording import marked

    with marked(automation={"rule": "other", "depth": DEEPEST}):
        add_note(reference=case.reference, by=a_specialist(), text="x", now=MONDAY_9AM)
    work()

    assert not RuleRun.objects.filter(version=version).exists()


def test_a_rule_that_acts_too_often_is_taken_off():
    version = a_rule(deeds={"add_tags": ["seen"]})
    Rule.objects.update(hourly_limit=2)
    for number in range(4):
        a_case(email=f"{number}@example.com")

    work()

    version.refresh_from_db()
    assert (version.state, RuleRun.objects.filter(state="DONE").count()) == ("OFF", 2)
    assert "2 times within an hour" in version.why_off
    assert ledger.timeline(0).first().kind == "automation.braked"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"deeds": {}}, "NO_DEED"),
        ({"kinds": []}, "NO_EVENT"),
        ({"conditions": {"tags": ["vip"], "without_tags": ["vip"]}}, "NEVER_HOLDS"),
        ({"conditions": {"reason": ["no-such"]}}, "NO_REASON"),
        ({"conditions": {"lob": ["minor-safety"], "reason": ["lost-login"]}}, "NO_REASON"),
        ({"deeds": {"assign_to": "nobody"}}, "NO_PERSON"),
        ({"deeds": {"macro": "nothing"}}, "NO_MACRO"),
        ({"deeds": {"lob": "nowhere"}}, "NO_LOB"),
    ],
)
def test_a_rule_that_could_never_work_is_refused_when_saved(said, code):
    a_lob("minor-safety")
    a_reason()

    with pytest.raises(BadRule) as refusal:
        written(**{"deeds": {"note": "x"}, **said})

    assert [problem.code for problem in refusal.value.problems] == [code]


def test_rules_that_contradict_each_other_are_named_with_a_case():
    a_rule("up", conditions={"language": ["ms"]}, deeds={"priority": 1})
    down = written("down", conditions={"channel": ["EMAIL"]}, deeds={"priority": 4})

    (found,) = contradictions_of(down, others_that_are_on(down))

    assert (found.other, found.about, found.wants) == ("up", "priority", ("4", "1"))
    assert found.case.values["language"] == "ms"


def test_nothing_is_turned_on_untested_and_only_by_whoever_answers_for_it():
    lead, specialist = a_regional_lead(), a_specialist()
    version = written(lead=lead, lob=a_lob(), deeds={"note": "x"})
    with pytest.raises(NotTested):
        turn_on(version, by=lead, now=BEFORE)
    rules.try_rule(version, by=specialist, now=BEFORE)

    with pytest.raises(access.NotYoursToWrite):
        turn_on(version, by=specialist, now=BEFORE)

    assert turn_on(version, by=lead, now=BEFORE).state == "ON"


def test_the_trial_says_what_would_have_been_done_and_what_people_did():
    lead = a_regional_lead()
    agent = an_agent(languages=("ms",))
    first, second = (
        a_case(language="ms", email=f"{n}@example.com", assignee=agent) for n in ("a", "b")
    )
    a_case(language="en", email="c@example.com")
    change_priority(reference=first.reference, by=agent, priority=2, now=LATER)

    version = written(lead=lead, conditions={"language": ["ms"]}, deeds={"priority": 2})
    rules.try_rule(version, by=lead, now=MONDAY_9AM + timedelta(days=1))

    trial = version.trial
    assert (trial["events"], trial["runs"], trial["cases"]) == (3, 2, 2)
    assert (trial["deeds"], trial["people_did"]) == ({"priority": 2}, {"priority": 1})
    assert {one["case"] for one in trial["sample"]} == {first.reference, second.reference}
    assert not Case.objects.filter(priority=2).exclude(pk=first.pk).exists()


def test_the_trial_sees_cases_as_they_were_then():
    lead, agent = a_regional_lead(), an_agent()
    case = a_case(assignee=agent)
    set_tags(reference=case.reference, by=agent, tags=["vip"], now=MONDAY_9AM + timedelta(hours=3))
    asked = {"conditions": {"tags": ["vip"]}, "deeds": {"note": "x"}}

    soon = written("soon", lead, after_minutes=60, **asked)
    late = written("late", lead, after_minutes=240, **asked)
    for version in (soon, late):
        rules.try_rule(version, by=lead, now=MONDAY_9AM + timedelta(days=1))

    assert (soon.trial["runs"], late.trial["runs"]) == (0, 1)


def test_the_trial_knows_when_silence_began_and_that_another_line_has_other_reasons():
    lead = a_regional_lead()
    case = a_case(reason_id=a_reason(key="hacked").pk)
    lock_disclosure(reference=case.reference, by=lead, why="Police", now=LATER)
    elsewhere = a_queue(2, None, a_lob("age-support"), "ms")
    with acting(Actor.staff(lead)):
        move_case(
            reference=case.reference,
            by=lead,
            to_queue=elsewhere,
            why="Theirs",
            now=LATER + timedelta(hours=1),
        )

    def runs(key, after_minutes, **conditions):
        said = {"after_minutes": after_minutes, "conditions": conditions, "deeds": {"note": "x"}}
        version = written(key, lead, **said)
        rules.try_rule(version, by=lead, now=MONDAY_9AM + timedelta(days=1))
        return version.trial["runs"]

    assert runs("open", 30, locked=["no"], reason=["hacked"]) == 1
    assert runs("silent", 90, locked=["no"]) == 0
    assert runs("silent-too", 90, locked=["yes"], reason=["hacked"]) == 1
    assert runs("moved", 150, tier=["2"], lob=["age-support"], language=["ms"]) == 1
    assert runs("moved-too", 150, reason=["hacked"]) == 0


def test_a_run_is_undone_where_nobody_changed_it_since():
    a_rule(deeds={"add_tags": ["seen"], "priority": 1, "note": "x"})
    lead = a_regional_lead()
    kept, changed = a_case(), a_case(email="b@example.com")
    work()
    change_priority(reference=changed.reference, by=lead, priority=4, now=LATER)
    set_tags(reference=changed.reference, by=lead, tags=["seen", "mine"], now=LATER)

    for run in RuleRun.objects.all():
        undo_run(run, by=lead, now=LATER)

    kept.refresh_from_db()
    changed.refresh_from_db()
    assert (kept.tags, kept.priority) == ([], 3)
    assert (changed.tags, changed.priority) == (["mine"], 4)
    with pytest.raises(NothingToUndo):
        undo_run(RuleRun.objects.first(), by=lead, now=LATER)


def test_undoing_does_not_set_the_rule_off_again_for_ever():
    a_rule(
        kinds=["case.tagged"], conditions={"without_tags": ["done"]}, deeds={"add_tags": ["done"]}
    )
    case, lead = a_case(), a_regional_lead()
    set_tags(reference=case.reference, by=lead, tags=["new"], now=MONDAY_9AM)
    work()

    undo_run(RuleRun.objects.get(state="DONE"), by=lead, now=LATER)
    work(LATER + timedelta(minutes=1))

    case.refresh_from_db()
    assert case.tags == ["new"]


def test_a_vendors_staff_have_no_right_to_rules():
    agent = an_agent()
    a_rule(deeds={"note": "x"})

    with acting(Actor.staff(agent)), pytest.raises(ProgrammingError), transaction.atomic():
        RuleVersion.objects.count()


def test_a_rule_sends_a_macro_under_a_lock_of_silence_only_where_that_is_safe():
    a_macro("greeting", None, en="Hello {requester_name}.")
    a_rule(deeds={"macro": "greeting"})
    lead, locked, free = a_regional_lead(), a_case(), a_case(email="b@example.com")
    lock_disclosure(reference=locked.reference, by=lead, why="Section 29", now=MONDAY_9AM)

    work()

    states = dict(RuleRun.objects.values_list("case_id", "state"))
    assert states == {locked.pk: "FAILED", free.pk: "DONE"}
    assert not locked.messages.filter(direction="OUTBOUND").exists()


def test_one_rule_that_breaks_keeps_no_other_from_acting(monkeypatch):
    def breaks(doing, wanted):
        raise RuntimeError

    monkeypatch.setitem(deeds.DOES, "note", breaks)
    a_rule(key="breaks", deeds={"note": "Seen."})
    a_rule(key="tags", deeds={"add_tags": ["seen"]})
    case = a_case()

    work()

    case.refresh_from_db()
    assert case.tags == ["seen"]
    assert RuleRun.objects.get(rule__key="breaks").state == "FAILED"
