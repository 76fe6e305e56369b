"""Two workers ask at the same moment."""

from datetime import timedelta

from caseward.casework.models import Outgoing
from caseward.casework.services import resolve_case
from caseward.org.acting import Actor, acting
from caseward.quality.models import Survey
from caseward.quality.services import ask_surveys
from tests.builders import MONDAY_9AM, a_case, a_disposition, an_agent
from tests.concurrency import at_once

SOON = MONDAY_9AM + timedelta(hours=1)


def ask():
    with acting(Actor.system("surveys")):
        return ask_surveys(now=SOON)


def test_two_who_ask_at_once_ask_once(committed_db):
    with acting(Actor.system("tests")):
        agent = an_agent()
        case = a_case(assignee=agent)
        resolve_case(
            reference=case.reference, by=agent, disposition=a_disposition(), now=MONDAY_9AM
        )

    asked = at_once([ask] * 2)

    assert sorted(asked) == [0, 1]
    with acting(Actor.system("tests")):
        assert Survey.objects.count() == Outgoing.objects.filter(kind="SURVEY").count() == 1
