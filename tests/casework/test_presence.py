"""Two people on one case see each other, and what somebody writes is kept."""

from datetime import timedelta

import pytest

from caseward.casework.models import Draft, Presence
from caseward.casework.services.drafting import draft_of, drop_draft, keep_draft
from caseward.casework.services.presence import (
    forget_old_presence,
    heartbeat,
    leave,
    shown,
    who_else,
)
from caseward.org.acting import Actor, acting
from caseward.wellbeing.models import Exposure
from tests.builders import MONDAY_9AM, a_case, a_reason, a_specialist, an_agent

pytestmark = pytest.mark.django_db
SOON = MONDAY_9AM + timedelta(seconds=10)


def test_two_agents_on_one_case_see_each_other_and_who_writes():
    ana, ben = an_agent(name="Ana"), an_agent(name="Ben")
    case = a_case()

    with acting(Actor.staff(ana)):
        heartbeat(case=case, staff=ana, is_writing=True, now=MONDAY_9AM)
    with acting(Actor.staff(ben)):
        heartbeat(case=case, staff=ben, is_writing=False, now=SOON)
        seen = who_else(case=case, staff=ben, now=SOON)

    assert [(viewer.name, viewer.is_writing) for viewer in seen] == [("Ana", True)]


def test_a_lease_runs_out_after_25_seconds():
    ana, ben = an_agent(), an_agent()
    case = a_case()
    heartbeat(case=case, staff=ana, is_writing=False, now=MONDAY_9AM)

    for seconds, expected in [(24, 1), (25, 0)]:
        then = MONDAY_9AM + timedelta(seconds=seconds)
        assert len(who_else(case=case, staff=ben, now=then)) == expected

    assert forget_old_presence(now=MONDAY_9AM + timedelta(seconds=25)) == 1
    assert not Presence.objects.exists()


def test_whoever_leaves_is_gone_at_once():
    ana, ben = an_agent(), an_agent()
    case = a_case()
    heartbeat(case=case, staff=ana, is_writing=False, now=MONDAY_9AM)

    leave(case=case, staff=ana, now=MONDAY_9AM)
    leave(case=case, staff=ana, now=MONDAY_9AM)

    assert who_else(case=case, staff=ben, now=MONDAY_9AM) == []


def test_a_vendors_agent_sees_that_somebody_in_house_is_there_but_not_who():
    agent, specialist = an_agent(), a_specialist(name="Mira")
    case = a_case()
    heartbeat(case=case, staff=specialist, is_writing=False, now=MONDAY_9AM)

    with acting(Actor.staff(agent)):
        seen = who_else(case=case, staff=agent, now=MONDAY_9AM)

    assert [(viewer.staff_id, viewer.name) for viewer in seen] == [(specialist.pk, "")]


def test_only_a_change_of_viewers_is_told(heard):
    ana = an_agent()
    case = a_case()
    moments = [(0, False), (10, False), (20, True), (60, True)]

    for seconds, is_writing in moments:
        now = MONDAY_9AM + timedelta(seconds=seconds)
        heartbeat(case=case, staff=ana, is_writing=is_writing, now=now)
    leave(case=case, staff=ana, now=MONDAY_9AM)
    leave(case=case, staff=ana, now=MONDAY_9AM)

    assert len(heard()) == 4  # came, writes, came back after the lease, left


@pytest.fixture
def heard(monkeypatch):
    told = []
    from caseward.casework.services import presence

    monkeypatch.setattr(presence, "_tell", lambda case, staff: told.append((case.pk, staff.pk)))
    return lambda: told


def test_a_draft_is_kept_replaced_and_dropped():
    ana = an_agent()
    case = a_case()

    with acting(Actor.staff(ana)):
        keep_draft(case=case, staff=ana, text="Dear Ash", now=MONDAY_9AM)
        keep_draft(case=case, staff=ana, text="Dear Asha,", now=SOON, is_note=True)
        kept = draft_of(case=case, staff=ana)
        assert kept is not None
        assert (kept.text, kept.is_note, kept.updated_at) == ("Dear Asha,", True, SOON)
        keep_draft(case=case, staff=ana, text="  ", now=SOON)
        drop_draft(case=case, staff=ana)

    assert not Draft.objects.exists()


def test_nobody_reads_a_colleagues_draft():
    ana, ben = an_agent(), an_agent()
    case = a_case()
    keep_draft(case=case, staff=ana, text="Not ready yet", now=MONDAY_9AM)

    for agent, visible in [(ana, 1), (ben, 0)]:
        with acting(Actor.staff(agent)):
            assert Draft.objects.filter(case=case).count() == visible


def test_what_is_open_is_met_by_whoever_looks_and_a_picture_stays_in_view():
    ana = an_agent()
    case = a_case(assignee=ana, reason_id=a_reason(severity=3, category="gore").pk)
    page = {"case": case, "staff": ana}

    with acting(Actor.staff(ana)):
        shown(**page, now=MONDAY_9AM)
        shown(**page, now=MONDAY_9AM + timedelta(seconds=10), modality="PICTURE")
        heartbeat(**page, is_writing=False, now=MONDAY_9AM + timedelta(seconds=20))
        leave(**page, now=MONDAY_9AM + timedelta(seconds=30))

        met = Exposure.objects.order_by("pk").values_list("severity", "modality", "seconds")
        assert list(met) == [(3, "TEXT", 10), (3, "PICTURE", 20)]
        assert {met.category for met in Exposure.objects.all()} == {"gore"}
