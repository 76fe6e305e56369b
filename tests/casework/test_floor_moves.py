"""Moves on the floor: made by who may, refused where somebody was first, undone exactly."""

from datetime import timedelta

import pytest

from caseward.casework.access import ChangedMeanwhile
from caseward.casework.floor import moving, saying, steering, undoing
from caseward.casework.floor.keeping import MayNotMove
from caseward.casework.floor.people import Scope, widest_scope, workers_by_id
from caseward.casework.models import Case
from caseward.casework.services import add_note, set_tags
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Skill
from caseward.routing import queries as routing
from caseward.routing.borrowing import CannotBorrow, IsOver, end_what_is_over
from caseward.routing.models import Queue, QueuePause
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_queue,
    a_regional_lead,
    a_share,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
    at_work,
)

pytestmark = pytest.mark.django_db
NOW = MONDAY_9AM + timedelta(hours=1)
LATER = NOW + timedelta(minutes=5)


def facts(case):
    return Case.objects.values("queue_id", "assignee_id", "status", "vendor_id").get(pk=case.pk)


def test_the_second_lead_is_told_what_the_first_one_did():
    ana, ben = an_agent(), an_agent()
    rohan, priya, case = a_team_leader(), a_regional_lead(), a_case()
    seen = ledger.last_number(case.pk)

    moving.give_case(reference=case.reference, to=ana, by=rohan, seen=seen, now=NOW)
    with pytest.raises(ChangedMeanwhile) as refusal:
        moving.give_case(reference=case.reference, to=ben, by=priya, seen=seen, now=NOW)

    assert refusal.value.events == ["case.assigned"]
    assert facts(case)["assignee_id"] == ana.pk


def test_undoing_puts_a_case_back_where_and_how_it_was():
    ana, lead, case = an_agent(), a_team_leader(), a_case()
    before = facts(case)

    move = moving.give_case(reference=case.reference, to=ana, by=lead, seen=None, now=NOW)
    assert facts(case) != before
    undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert facts(case) == before
    with pytest.raises(undoing.AlreadyUndone):
        undoing.undo_move(move_id=move.pk, by=lead, now=LATER)


def test_what_happened_since_is_not_undone():
    ana, lead, case = an_agent(), a_team_leader(), a_case()
    move = moving.give_case(reference=case.reference, to=ana, by=lead, seen=None, now=NOW)
    add_note(reference=case.reference, by=ana, text="Called the bank.", now=NOW)

    with pytest.raises(undoing.ChangedSince) as refusal:
        undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert refusal.value.cases == [case.reference]
    assert facts(case)["assignee_id"] == ana.pk


def test_a_case_is_taken_from_somebody_and_given_back():
    ana, lead = at_work(an_agent()), a_team_leader()
    case = a_case(assignee=ana)

    move = moving.put_back(reference=case.reference, by=lead, seen=None, now=NOW)
    assert facts(case)["assignee_id"] is None
    undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert facts(case)["assignee_id"] == ana.pk


def test_overflow_moves_the_oldest_to_a_vendor_that_does_the_same_work():
    lead, northstar, melati = a_team_leader(), a_vendor(), a_vendor("melati")
    old, young = a_case(), a_case(opened_at=NOW)
    a_share(melati, a_lob())
    source = a_queue(1, northstar, a_lob())
    target = a_queue(1, melati, a_lob())

    move = moving.overflow(source=source, target=target, count=1, by=lead, now=NOW)

    moved = {"queue_id": target.pk, "vendor_id": melati.pk}
    assert facts(old).items() >= moved.items()
    assert facts(young)["queue_id"] == source.pk
    undoing.undo_move(move_id=move.pk, by=lead, now=LATER)
    assert facts(old)["vendor_id"] == northstar.pk


def test_undoing_an_overflow_puts_back_what_nothing_happened_to_and_names_the_rest():
    lead, northstar, melati = a_team_leader(), a_vendor(), a_vendor("melati")
    touched, untouched = a_case(), a_case()
    a_share(melati, a_lob())
    source, target = a_queue(1, northstar, a_lob()), a_queue(1, melati, a_lob())
    move = moving.overflow(source=source, target=target, count=2, by=lead, now=NOW)
    set_tags(reference=touched.reference, by=lead, tags=["seen"], now=NOW)

    undone = undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert facts(untouched)["queue_id"] == source.pk
    assert facts(touched)["queue_id"] == target.pk
    assert undone.after["kept"] == [touched.reference]
    assert undone.undone_by == lead


def test_overflow_goes_nowhere_else_and_needs_something_that_waits():
    lead, case = a_team_leader(), a_case()
    other = a_queue(1, a_vendor(), a_lob("billing"))
    a_share(a_vendor("melati"), a_lob())
    empty = a_queue(1, a_vendor("melati"), a_lob())

    with pytest.raises(moving.NoOverflow):
        moving.overflow(source=case.queue, target=other, count=1, by=lead, now=NOW)
    with pytest.raises(moving.NothingWaits):
        moving.overflow(source=empty, target=case.queue, count=1, by=lead, now=NOW)


def test_a_borrowed_agent_takes_from_one_queue_until_the_time_is_up():
    ana, lead = an_agent(languages=("en", "hi")), a_team_leader()
    queue = a_queue(1, ana.vendor, a_lob(), "hi")
    both = routing.queues_for(ana.pk)

    steering.borrow(staff=ana, queue=queue, until=LATER, why="", by=lead, now=NOW)
    assert routing.queues_for(ana.pk) == [queue.pk]
    assert end_what_is_over(now=LATER) == 1

    assert routing.queues_for(ana.pk) == both
    assert kinds(-ana.pk) == ["staff.borrowed", "staff.given_back"]


def test_undoing_a_second_borrowing_brings_the_first_one_back():
    ana, lead = an_agent(languages=("en", "hi")), a_team_leader()
    hindi, english = (a_queue(1, ana.vendor, a_lob(), each) for each in ("hi", "en"))
    until = NOW + timedelta(hours=2)

    steering.borrow(staff=ana, queue=hindi, until=until, why="", by=lead, now=NOW)
    second = steering.borrow(staff=ana, queue=english, until=until, why="", by=lead, now=NOW)
    undoing.undo_move(move_id=second.pk, by=lead, now=LATER)

    assert routing.queues_for(ana.pk) == [hindi.pk]


def test_nobody_is_borrowed_over_a_vendors_wall_without_the_skill_or_into_the_past():
    ana, lead = an_agent(), a_team_leader()
    theirs = a_queue(1, a_vendor("melati"), a_lob())
    unskilled = a_queue(1, ana.vendor, a_lob(), "ta")
    own = a_queue(1, ana.vendor, a_lob())

    for queue in (theirs, unskilled):
        with pytest.raises(CannotBorrow):
            steering.borrow(staff=ana, queue=queue, until=LATER, why="", by=lead, now=NOW)
    with pytest.raises(IsOver):
        steering.borrow(staff=ana, queue=own, until=NOW, why="", by=lead, now=NOW)


def test_a_queue_pauses_and_resumes_by_itself():
    lead, queue = a_team_leader(), a_case().queue

    steering.pause(queue=queue, why="Fraud wave", until=LATER, by=lead, now=NOW)
    assert Queue.objects.get(pk=queue.pk).is_paused
    assert end_what_is_over(now=LATER) == 1

    assert not Queue.objects.get(pk=queue.pk).is_paused
    assert not QueuePause.objects.exists()
    with pytest.raises(steering.NotPaused):
        steering.resume(queue=queue, by=lead, now=LATER)


def test_resuming_is_undone_into_the_same_pause():
    lead, queue = a_team_leader(), a_case().queue
    steering.pause(queue=queue, why="Fraud wave", until=None, by=lead, now=NOW)

    move = steering.resume(queue=queue, by=lead, now=NOW)
    undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert QueuePause.objects.get(queue=queue).why == "Fraud wave"


def test_a_pause_that_somebody_changed_is_not_undone():
    lead, queue = a_team_leader(), a_case().queue
    first = steering.pause(queue=queue, why="Fraud wave", until=None, by=lead, now=NOW)
    steering.pause(queue=queue, why="Training", until=None, by=lead, now=LATER)

    with pytest.raises(undoing.ChangedSince):
        undoing.undo_move(move_id=first.pk, by=lead, now=LATER)


def test_a_message_reaches_one_vendors_people_and_says_who_has_read_it():
    ana, theirs, lead = an_agent(), an_agent(vendor=a_vendor("melati")), a_team_leader()
    scope = widest_scope(lead)
    ours = Scope(lob_ids=scope.lob_ids, vendor_id=ana.vendor_id)

    move = saying.tell(scope=ours, text="Take a breath.", to="Northstar", by=lead, now=NOW)

    with acting(Actor.staff(theirs)):
        assert saying.unread_by(theirs, now=LATER) == []
    with acting(Actor.staff(ana)):
        (message,) = saying.unread_by(ana, now=LATER)
        assert message.text == "Take a breath."
        assert saying.mark_read(message_id=message.id, staff=ana, now=LATER)
        assert not saying.mark_read(message_id=message.id, staff=ana, now=LATER)
        assert saying.unread_by(ana, now=LATER) == []
    assert saying.receipts([message.id]) == {message.id: (1, 1)}
    told = Event.objects.filter(kind="team.message_sent").values_list("data__vendor_id", "audience")
    assert list(told) == [(ana.vendor_id, "EVERYONE")]
    assert move.about["people"] == 1


def test_a_message_taken_back_is_shown_no_longer_and_asks_one_person_at_a_time():
    ana, lead = an_agent(), a_team_leader()

    move = saying.ask_for_state(
        worker=workers_by_id()[ana.pk], state="BREAK", text="", by=lead, now=NOW
    )
    assert [each.asks_for for each in saying.unread_by(ana, now=LATER)] == ["BREAK"]
    undoing.undo_move(move_id=move.pk, by=lead, now=LATER)

    assert saying.unread_by(ana, now=LATER) == []


@pytest.mark.parametrize("role", ["AGENT", "SPECIALIST", "VENDOR_MANAGER", "GLOBAL_HEAD"])
def test_only_those_who_lead_the_work_move_anything(role):
    an_agent()
    stranger, lead, case = a_staff_member(role), a_team_leader(), a_case()

    with pytest.raises(MayNotMove):
        steering.pause(queue=case.queue, why="x", until=None, by=stranger, now=NOW)
    with pytest.raises(MayNotMove):
        moving.put_back(reference=case.reference, by=stranger, seen=None, now=NOW)
    steering.pause(queue=case.queue, why="x", until=None, by=lead, now=NOW)
    moving.put_back(reference=case.reference, by=lead, seen=None, now=NOW)


def test_a_lead_of_another_line_of_business_steers_none_of_its_queues():
    an_agent()
    case, billing = a_case(), a_lob("billing")
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=billing, language="en")

    with pytest.raises(MayNotMove):
        steering.pause(queue=case.queue, why="x", until=None, by=lead, now=NOW)
    steering.pause(queue=a_queue(2, None, billing), why="x", until=None, by=lead, now=NOW)


def kinds(chain):
    look_again()
    return list(Event.objects.filter(case_id=chain).order_by("seq").values_list("kind", flat=True))
