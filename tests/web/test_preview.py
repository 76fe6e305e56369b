"""The preview says what the mail says, word for word, but for the requester's own link."""

from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from caseward.casework.models import Outgoing
from caseward.channels import links
from caseward.channels.email.writing import write
from tests.builders import a_case, a_mailbox, an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return an_agent(languages=("en", "ta"))


@pytest.fixture
def desk(agent):
    browser = Client()
    browser.force_login(agent)
    return browser


@pytest.mark.parametrize("language", ["en", "ta"])
def test_the_preview_is_the_mail(desk, agent, language):
    a_mailbox(signatures={language: "Lumen Support\nNever tell us your password."})
    case = a_case(assignee=agent, opened_at=timezone.now(), language=language)
    path, said = f"/desk/case/{case.reference}", {"text": "About {reference} <b>", "then": "STAY"}

    shown = desk.post(f"{path}/preview", said).content.decode()
    desk.post(f"{path}/reply", said)
    content = write(Outgoing.objects.get(case=case, kind="REPLY"), now=timezone.now()).content

    mail = message_from_bytes(content, policy=policy.default)
    sent = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    status = sent[sent.index(f"{links.settings.BASE_URL}/status/") :].split()[0]
    assert escape(mail["Subject"]) in shown
    assert escape(sent.replace(status, links.hidden_status_url()).strip()) in shown
    assert "Never tell us your password." in shown


def test_without_a_mailbox_the_preview_has_no_signature(desk, agent):
    case = a_case(assignee=agent, opened_at=timezone.now())

    shown = desk.post(f"/desk/case/{case.reference}/preview", {"text": "Hello"})

    assert shown.status_code == 200
    assert "Hello" in shown.content.decode()
