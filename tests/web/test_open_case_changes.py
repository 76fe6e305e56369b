"""What an open case page is told when news arrives: a composer in use keeps what is in it."""

import pytest
from django.urls import reverse

from tests.builders import a_case, an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def changes(client):
    """Ask what changed on a case as the agent who has it open, with something in the composer."""
    agent = an_agent()
    case = a_case(assignee=agent)
    client.force_login(agent)

    def ask(**said):
        return client.get(reverse("case-changes", args=[case.reference]), said).content.decode()

    return ask


def test_an_untouched_composer_follows_the_case(changes):
    answer = changes(composer="empty", kind="REPLY")

    assert 'id="composer" hx-swap-oob="true"' in answer
    assert 'name="seen"' in answer


def test_a_composer_in_use_keeps_its_text_and_what_had_been_seen(changes):
    answer = changes(composer="begun", kind="NOTE")

    assert 'id="composer"' not in answer
    assert 'name="seen"' not in answer
    assert 'value="NOTE" checked' in answer
