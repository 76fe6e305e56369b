"""One thing done to many cases: what is left out, what changes meanwhile, cancelling, undoing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caseward.casework import bulk
from caseward.casework.listing import Filters, Pile
from caseward.casework.models import BulkAction, BulkItem, Case, Message, Outgoing
from caseward.casework.services import change_priority, release_case, resolve_case, set_tags
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.policy.models import MacroVersion
from caseward.quality.macros import figures_by_macro
from caseward.routing.queries import queues
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_macro,
    a_promise,
    a_queue,
    a_reason,
    a_team_leader,
    a_vendor,
    an_agent,
    at_work,
)
from tests.concurrency import at_once

LATER = MONDAY_9AM + timedelta(hours=1)
TAG = {"tag": "storm"}
URGENCY_OF_NOTHING = Case.NOTHING_RUNNING * 10 + 3


def chosen(by, cases):
    references = [case.reference for case in cases]
    return bulk.choose_cases(by=by, references=references, address="/desk/", now=MONDAY_9AM)


def begun(by, cases, kind, **about):
    action = chosen(by, cases)
    bulk.decide(action_id=action.pk, kind=kind, about=about, by=by)
    return bulk.start(action_id=action.pk, by=by, now=MONDAY_9AM)


def carried_out(action, batch=25):
    while bulk.carry_on(action_id=action.pk, now=LATER, batch=batch):
        pass
    action.refresh_from_db()
    return bulk.progress_of(action)


def undone(action):
    bulk.undo(action_id=action.pk, by=action.by, now=LATER)
    return carried_out(action)


def events(case, kind):
    return Event.objects.filter(case_id=case.pk, kind=kind).count()


@pytest.mark.django_db
def test_a_tag_is_put_on_every_case_and_taken_off_again():
    lead, cases = a_team_leader(), [a_case() for _ in range(3)]
    action = begun(lead, cases, "TAG", **TAG)

    assert carried_out(action, batch=2).done == 3
    assert action.state == BulkAction.State.DONE
    assert all(case.tags == ["storm"] for case in Case.objects.all())

    assert undone(action).states == {"UNDONE": 3}
    assert action.state == BulkAction.State.UNDONE
    assert all(case.tags == [] for case in Case.objects.all())


@pytest.mark.django_db
def test_a_case_that_changed_after_the_choice_is_left_alone_and_listed():
    lead, other = a_team_leader(), a_team_leader()
    changed, untouched = a_case(), a_case()
    action = begun(lead, [changed, untouched], "PRIORITY", priority=1)
    set_tags(reference=changed.reference, by=other, tags=["mine"], now=LATER)

    progress = carried_out(action)

    assert (progress.done, progress.skipped) == (1, {"changed": 1})
    assert Case.objects.get(pk=changed.pk).priority == 3
    assert Case.objects.get(pk=untouched.pk).priority == 1


@pytest.mark.django_db
def test_only_what_nothing_happened_to_since_is_undone():
    lead, other, cases = a_team_leader(), a_team_leader(), [a_case(), a_case()]
    action = begun(lead, cases, "PRIORITY", priority=1)
    carried_out(action)
    change_priority(reference=cases[0].reference, by=other, priority=2, now=LATER)

    progress = undone(action)

    assert (progress.states, progress.kept) == ({"UNDONE": 1, "KEPT": 1}, {"changed": 1})
    assert [Case.objects.get(pk=case.pk).priority for case in cases] == [2, 3]


@pytest.mark.django_db
def test_what_is_left_out_is_known_before_anything_happens():
    lead, lob = a_team_leader(), a_lob()
    done, tagged, open_ = a_case(), a_case(), a_case()
    resolve_case(reference=done.reference, by=lead, disposition=a_disposition(), now=MONDAY_9AM)
    change_priority(reference=tagged.reference, by=lead, priority=1, now=MONDAY_9AM)
    action = chosen(lead, [done, tagged, open_])
    bulk.decide(action_id=action.pk, kind="PRIORITY", about={"priority": 1}, by=lead)

    progress = bulk.progress_of(action)
    assert (progress.waiting, progress.skipped) == (1, {"finished": 1, "already": 1})

    bulk.decide(action_id=action.pk, kind="TRANSFER", about={"language": "ta", "why": "x"}, by=lead)
    assert bulk.progress_of(action).skipped == {"finished": 1, "nowhere": 2}
    assert Event.objects.filter(kind="case.transferred", data__lob_id=lob.pk).count() == 0


@pytest.mark.django_db
def test_a_case_goes_to_a_colleague_and_back_to_whoever_had_it():
    lead, colleague = a_team_leader(), an_agent()
    holder = at_work(an_agent())
    waiting, held = a_case(), a_case(assignee=holder)
    foreign = a_case(vendor=a_vendor("melati"))
    action = begun(lead, [waiting, held, foreign], "ASSIGN", to=colleague.pk)

    progress = carried_out(action)
    assert (progress.done, progress.skipped) == (2, {"cannot_take": 1})
    assert set(Case.objects.filter(assignee=colleague)) == {waiting, held}

    undone(action)
    assert Case.objects.get(pk=waiting.pk).assignee is None
    assert Case.objects.get(pk=held.pk).assignee == holder


@pytest.mark.django_db
def test_a_transfer_is_undone_with_reason_and_holder():
    lead, holder, reason = a_team_leader(), at_work(an_agent()), a_reason()
    case = a_case(assignee=holder, reason_id=reason.pk)
    other = a_lob("age-support")
    a_queue(1, case.vendor, other, "en")
    action = begun(lead, [case], "TRANSFER", lob=other.pk, why="Wrong form.")

    assert carried_out(action).done == 1
    assert Case.objects.get(pk=case.pk).lob == other
    undone(action)

    case.refresh_from_db()
    assert (case.lob, case.reason, case.assignee) == (a_lob(), reason, holder)


@pytest.mark.django_db
def test_an_answer_speaks_the_language_of_each_case_and_can_be_taken_back():
    lead = a_team_leader()
    english, malay = a_case(), a_case(language="ms")
    texts = {"en": "Dear {requester_name}, {reference} is next."}
    a_macro("next", **texts)
    action = begun(lead, [english, malay], "REPLY", texts=texts, macro="next")

    assert carried_out(action).skipped == {"no_text": 1}
    sent = Message.objects.get(direction="OUTBOUND")
    assert sent.text == f"Dear Asha, {english.reference} is next."
    assert Outgoing.objects.get(message=sent).send_after > LATER

    assert undone(action).states == {"UNDONE": 1, "SKIPPED": 1}
    assert not Message.objects.filter(direction="OUTBOUND").exists()


@pytest.mark.django_db
def test_what_a_macro_does_is_done_to_each_case_counted_as_its_use_and_taken_back():
    lead, case = a_team_leader(), a_case()
    macro = a_macro("next", en="Hello {requester_name}.")
    does = {"add_tags": ["told"], "priority": 2, "then": "PENDING"}
    MacroVersion.objects.filter(macro=macro).update(actions=does)
    look_again()
    action = begun(lead, [case], "REPLY", texts={"en": "Hello {requester_name}."}, macro="next")

    assert carried_out(action).done == 1
    left = Case.objects.get(pk=case.pk)
    assert (left.tags, left.priority, left.status) == (["told"], 2, "PENDING")
    figures = figures_by_macro([macro.pk], since=MONDAY_9AM)[macro.pk]
    assert (figures.uses, figures.edited) == (1, 0)

    undone(action)
    left.refresh_from_db()
    assert (left.tags, left.priority, left.status) == ([], case.priority, "NEW")
    assert figures_by_macro([macro.pk], since=MONDAY_9AM) == {}


@pytest.mark.django_db
def test_a_macro_that_is_no_longer_released_answers_nobody():
    lead, case = a_team_leader(), a_case()
    action = begun(lead, [case], "REPLY", texts={"en": "Hello."}, macro="withdrawn")

    assert carried_out(action).skipped == {"not_for_it": 1}


@pytest.mark.django_db
def test_an_answer_that_has_left_stays():
    lead, case = a_team_leader(), a_case()
    a_macro()
    action = begun(lead, [case], "REPLY", texts={"en": "Hello."}, macro="hello")
    carried_out(action)
    Outgoing.objects.update(state="SENT", sent_at=LATER)

    assert undone(action).kept == {"has_left": 1}


@pytest.mark.django_db
def test_cases_are_resolved_where_their_line_of_business_ends_so_and_opened_again():
    lead, ours, theirs = a_team_leader(), a_case(), a_case(lob=a_lob("age-support"))
    a_disposition()
    action = begun(lead, [ours, theirs], "RESOLVE", disposition="recovered")

    assert carried_out(action).skipped == {"other_lob": 1}
    assert Case.objects.get(pk=ours.pk).status == "RESOLVED"
    undone(action)
    assert Case.objects.get(pk=ours.pk).status == "REOPENED"


@pytest.mark.django_db
def test_notes_and_releases_are_done_and_notes_stay():
    lead, agent = a_team_leader(), an_agent()
    case = a_case(assignee=agent)
    note = begun(lead, [case], "NOTE", text="Part of the outage.")
    assert carried_out(note).done == 1
    assert undone(note).kept == {"note_stays": 1}

    release = begun(lead, [case], "RELEASE")
    carried_out(release)
    assert Case.objects.get(pk=case.pk).assignee is None


@pytest.mark.django_db
def test_cancelling_leaves_the_rest_alone():
    lead, cases = a_team_leader(), [a_case() for _ in range(4)]
    action = begun(lead, cases, "TAG", **TAG)
    bulk.carry_on(action_id=action.pk, now=LATER, batch=1)
    bulk.cancel(action_id=action.pk, by=lead, now=LATER)

    assert carried_out(action).states == {"DONE": 1, "WAITING": 3}
    assert action.state == BulkAction.State.CANCELLED
    assert undone(action).states == {"UNDONE": 1, "WAITING": 3}


@pytest.mark.django_db
def test_starting_twice_starts_once_and_what_started_cannot_be_changed():
    lead, case = a_team_leader(), a_case()
    action = begun(lead, [case], "TAG", **TAG)
    bulk.start(action_id=action.pk, by=lead, now=LATER)

    assert Event.objects.filter(kind="bulk.started").count() == 1
    with pytest.raises(bulk.AlreadyStarted):
        bulk.decide(action_id=action.pk, kind="RELEASE", about={}, by=lead)


@pytest.mark.django_db
def test_nothing_to_do_is_not_started():
    lead, case = a_team_leader(), a_case()
    with pytest.raises(bulk.NothingChosen):
        bulk.choose_cases(by=lead, references=["CW-0000-000"], address="", now=MONDAY_9AM)
    undecided = chosen(lead, [case])
    with pytest.raises(bulk.NothingToDo):
        bulk.start(action_id=undecided.pk, by=lead, now=LATER)
    bulk.decide(action_id=undecided.pk, kind="UNTAG", about=TAG, by=lead)
    with pytest.raises(bulk.NothingToDo):
        bulk.start(action_id=undecided.pk, by=lead, now=LATER)


@pytest.mark.django_db
def test_all_of_a_list_is_chosen_most_urgent_first_up_to_a_limit():
    lead, cases = a_team_leader(), [a_case() for _ in range(4)]
    Case.objects.filter(pk=cases[-1].pk).update(urgency=1)
    a_case(language="ms")
    asked = {"by": lead, "address": "/desk/unfinished", "now": MONDAY_9AM, "day_ends_at": LATER}
    pile = Pile.unfinished(queues())

    every = bulk.choose_list(pile=pile, filters=Filters(language="en"), **asked)
    some = bulk.choose_list(pile=pile, filters=Filters(language="en"), at_most=1, **asked)

    assert (every.items.count(), every.is_cut) == (4, False)
    assert ([item.case_id for item in some.items.all()], some.is_cut) == ([cases[-1].pk], True)


@pytest.mark.django_db
def test_an_agent_acts_on_cases_of_their_own_and_on_nobody_elses():
    asha, colleague = an_agent(), an_agent()
    mine, theirs, foreign = a_case(assignee=asha), a_case(assignee=colleague), None
    foreign = a_case(vendor=a_vendor("melati"))
    with acting(Actor.staff(asha)):
        action = begun(asha, [mine, theirs, foreign], "TAG", **TAG)
        assert bulk.progress_of(action).skipped == {"not_yours": 1}

    assert carried_out(action).done == 1
    assert [case.pk for case in Case.objects.filter(tags=["storm"])] == [mine.pk]


@pytest.mark.django_db
def test_an_agents_action_is_nobody_elses():
    asha, colleague, lead = an_agent(), an_agent(), a_team_leader()
    with acting(Actor.staff(asha)):
        action = chosen(asha, [a_case_of(asha)])
    with acting(Actor.staff(colleague)):
        assert not BulkAction.objects.exists()
        assert not BulkItem.objects.exists()
        with pytest.raises(bulk.NoSuchAction):
            bulk.action_to_read(action_id=action.pk, by=colleague)
    with pytest.raises(bulk.NoSuchAction):
        bulk.start(action_id=action.pk, by=lead, now=LATER)  # only its author starts it


def a_case_of(agent):
    with acting(Actor.system("tests")):
        return a_case(assignee=agent)


@pytest.mark.django_db
def test_what_somebody_who_left_had_started_is_cancelled():
    lead, case = a_team_leader(), a_case()
    action = begun(lead, [case], "TAG", **TAG)
    type(lead).objects.filter(pk=lead.pk).update(is_active=False)

    assert carried_out(action).states == {"WAITING": 1}
    assert action.state == BulkAction.State.CANCELLED


@pytest.mark.django_db
def test_a_choice_never_started_is_forgotten_after_a_day():
    lead, case = a_team_leader(), a_case()
    chosen(lead, [case])

    assert bulk.forget_unstarted(now=MONDAY_9AM + timedelta(hours=23)) == 0
    assert bulk.forget_unstarted(now=MONDAY_9AM + timedelta(hours=25)) == 1


def test_a_worker_killed_in_the_middle_has_done_nothing_and_nothing_is_done_twice(committed_db):
    with acting(Actor.system("tests")):
        lead, cases = a_team_leader(), [a_case() for _ in range(6)]
        action = begun(lead, cases, "NOTE", text="Once.")
    with pytest.raises(KeyboardInterrupt), acting(Actor.system("worker")):
        bulk.carry_on(action_id=action.pk, now=LATER, batch=4)
        raise KeyboardInterrupt  # as a killed process, whose transaction PostgreSQL takes back

    def work():
        done = 1
        while done:
            with acting(Actor.system("worker")):
                done = bulk.carry_on(action_id=action.pk, now=LATER, batch=1)

    at_once([work, work, work])
    with acting(Actor.system("tests")):
        while bulk.carry_on(action_id=action.pk, now=LATER):
            pass
        assert [events(case, "note.added") for case in cases] == [1] * 6


@pytest.mark.django_db
def test_choosing_and_counting_ask_as_much_for_many_cases_as_for_few():
    lead, few, many = a_team_leader(), [a_case() for _ in range(2)], [a_case() for _ in range(9)]
    release_case(reference=few[0].reference, by=lead, now=MONDAY_9AM)

    def queries(cases):
        with CaptureQueriesContext(connection) as asked:
            action = chosen(lead, cases)
            bulk.decide(action_id=action.pk, kind="TAG", about=TAG, by=lead)
            bulk.progress_of(action)
        return len(asked)

    assert queries(few) == queries(many)


@pytest.mark.django_db
def test_cases_move_to_a_queue_and_back_with_their_reason_and_holder():
    lead, agent = a_team_leader(), at_work(an_agent())
    held = a_case(assignee=agent, reason_id=a_reason().pk)
    home, elsewhere = held.queue_id, a_queue(1, a_vendor(), lob=a_lob("age-support"))
    there = a_case(lob=elsewhere.lob)
    about = {"queue": elsewhere.pk, "why": "A storm"}
    action = begun(lead, [held, there], "MOVE", **about)

    progress = carried_out(action)
    held.refresh_from_db()
    assert (progress.done, progress.skipped) == (1, {"already": 1})
    assert (held.queue, held.assignee, held.reason) == (elsewhere, None, None)

    assert undone(action).states == {"UNDONE": 1, "SKIPPED": 1}
    held.refresh_from_db()
    assert (held.queue_id, held.assignee, held.reason_id) == (home, agent, a_reason().pk)


@pytest.mark.django_db
def test_only_a_lead_moves_many_cases_to_another_queue():
    agent = an_agent()
    held, elsewhere = a_case(assignee=agent), a_queue(1, a_vendor(), lob=a_lob("age-support"))
    action = begun(agent, [held], "MOVE", queue=elsewhere.pk, why="A storm")

    assert carried_out(action).skipped == {"not_yours": 1}


@pytest.mark.django_db
def test_cases_are_snoozed_but_not_past_a_promise_and_shown_again():
    a_promise(duration=timedelta(hours=2))
    lead = a_team_leader()
    promised, free = a_case(), a_case()
    free.clocks.all().delete()
    Case.objects.filter(pk=free.pk).update(urgency=URGENCY_OF_NOTHING)
    until = MONDAY_9AM + timedelta(days=1)
    about = {"until": until.isoformat(), "why": "The vendor is closed"}
    action = begun(lead, [promised, free], "SNOOZE", **about)

    assert bulk.progress_of(action).skipped == {"due_before": 1}
    carried_out(action)
    assert Case.objects.get(pk=free.pk).snoozed_until == until
    assert Case.objects.get(pk=promised.pk).snoozed_until is None

    assert undone(action).states == {"UNDONE": 1, "SKIPPED": 1}
    assert Case.objects.get(pk=free.pk).snoozed_until is None

    both = begun(lead, [promised, free], "SNOOZE", **about, anyway=True)
    assert carried_out(both).done == 2
