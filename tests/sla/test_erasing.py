"""What keeps a case from being erased, and that erasing is due when the last of it is over."""

from datetime import timedelta

import pytest

from caseward.casework.services import note_legal_act, note_missed_clocks
from caseward.ledger.models import Event
from caseward.sla import services as sla
from caseward.sla.models import Clock
from tests.builders import MONDAY_9AM, a_case, a_team_leader
from tests.law import a_law

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def decided():
    """An Australian age review that was decided: its evidence is to be erased within a week."""
    a_law("AU-SMMA-REVIEW")
    case = a_case(country="AU", tags=["age-review"])
    note_legal_act(reference=case.reference, event="decided", by=a_team_leader(), now=MONDAY_9AM)
    return case


def erasure(case):
    return Clock.objects.get(case=case, kind="ERASURE")


def swept(at):
    note_missed_clocks(now=at)
    return Event.objects.filter(kind="erasure.due").count()


def test_without_anything_that_keeps_it_a_case_is_erased_in_time(decided):
    due = erasure(decided).deadline_at

    assert swept(due - timedelta(seconds=1)) == 0
    assert swept(due) == 1
    assert erasure(decided).was_met is True


def test_a_legal_hold_suspends_erasure_until_it_is_lifted(decided):
    due = erasure(decided).deadline_at
    sla.place_hold(case_id=decided.pk, kind="LEGAL_HOLD", why="Trial", at=MONDAY_9AM)
    assert swept(due + 99 * DAY) == 0

    sla.lift_holds(case_id=decided.pk, kind="LEGAL_HOLD", at=due + 100 * DAY)

    assert erasure(decided).deadline_at == due + 100 * DAY
    assert swept(due + 100 * DAY) == 1


def test_the_last_of_several_holds_counts(decided):
    due = erasure(decided).deadline_at
    lapses_at = due + 30 * DAY
    sla.place_hold(
        case_id=decided.pk, kind="LEGAL_HOLD", why="Trial", at=MONDAY_9AM, lapses_at=lapses_at
    )
    sla.place_hold(case_id=decided.pk, kind="APPEAL", why="Appeal", at=MONDAY_9AM)
    assert erasure(decided).deadline_at is None

    sla.lift_holds(case_id=decided.pk, kind="APPEAL", at=MONDAY_9AM + DAY)

    assert erasure(decided).deadline_at == lapses_at


def test_an_appeal_to_an_outside_body_suspends_it_until_the_body_decides(decided):
    leader = a_team_leader()
    act = {"reference": decided.reference, "by": leader}
    note_legal_act(event="body_opened", now=MONDAY_9AM + DAY, **act)
    assert erasure(decided).deadline_at is None

    note_legal_act(event="body_answered", now=MONDAY_9AM + 40 * DAY, **act)

    assert swept(MONDAY_9AM + 40 * DAY) == 1
