"""The browser's *Back*, then *Send*: the same form from a page fetched anew."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Case
from caseward.channels.forms import new_ticket
from caseward.channels.models import FormTicket
from tests.builders import a_form, a_lob, a_promise, a_reason, a_share, a_vendor

ADDRESS = "/help/account-security/"
GOOD = {
    "email": "asha@example.com",
    "message": "I cannot sign in.",
    "reason": "lost-login",
    "safe-to-write": "on",
}


@pytest.fixture
def form(db, somebody_acts, settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    lob = a_lob()
    a_share(a_vendor(), lob, "en")
    a_reason(lob, "lost-login")
    a_promise()
    a_form(lob)


def post(client, **changes):
    ticket = new_ticket("account-security")
    return client.post(ADDRESS, {**GOOD, "form_ticket": ticket, **changes})


def a_note(words):
    return SimpleUploadedFile("note.txt", words, "text/plain")


def test_back_and_send_again_leads_to_the_first_case_and_says_so(form, client):
    first, second = (post(client) for _ in range(2))

    assert Case.objects.count() == 1
    assert first.url.split("~")[0] == second.url.split("~")[0]
    said = "You have sent this already; here is your reference."
    assert said not in client.get(first.url).content.decode()
    assert said in client.get(second.url).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"message": "I still cannot sign in."},
        {"email": "somebody@example.com"},
        {"REMOTE_ADDR": "203.0.113.9"},
    ],
    ids=["other words", "other e-mail address", "somebody elsewhere"],
)
def test_anything_else_is_a_case_of_its_own_and_tells_of_no_other(form, client, changes):
    post(client)
    sender = Client(REMOTE_ADDR=changes.pop("REMOTE_ADDR", "127.0.0.1"))

    answer = post(sender, **changes)

    assert Case.objects.count() == 2
    assert "again" not in answer.url


def test_a_new_file_is_not_lost_when_the_words_are_the_same(form, client):
    post(client, new_files=a_note(b"what I saw"))
    post(client, new_files=a_note(b"what I saw"))
    assert Case.objects.count() == 1

    post(client, new_files=a_note(b"what they wrote to me"))
    assert Case.objects.count() == 2


def test_after_half_an_hour_the_same_words_are_a_new_case(form, client):
    post(client)
    FormTicket.objects.update(submitted_at=timezone.now() - timedelta(minutes=31))

    post(client)

    assert Case.objects.count() == 2
