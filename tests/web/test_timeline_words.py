"""The timeline says of a mail what is known: a server took it, or nothing left the machine."""

import pytest
from django.utils import timezone, translation

from caseward.casework.explaining import TURNS
from caseward.casework.models import Outgoing
from caseward.casework.services.recording import record
from caseward.channels.email.delivering import VIEWER
from caseward.web.views.desk.showing import timeline, turns
from tests.builders import a_case, an_agent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"via": VIEWER}, "Kept in the mail viewer"),
        ({"via": "mail server"}, "Taken by the requester's mail server"),
        ({}, "Taken by the requester's mail server"),
    ],
)
def test_where_a_mail_went(data, words):
    agent, now = an_agent(), timezone.now()
    case = a_case(assignee=agent)
    outgoing = Outgoing.objects.get(case=case)

    record("mail.sent", case, at=now, outgoing_id=outgoing.pk, **data)

    assert timeline.events(case, agent, now=now)[0]["what"] == words


def test_what_two_people_decided_is_said_in_the_readers_language():
    agent, now = an_agent(), timezone.now()
    case = a_case(assignee=agent)
    record("emergency.decided", case, at=now, by=agent, decision="DISCLOSE")

    with translation.override("ms"):
        words = timeline.events(case, agent, now=now)[0]["what"]
        decision = translation.gettext("Disclose to an agency")

    assert words.endswith(decision)
    assert decision != "Disclose to an agency"


def test_every_turn_of_a_case_has_words():
    assert set(turns.SAID) | {"case.assigned"} == TURNS
