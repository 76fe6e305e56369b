"""Playbooks: steps done, confirmed, undone, and what they keep a case from."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from caseward.casework import access
from caseward.casework.models import Case, PlaybookStep
from caseward.casework.services import reply, resolve_case
from caseward.casework.services.playbook import (
    AnsweredAnew,
    DoneByAnother,
    NoSuchStep,
    NotAnAnswer,
    SamePerson,
    StepsMissing,
    blocking_steps,
    confirm_step,
    do_step,
    undo_step,
)
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_playbook,
    a_reason,
    a_specialist,
    a_team_leader,
    an_agent,
)

pytestmark = pytest.mark.django_db

NOW = MONDAY_9AM + timedelta(hours=1)
LOCK = {"key": "lock", "texts": {"en": "Ask for a lock."}, "is_gate": True}
PROOF = {
    "key": "proof",
    "texts": {"en": "Climb the proof ladder."},
    "check": "LADDER",
    "is_gate": True,
    "blocks": ["recovered"],
    "tiers": [2],
}


@pytest.fixture
def hijacked():
    """A case of tier 2 whose playbook asks for a lock and for proof before recovery."""
    reason = a_reason()
    a_playbook(reason, [LOCK, PROOF])
    specialist = a_specialist()
    case = a_case(reason_id=reason.pk)
    Case.objects.filter(pk=case.pk).update(tier=2, status="ESCALATED", assignee=specialist)
    case.refresh_from_db()
    return case


def do(case, by, key, **answer):
    return do_step(reference=case.reference, by=by, key=key, answer=answer, now=NOW)


def resolve(case, by, ending="recovered"):
    return resolve_case(
        reference=case.reference, by=by, disposition=a_disposition(key=ending), now=NOW
    )


def missing(case, ending="recovered"):
    found = blocking_steps(case, a_disposition(key=ending))
    return [(each.step.key, each.why) for each in found]


def test_a_case_is_kept_from_recovery_until_lock_and_proof_are_there(hijacked):
    specialist = hijacked.assignee
    assert missing(hijacked) == [("lock", "UNDONE"), ("proof", "UNDONE")]
    with pytest.raises(StepsMissing):
        resolve(hijacked, specialist)

    do(hijacked, specialist, "lock", value=True)
    do(hijacked, specialist, "proof", rungs=["known-device", "old-factor"], risks=[])

    assert resolve(hijacked, specialist).status == "RESOLVED"


def test_too_little_proof_keeps_it_from_recovery_only(hijacked):
    specialist = hijacked.assignee
    do(hijacked, specialist, "lock", value=True)
    do(hijacked, specialist, "proof", rungs=["known-device"], risks=[])

    assert missing(hijacked) == [("proof", "NOT_ENOUGH")]
    assert missing(hijacked, "insufficient-proof") == []
    assert resolve(hijacked, specialist, "insufficient-proof").status == "RESOLVED"


def test_a_risky_account_takes_a_second_person(hijacked):
    specialist, colleague = hijacked.assignee, a_specialist()
    do(hijacked, specialist, "lock", value=True)
    proof = {"rungs": ["known-device", "old-factor", "liveness"], "risks": ["payouts"]}
    do(hijacked, specialist, "proof", **proof)
    assert missing(hijacked) == [("proof", "UNCONFIRMED")]

    with pytest.raises(SamePerson):
        confirm_step(reference=hijacked.reference, by=specialist, key="proof", now=NOW)
    confirm_step(reference=hijacked.reference, by=colleague, key="proof", now=NOW)

    assert missing(hijacked) == []


def test_nobody_confirms_an_answer_they_have_not_read(hijacked):
    specialist, colleague = hijacked.assignee, a_specialist()
    proof = {"rungs": ["known-device", "old-factor", "liveness"], "risks": ["payouts"]}
    do(hijacked, specialist, "proof", **proof)
    confirm = {"reference": hijacked.reference, "by": colleague, "key": "proof", "now": NOW}

    with pytest.raises(AnsweredAnew):
        confirm_step(read=NOW - timedelta(minutes=1), **confirm)
    assert ("proof", "UNCONFIRMED") in missing(hijacked)
    confirm_step(read=NOW, **confirm)

    assert ("proof", "UNCONFIRMED") not in missing(hijacked)


def test_a_new_answer_takes_the_confirmation_away(hijacked):
    specialist, colleague = hijacked.assignee, a_specialist()
    proof = {"rungs": ["known-device", "old-factor", "liveness"], "risks": ["payouts"]}
    do(hijacked, specialist, "proof", **proof)
    confirm_step(reference=hijacked.reference, by=colleague, key="proof", now=NOW)

    do(hijacked, specialist, "proof", **{**proof, "risks": ["payouts", "minor"]})

    assert ("proof", "UNCONFIRMED") in missing(hijacked)


def test_postgresql_lets_nobody_confirm_their_own_step(hijacked):
    step = do(hijacked, hijacked.assignee, "lock", value=True)

    with pytest.raises(IntegrityError, match="confirmed_by_somebody_else"), transaction.atomic():
        PlaybookStep.objects.filter(pk=step.pk).update(confirmed_by=step.done_by)


def test_no_answer_and_no_ending_goes_round_the_gates(hijacked):
    """The refusal stands in the verb itself: answering with an ending is refused alike."""
    before = hijacked.messages.count()

    with pytest.raises(StepsMissing), transaction.atomic():
        reply(
            reference=hijacked.reference, by=hijacked.assignee, text="Done.", now=NOW,
            undo=timedelta(0), disposition=a_disposition(),
        )  # fmt: skip

    assert hijacked.messages.count() == before


def test_a_step_is_undone_by_whoever_did_it_or_leads(hijacked):
    specialist, leader = hijacked.assignee, a_team_leader()
    do(hijacked, specialist, "lock", value=True)
    with pytest.raises(access.NotYoursToChange):
        undo_step(reference=hijacked.reference, by=a_specialist(), key="lock", now=NOW)

    undo_step(reference=hijacked.reference, by=leader, key="lock", now=NOW)

    assert not PlaybookStep.objects.exists()
    kinds = [event.kind for event in ledger.timeline(hijacked.pk)[:2]]
    assert kinds == ["playbook.step_undone", "playbook.step_done"]


def test_a_step_of_a_colleague_is_not_written_over(hijacked):
    do(hijacked, hijacked.assignee, "lock", value=True)

    with pytest.raises(DoneByAnother):
        do(hijacked, a_team_leader(), "lock", value=True)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ({"check": "TICK"}, {"value": "yes"}),
        ({"check": "CHOICE", "choices": {"a": {"en": "A"}}}, {"value": "b"}),
        ({"check": "TEXT"}, {"value": "  "}),
        ({"check": "NUMBER"}, {"value": True}),
        ({"check": "LADDER"}, {"rungs": ["charm"]}),
    ],
)
def test_what_is_no_answer_is_refused(step, answer):
    reason = a_reason()
    a_playbook(reason, [{"key": "it", "texts": {"en": "Do it."}, **step}])
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)

    with pytest.raises(NotAnAnswer):
        do(case, agent, "it", **answer)


def test_what_tier_2_answers_a_vendors_staff_neither_see_nor_write():
    reason = a_reason()
    a_playbook(reason, [LOCK, PROOF])
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)
    PlaybookStep.objects.create(
        case=case, version=a_playbook(reason, [LOCK, PROOF]), key="proof", in_house_only=True,
        answer={"rungs": ["liveness"]}, done_by=a_specialist(), done_at=NOW,
    )  # fmt: skip

    with acting(Actor.staff(agent)):
        do(case, agent, "lock", value=True)
        with pytest.raises(NoSuchStep):
            do(case, agent, "proof", rungs=[], risks=[])
        assert [step.key for step in PlaybookStep.objects.all()] == ["lock"]


def test_another_vendors_staff_see_no_step_and_nobody_of_a_vendor_writes_for_another():
    reason = a_reason()
    version = a_playbook(reason, [LOCK])
    agent, colleague = an_agent(), an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)
    step = {"case": case, "version": version, "answer": {"value": True}, "done_at": NOW}

    with acting(Actor.staff(agent)):
        PlaybookStep.objects.create(**step, key="lock", done_by=agent)
        with pytest.raises(ProgrammingError), transaction.atomic():
            PlaybookStep.objects.create(**step, key="other", done_by=colleague)
        with pytest.raises(ProgrammingError), transaction.atomic():
            PlaybookStep.objects.update(answer={"value": False})


def test_without_a_playbook_nothing_stands_in_the_way():
    agent = an_agent()
    case = a_case(assignee=agent)

    assert missing(case) == []
    assert resolve(case, agent).status == "RESOLVED"
