"""Two leads move the same case at the same moment, from the same page: one does, one is told."""

from datetime import timedelta
from functools import partial

import pytest

from caseward.casework.access import ChangedMeanwhile
from caseward.casework.floor import moving
from caseward.casework.models import Case, FloorMove
from caseward.casework.services.assigning import move_case
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_queue,
    a_regional_lead,
    a_share,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.concurrency import at_once

NOW = MONDAY_9AM + timedelta(hours=1)


@pytest.mark.parametrize("_again", range(3))
def test_of_two_leads_who_move_a_case_at_once_one_does_and_one_is_told_what_happened(
    committed_db, _again
):
    with acting(Actor.system("tests")):
        a_share(a_vendor("melati"), a_lob())
        agent, case = an_agent(), a_case()
        elsewhere = a_queue(1, a_vendor("melati"), a_lob())
        rohan, priya = a_team_leader(), a_regional_lead()
        seen = ledger.last_number(case.pk)
    named = {"reference": case.reference, "seen": seen, "now": NOW}

    def gives():
        with acting(Actor.staff(rohan)):
            moving.give_case(to=agent, by=rohan, **named)

    def moves():
        with acting(Actor.staff(priya)):
            move_case(to_queue=elsewhere, by=priya, why="A storm", **named)

    answers = at_once([partial(gives), partial(moves)])

    refused = [answer for answer in answers if answer is not None]
    assert [type(one) for one in refused] == [ChangedMeanwhile]
    with acting(Actor.system("tests")):
        case = Case.objects.get(pk=case.pk)
        was_given = answers[0] is None
        assert (case.assignee_id == agent.pk) is was_given
        assert (case.queue_id == elsewhere.pk) is not was_given
        assert FloorMove.objects.count() == int(was_given)
        done = Event.objects.filter(case_id=case.pk, seq__gt=seen)
        assert done.count() == 1
    assert refused[0].events == ["case.assigned" if was_given else "case.moved"]
