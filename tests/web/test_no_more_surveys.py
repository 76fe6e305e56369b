"""A requester who wants no more surveys gets none, and looking at the page changes nothing."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Outgoing
from caseward.casework.services import Person, resolve_case
from caseward.channels import links
from caseward.channels.email.writing import write
from caseward.ledger.queries import timeline
from caseward.quality.models import NoSurveys
from caseward.quality.services import ask_surveys
from tests.builders import a_case, a_disposition, a_mailbox, an_agent

pytestmark = pytest.mark.django_db


def a_resolved_case(email="asha@example.com", **fields):
    agent, now = an_agent(languages=("en", "ta")), timezone.now()
    case = a_case(
        assignee=agent, opened_at=now - timedelta(hours=3), people=[Person(email=email)], **fields
    )
    return resolve_case(
        reference=case.reference,
        by=agent,
        disposition=a_disposition(),
        now=now - timedelta(hours=1),
    )


def address(case):
    return links.no_surveys_url(case.reference).removeprefix("http://127.0.0.1:8000")


def test_the_mail_says_where_to_stop_it_and_a_mail_program_can():
    a_mailbox()
    case = a_resolved_case()
    ask_surveys(now=timezone.now())
    survey = Outgoing.objects.get(case=case, kind="SURVEY")

    content = write(survey, now=timezone.now()).content
    mail = message_from_bytes(content, policy=policy.default)
    link = mail["List-Unsubscribe"].strip("<>")
    answer = Client(enforce_csrf_checks=True).post(
        link.removeprefix("http://127.0.0.1:8000"), {"List-Unsubscribe": "One-Click"}
    )

    assert mail["List-Id"].startswith("<surveys.")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.get_body(("plain",)).get_content()
    assert answer.status_code == 200
    assert NoSurveys.objects.count() == 1


def test_nobody_at_the_address_is_asked_again_however_it_is_written(client):
    client.post(address(a_resolved_case("Asha@Example.com")))
    a_resolved_case("asha@example.com")
    asked = a_resolved_case("ravi@example.com")

    assert ask_surveys(now=timezone.now()) == 1
    assert Outgoing.objects.get(kind="SURVEY").case == asked


def test_opening_the_page_stops_nothing_and_its_button_does_once(client):
    case = a_resolved_case(language="ta")

    page = client.get(address(case)).content.decode()
    assert client.head(address(case)).status_code == 200
    assert 'lang="ta"' in page
    assert f'action="{address(case)}"' in page
    assert not NoSurveys.objects.exists()
    for _again in range(2):
        assert client.post(address(case)).status_code == 200
    assert "asha" not in NoSurveys.objects.get().address_hash
    assert timeline(case.pk).filter(kind="survey.declined").count() == 1


@pytest.mark.parametrize("token", ["nonsense", "survey", "status"])
def test_only_its_own_link_stops_surveys(client, token):
    case = a_resolved_case()
    tokens = {
        "survey": links.survey_token(case.reference),
        "status": links.status_token(case.reference),
    }

    answer = client.post(f"/survey/{tokens.get(token, token)}/stop")

    assert answer.status_code == 404
    assert not NoSurveys.objects.exists()
