"""The timeline says of a mail what is known: a server took it, or nothing left the machine."""

import pytest
from django.utils import timezone

from caseward.casework.models import Outgoing
from caseward.casework.services.recording import record
from caseward.channels.email.delivering import VIEWER
from caseward.web.views.desk.showing import timeline
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
