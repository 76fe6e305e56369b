"""What row-level security lets each person do on one case: allowed and refused from one set-up."""

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction

from caseward.casework.models import (
    Attachment,
    Case,
    Draft,
    Escalation,
    Link,
    Message,
    MessageOriginal,
    Outgoing,
    Party,
    PartyContact,
    SavedFilter,
)
from caseward.casework.services import add_note
from caseward.casework.services.drafting import keep_draft
from caseward.ledger.models import Event
from caseward.ledger.services import record
from caseward.metrics.models import CaseFact
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.quality.models import Survey
from caseward.sla.models import Clock
from tests.builders import MONDAY_9AM, a_case, a_promise, a_specialist, a_vendor, an_agent

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """One case of Northstar's with something of everything, and the people around it."""

    case: Case
    other: Case
    agent: StaffMember
    colleague: StaffMember
    stranger: StaffMember
    specialist: StaffMember

    def rows(self, model):
        by_case = {"case": self.case}
        ways = {
            Case: {"pk": self.case.pk},
            MessageOriginal: {"message__case": self.case},
            Attachment: {"message__case": self.case},
            PartyContact: {"party__case": self.case},
            Event: {"case_id": self.case.pk},
            CaseFact: {"case_id": self.case.pk},
        }
        return model.objects.filter(**ways.get(model, by_case))


@pytest.fixture
def scene():
    a_promise()
    agent, specialist = an_agent(), a_specialist()
    case = a_case(assignee=agent)
    first = case.messages.get()
    Attachment.objects.create(
        message=first, name="a.png", content_type="image/png", size=1, sha256="0"
    )
    Link.objects.create(case=case, other=a_case(vendor=agent.vendor), created_at=MONDAY_9AM)
    Survey.objects.create(case=case, asked_at=MONDAY_9AM)
    Escalation.objects.create(
        case=case, from_lob=case.lob, raised_by=agent, raised_at=MONDAY_9AM, why="a", tried="b",
        ended_at=MONDAY_9AM, outcome="SETTLED", verdict="NEEDED",
    )  # fmt: skip
    CaseFact.objects.create(
        case_id=case.pk, reference=case.reference, lob_id=case.lob_id, language="en",
        channel="EMAIL", opened_at=MONDAY_9AM,
    )  # fmt: skip
    theirs = an_agent(vendor=a_vendor("melati"))
    keep_draft(case=case, staff=agent, text="Dear Asha", now=MONDAY_9AM)
    return Scene(
        case=case,
        other=a_case(vendor=theirs.vendor),
        agent=agent,
        colleague=an_agent(),
        stranger=theirs,
        specialist=specialist,
    )


def can(work):
    """Try something and undo it; say whether PostgreSQL let it and it touched a row."""
    try:
        with transaction.atomic():
            touched = work()
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    if isinstance(touched, tuple):  # how many rows were deleted, and of which kinds
        touched = touched[0]
    return touched is None or bool(touched)


SEEN_BY_ITS_VENDOR = [
    Case,
    Message,
    Attachment,
    Party,
    Outgoing,
    Escalation,
    Link,
    Survey,
    Clock,
    Event,
]
SEEN_IN_HOUSE_ONLY = [MessageOriginal, PartyContact, CaseFact]


@pytest.mark.parametrize("model", SEEN_BY_ITS_VENDOR)
def test_a_vendors_staff_read_what_belongs_to_their_vendors_cases(scene, model):
    expected = {"agent": True, "colleague": True, "stranger": False, "specialist": True}
    for who, may in expected.items():
        with acting(Actor.staff(getattr(scene, who))):
            assert can(scene.rows(model).count) is may, who


@pytest.mark.parametrize("model", SEEN_IN_HOUSE_ONLY)
def test_contact_details_originals_and_figures_are_read_in_house_only(scene, model):
    expected = {"agent": False, "colleague": False, "stranger": False, "specialist": True}
    for who, may in expected.items():
        with acting(Actor.staff(getattr(scene, who))):
            assert can(scene.rows(model).count) is may, who


def test_a_draft_is_read_and_written_by_its_author(scene):
    for who, may in {"agent": True, "colleague": False, "stranger": False}.items():
        with acting(Actor.staff(getattr(scene, who))):
            assert can(scene.rows(Draft).count) is may, who
            assert can(lambda: scene.rows(Draft).update(text="x")) is may, who
    with acting(Actor.staff(scene.colleague)):
        forged = lambda: Draft.objects.create(  # noqa: E731
            case=scene.other, staff=scene.colleague, text="x", updated_at=MONDAY_9AM
        )
        assert not can(forged)


def test_a_note_for_in_house_staff_is_neither_read_nor_written_by_a_vendors(scene):
    add_note(
        reference=scene.case.reference, by=scene.specialist, text="Ring", now=MONDAY_9AM,
        in_house_only=True,
    )  # fmt: skip
    notes = scene.rows(Message).filter(in_house_only=True)
    told = scene.rows(Event).filter(audience="IN_HOUSE")

    for who, may in {"specialist": True, "agent": False}.items():
        staff = getattr(scene, who)
        with acting(Actor.staff(staff)):
            assert can(notes.count) is may, who
            assert can(told.count) is may, who
            assert can(lambda by=staff: said(scene, by, "NOTE", in_house_only=True)) is may, who


def said(scene, by, direction, **fields):
    return Message.objects.create(
        **{
            "case": scene.case, "direction": direction, "channel": "EMAIL", "at": MONDAY_9AM,
            "author": by, "text": "Hm", "language": "en", **fields,
        }
    )  # fmt: skip


def test_answers_are_written_in_ones_own_name_in_ones_own_tier(scene):
    agent = scene.agent
    with acting(Actor.staff(agent)):
        assert can(lambda: said(scene, agent, "OUTBOUND"))
        assert can(lambda: said(scene, agent, "NOTE"))
        assert not can(lambda: said(scene, scene.colleague, "OUTBOUND"))
        assert not can(lambda: said(scene, agent, "INBOUND"))
        assert not can(lambda: said(scene, agent, "OUTBOUND", case=scene.other))
    escalated(scene)
    with acting(Actor.staff(agent)):
        assert not can(lambda: said(scene, agent, "OUTBOUND"))
        assert can(lambda: said(scene, agent, "NOTE"))


def escalated(scene):
    Case.objects.filter(pk=scene.case.pk).update(tier=2, status="ESCALATED", assignee=None)


def test_an_escalated_case_is_read_but_not_changed_by_its_vendor(scene):
    cases, clocks = scene.rows(Case), scene.rows(Clock)
    changes = [
        lambda: cases.update(priority=1),
        lambda: clocks.update(was_met=None),
        lambda: Escalation.objects.create(
            case=scene.case, from_lob=scene.case.lob, raised_by=scene.agent,
            raised_at=MONDAY_9AM, why="a", tried="b",
        ),
    ]  # fmt: skip
    with acting(Actor.staff(scene.agent)):
        assert [can(change) for change in changes] == [True, True, True]
    escalated(scene)
    with acting(Actor.staff(scene.agent)):
        assert [can(change) for change in changes] == [False, False, False]
        assert can(cases.count)
    with acting(Actor.staff(scene.specialist)):
        assert can(changes[0])


def test_a_vendor_hands_no_case_to_another_vendor_and_opens_or_removes_none(scene):
    with acting(Actor.staff(scene.agent)):
        assert can(lambda: scene.rows(Case).update(vendor=scene.agent.vendor))
        assert not can(lambda: scene.rows(Case).update(vendor=scene.stranger.vendor))
        assert not can(scene.rows(Case).delete)
        assert not can(lambda: Case.objects.bulk_create([scene.case]))
        assert not can(lambda: Link.objects.create(
            case=scene.case, other=scene.other, created_at=MONDAY_9AM
        ))  # fmt: skip


def test_mail_is_queued_for_ones_own_answer_and_taken_back_by_its_author(scene):
    agent = scene.agent
    with acting(Actor.staff(agent)):
        answer = said(scene, agent, "OUTBOUND")
        queued = {"case": scene.case, "message": answer, "send_after": MONDAY_9AM}
        assert not can(lambda: Outgoing.objects.create(kind="SURVEY", **queued))
        assert not can(lambda: Outgoing.objects.create(kind="REPLY", state="SENT", **queued))
        Outgoing.objects.create(kind="REPLY", **queued)
        mine = Outgoing.objects.filter(message=answer)
        assert not can(lambda: mine.update(state="CANCELLED"))
        assert not can(Outgoing.objects.filter(kind="ACKNOWLEDGEMENT").delete)
    with acting(Actor.staff(scene.colleague)):
        assert not can(mine.delete)
        assert not can(Message.objects.filter(pk=answer.pk).delete)
    with acting(Actor.staff(agent)):
        assert not can(Message.objects.filter(pk=answer.pk).delete)  # it is still to leave
        assert can(mine.delete)
        mine.delete()
        assert can(Message.objects.filter(pk=answer.pk).delete)


def test_a_note_once_said_stays_said(scene):
    with acting(Actor.staff(scene.agent)):
        note = said(scene, scene.agent, "NOTE")
        assert not can(Message.objects.filter(pk=note.pk).delete)
        assert not can(lambda: Message.objects.filter(pk=note.pk).update(text="x"))


def test_files_are_attached_to_ones_own_messages(scene):
    def attach(message):
        return Attachment.objects.create(
            message=message, name="b", content_type="text/plain", size=1, sha256="1"
        )

    with acting(Actor.staff(scene.agent)):
        mine = said(scene, scene.agent, "OUTBOUND")
        assert can(lambda: attach(mine))
        assert not can(lambda: attach(scene.case.messages.earliest("id")))
        assert not can(lambda: scene.rows(Attachment).update(state="CLEAN"))


def test_events_are_recorded_in_ones_own_name_on_ones_own_cases(scene):
    def note(case, by):
        return record("note.added", case_id=case.pk, at=MONDAY_9AM, actor_id=by.pk, actor_name="A")

    with acting(Actor.staff(scene.agent)):
        assert can(lambda: note(scene.case, scene.agent))
        assert not can(lambda: note(scene.case, scene.colleague))
        assert not can(lambda: note(scene.other, scene.agent))


def test_saved_filters_are_ones_own(scene):
    SavedFilter.objects.create(staff=scene.agent, name="Mine", query="?")
    for who, may in {"agent": True, "colleague": False}.items():
        with acting(Actor.staff(getattr(scene, who))):
            assert can(SavedFilter.objects.count) is may, who


def test_a_vendors_staff_see_their_own_people_only(scene):
    with acting(Actor.staff(scene.agent)):
        seen = set(StaffMember.objects.values_list("pk", flat=True))
    assert {scene.agent.pk, scene.colleague.pk} <= seen
    assert not {scene.stranger.pk, scene.specialist.pk} & seen


def test_a_requester_reads_what_was_said_on_their_case_and_nothing_else(scene):
    add_note(reference=scene.case.reference, by=scene.agent, text="Odd", now=MONDAY_9AM)
    for case, count in [(scene.case, 1), (scene.other, 0)]:
        with acting(Actor.requester(scene.case.pk)):
            assert Message.objects.filter(case_id=case.pk).count() == count
            assert Case.objects.filter(pk=case.pk).count() == count
    with acting(Actor.requester(scene.case.pk)):
        assert not can(lambda: scene.rows(Case).update(priority=1))
        for model in (MessageOriginal, PartyContact, Draft, Outgoing, Escalation, StaffMember):
            assert not can(model.objects.count), model
