"""Gates stay owed whatever a case is called, until somebody not bound by them agrees."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from caseward.casework.models import Case, Notice, PastReason
from caseward.casework.services import (
    change_reason,
    merge_case,
    reply,
    resolve_case,
    transfer_case,
    unmerge_case,
)
from caseward.casework.services.assigning import move_case
from caseward.casework.services.owing import (
    BoundByIt,
    NothingOwed,
    agree_to_drop,
    ask_to_drop,
    owe_again,
    owed_gates,
)
from caseward.casework.services.playbook import StepsMissing, confirm_step, do_step
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_playbook,
    a_queue,
    a_reason,
    a_regional_lead,
    a_share,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db
NOW = MONDAY_9AM + timedelta(hours=1)
PROOF = {
    "key": "proof", "texts": {"en": "Climb the proof ladder."}, "check": "LADDER", "is_gate": True,
    "blocks": ["recovered"],
}  # fmt: skip
HINT = {"key": "hint", "texts": {"en": "Send the link."}}
ENOUGH = {"rungs": ["known-device", "old-factor", "liveness"], "risks": ["payouts"]}


@pytest.fixture
def hacked():
    """An agent's case of a gated reason, beside an ordinary reason of the same line."""
    reason = a_reason(key="hacked")
    a_playbook(reason, [PROOF, HINT])
    return a_case(assignee=an_agent(), reason_id=reason.pk)


def named(case, by, **more):
    return {"reference": case.reference, "by": by, "now": NOW, **more}


def called(case, key, by=None):
    by, reason = by or case.assignee, a_reason(key=key)
    with acting(Actor.staff(by)):
        change_reason(reason=reason, **named(case, by))


def resolve(case, by=None, ending="recovered"):
    by = by or Case.objects.get(pk=case.pk).assignee or a_team_leader()
    disposition = a_disposition(key=ending)
    with acting(Actor.staff(by)):
        return resolve_case(disposition=disposition, **named(case, by))


def refused(case, by=None):
    with pytest.raises(StepsMissing) as refusal, transaction.atomic():
        resolve(case, by)
    return [each.step.key for each in refusal.value.blocking]


def agreed(case, by=None, reason="hacked"):
    by, reason_id = by or a_team_leader(), a_reason(key=reason).pk
    with acting(Actor.staff(by)):
        agree_to_drop(reason_id=reason_id, **named(case, by))


def test_another_reason_does_not_lift_the_gate(hacked):
    assert refused(hacked) == ["proof"]

    called(hacked, "lost-login")

    assert refused(hacked) == ["proof"]
    assert resolve(hacked, ending="not-the-owner").status == "RESOLVED"


def test_a_reason_without_gates_leaves_nothing_behind():
    case = a_case(assignee=an_agent(), reason_id=a_reason(key="billing").pk)
    a_playbook(a_reason(key="billing"), [HINT])

    called(case, "lost-login")

    assert not PastReason.objects.exists()
    assert resolve(case).status == "RESOLVED"


def test_nor_do_two_changes_one_after_the_other(hacked):
    called(hacked, "lost-login")
    called(hacked, "billing")

    assert refused(hacked) == ["proof"]


def by_transfer(case):
    age = a_lob("age-support")
    a_share(case.vendor, age)
    by = a_team_leader()
    for lob in (age, a_lob()):
        transfer_case(lob=lob, language="en", why="To and fro", **named(case, by))


def by_moving_queues(case):
    by, home = a_team_leader(), case.queue
    for queue in (a_queue(1, case.vendor, a_lob("age-support")), home):
        move_case(to_queue=queue, why="To and fro", **named(case, by))


def by_merging_it_away(case):
    other = a_case(assignee=case.assignee, reason_id=a_reason(key="billing").pk)
    merge_case(into=other.reference, **named(case, case.assignee))
    return other


def by_calling_the_duplicate_something_else_first(case):
    called(case, "lost-login")
    return by_merging_it_away(case)


def by_sql(case):
    Case.objects.filter(pk=case.pk).update(reason=None)


@pytest.mark.parametrize(
    "way",
    [
        by_transfer, by_moving_queues, by_merging_it_away,
        by_calling_the_duplicate_something_else_first, by_sql,
    ],
)  # fmt: skip
def test_no_other_way_goes_round_it(hacked, way):
    goes_on = way(hacked) or hacked
    assert refused(goes_on) == ["proof"]


def test_a_duplicate_that_is_a_case_of_its_own_again_takes_its_gates_along(hacked):
    other = by_merging_it_away(hacked)
    unmerge_case(**named(hacked, hacked.assignee))

    assert resolve(other).status == "RESOLVED"
    assert refused(hacked) == ["proof"]


def test_an_answer_with_an_ending_is_refused_alike(hacked):
    called(hacked, "lost-login")
    with pytest.raises(StepsMissing), transaction.atomic():
        reply(
            text="Done.", undo=timedelta(0), disposition=a_disposition(),
            **named(hacked, hacked.assignee),
        )  # fmt: skip


def test_the_owed_steps_can_be_done_and_confirmed_as_before(hacked):
    called(hacked, "lost-login")
    do_step(key="proof", answer=ENOUGH, **named(hacked, hacked.assignee))
    assert refused(hacked) == ["proof"]

    confirm_step(key="proof", **named(hacked, an_agent()))

    assert resolve(hacked).status == "RESOLVED"


def test_one_asks_and_one_agrees(hacked):
    called(hacked, "lost-login")
    lead = a_regional_lead()
    agent, hacked_id = hacked.assignee, a_reason(key="hacked").pk
    with acting(Actor.staff(agent)):
        for _ in range(2):
            ask_to_drop(reason_id=hacked_id, **named(hacked, agent))
    assert Notice.objects.get(kind="playbook.drop_asked").staff == lead

    agreed(hacked, lead)

    kinds = Event.objects.filter(case_id=hacked.pk, kind__startswith="playbook.")
    assert list(kinds.order_by("seq").values_list("kind", flat=True)) == [
        "playbook.drop_asked",
        "playbook.drop_agreed",
    ]
    assert resolve(hacked).status == "RESOLVED"


def test_whoever_is_bound_by_a_gate_does_not_agree(hacked):
    called(hacked, "lost-login")
    agent, hacked_id = hacked.assignee, a_reason(key="hacked").pk
    for by in (agent, an_agent(), a_specialist()):
        with pytest.raises(BoundByIt), transaction.atomic():
            agree_to_drop(reason_id=hacked_id, **named(hacked, by))
    assert refused(hacked) == ["proof"]

    agreed(hacked)
    assert resolve(hacked).status == "RESOLVED"


@pytest.mark.parametrize("bound", ["changed it", "asked", "works on it"])
def test_a_lead_who_has_a_part_in_it_asks_another(hacked, bound):
    lead, hacked_id = a_team_leader(), a_reason(key="hacked").pk
    called(hacked, "lost-login", by=lead if bound == "changed it" else None)
    if bound == "asked":
        ask_to_drop(reason_id=hacked_id, **named(hacked, lead))
    if bound == "works on it":
        Case.objects.filter(pk=hacked.pk).update(assignee=lead)

    with pytest.raises(BoundByIt), transaction.atomic():
        agreed(hacked, lead)
    agreed(hacked)


def test_what_somebody_agreed_to_does_not_count_when_they_end_the_case_themselves(hacked):
    called(hacked, "lost-login")
    lead = a_team_leader()
    agreed(hacked, lead)

    assert refused(hacked, lead) == ["proof"]
    assert resolve(hacked).status == "RESOLVED"


def test_an_agreement_is_taken_back_and_ends_when_the_case_had_the_reason_again(hacked):
    called(hacked, "lost-login")
    agreed(hacked)
    lead = a_team_leader()
    owe_again(reason_id=a_reason(key="hacked").pk, **named(hacked, lead))
    assert refused(hacked) == ["proof"]

    agreed(hacked)
    assert owed_gates(hacked, by=hacked.assignee) == []
    called(hacked, "hacked")
    called(hacked, "lost-login")
    assert refused(hacked) == ["proof"]


def test_nothing_is_agreed_to_that_is_not_owed(hacked):
    with pytest.raises(NothingOwed):
        agreed(hacked)
    called(hacked, "lost-login")
    agreed(hacked)
    with pytest.raises(NothingOwed):
        agreed(hacked)


def test_postgresql_keeps_who_agrees_apart_from_who_is_bound(hacked):
    called(hacked, "lost-login")
    past = PastReason.objects.filter(case=hacked)
    agent, stranger = hacked.assignee, an_agent(a_vendor("melati"))

    with pytest.raises(IntegrityError, match="agreed_by_somebody_else"), transaction.atomic():
        past.update(agreed_by=agent, agreed_at=NOW)
    with acting(Actor.staff(stranger)):
        assert not past.exists()
    with pytest.raises(ProgrammingError), acting(Actor.staff(agent)):
        past.update(agreed_by=stranger, agreed_at=NOW)
    with pytest.raises(ProgrammingError), acting(Actor.staff(agent)):
        past.delete()
    specialist, leader = a_specialist(), a_team_leader()
    with pytest.raises(ProgrammingError), acting(Actor.staff(specialist)):
        past.update(agreed_by=leader, agreed_at=NOW)
