"""The contact forms as a stranger's browser meets them."""

import re
import struct
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Attachment, Case, Message, Outgoing
from caseward.channels.forms import demo_senders, forget_old_tickets, new_ticket
from caseward.channels.models import FormTicket
from caseward.org.acting import Actor, acting
from caseward.org.models import Operation
from tests.builders import a_form, a_lob, a_promise, a_reason, a_share, a_vendor
from tests.concurrency import at_once

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 8, 8, 8, 2, 0, 0, 0, 0)
ADDRESS = "/help/account-security/"
GOOD = {
    "email": "asha@example.com",
    "message": "I cannot sign in.",
    "reason": "lost-login",
    "safe-to-write": "on",
}


def security():
    lob = a_lob()
    for language in ("en", "hi", "ms", "ta", "zh"):
        a_share(a_vendor(), lob, language)
    a_reason(lob, "lost-login")
    a_promise()
    a_form(lob)
    return lob


@pytest.fixture
def form(db, somebody_acts, settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    return security()


def a_ticket():
    return new_ticket("account-security")


def post(client, **changes):
    return client.post(ADDRESS, {**GOOD, "form_ticket": a_ticket(), **changes})


def a_file(content=PNG, name="screen.png"):
    return SimpleUploadedFile(name, content, "image/png")


def test_a_stranger_finds_the_forms_and_sends_one(form, client):
    assert ADDRESS in client.get("/help/").content.decode()
    page = client.get(ADDRESS).content.decode()
    ticket = re.search(r'name="form_ticket" value="([^"]+)"', page)[1]

    answer = client.post(
        ADDRESS, {**GOOD, "form_ticket": ticket}, headers={"Accept-Language": "en-IN,en;q=0.9"}
    )
    confirmation = client.get(answer.url).content.decode()

    case = Case.objects.get()
    assert (case.channel, case.language, case.country) == ("FORM", "en", "IN")
    assert case.reference in confirmation
    assert "A person will answer you by" in confirmation
    assert "UTC+5:30" in confirmation
    assert Outgoing.objects.get().kind == Outgoing.Kind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("asked", "lang"), [("ta", "ta"), ("zh", "zh-hans"), ("zh-hans", "zh-hans"), ("xx", "en")]
)
def test_the_address_chooses_the_language_and_it_is_remembered(form, client, asked, lang):
    first = client.get(ADDRESS, {"lang": asked})
    later = client.get(ADDRESS)

    for page in (first, later):
        assert f'<html lang="{lang}"' in page.content.decode()
        assert page.headers["Content-Language"] == lang


def test_the_language_of_the_form_is_that_of_the_case(form, client):
    client.post(f"{ADDRESS}?lang=zh", {**GOOD, "form_ticket": a_ticket()})

    assert Case.objects.get().language == "zh"


def test_another_language_may_be_chosen_in_the_middle_of_writing(form, client):
    typed = {"lang": "ta", "shown_in": "en", "email": "", "message": "My story", "reason": ""}
    answer = post(client, new_files=[a_file()], **typed)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert '<html lang="ta"' in page
    assert "My story" in page
    assert 'name="kept_file"' in page
    assert 'class="problems"' not in page
    assert not Case.objects.exists()
    post(client, lang="ta", shown_in="ta")
    assert Case.objects.get().language == "ta"


def test_a_wrong_answer_loses_nothing_and_is_told_twice(form, client):
    answer = post(client, email="nobody", message="Long story", handle="@asha")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert page.count("Write a full e-mail address.") == 2  # in the summary and at the field
    assert 'href="#id_email"' in page
    assert 'aria-invalid="true"' in page
    assert "Long story" in page
    assert 'value="@asha"' in page
    assert not Case.objects.exists()


def test_files_of_a_form_to_be_corrected_are_kept(form, client):
    page = post(client, email="nobody", new_files=[a_file()]).content.decode()
    token = re.search(r'name="kept_file" value="([^"]+)"', page)[1]

    post(client, kept_file=token)

    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.state) == ("screen.png", "CLEAN")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([a_file(b"MZ\x90", "cv.pdf")], "files of this kind can do harm"),
        ([a_file(b"<svg onload=alert(1)>", "a.svg")], "files of this kind can do harm"),
        ([a_file(b"", "a.png")], "is empty"),
        ([a_file(PNG + bytes(11_000_000))], "is too large"),
        ([a_file()] * 6, "Only 5 files can be sent at once"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(form, client, files, says):
    answer = post(client, new_files=files)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_made_up_token_for_a_file_attaches_nothing(form, client):
    post(client, kept_file="e30:1abc:forged")

    assert Case.objects.exists()
    assert not Attachment.objects.exists()


def test_the_same_form_sent_twice_makes_one_case_and_one_confirmation(form, client):
    ticket = a_ticket()

    first, second = (post(client, form_ticket=ticket) for _ in range(2))

    assert Case.objects.count() == 1
    assert first.url.split("~")[0] == second.url.split("~")[0]


@pytest.mark.parametrize(
    "ticket",
    ["", "forged", new_ticket("age-support"), "a" * 5_000],
    ids=["none", "forged", "of another form", "endless"],
)
def test_a_wrong_ticket_sends_nothing_and_keeps_the_text(form, client, ticket):
    answer = post(client, form_ticket=ticket, message="My long story")

    assert answer.status_code == 422
    assert "My long story" in answer.content.decode()
    assert "open for too long" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_program_that_fills_in_everything_gets_no_case_but_a_person_loses_nothing(form, client):
    answer = post(client, your_website="https://spam.example.com", message="My long story")

    assert answer.status_code == 422
    assert "My long story" in answer.content.decode()
    assert "spam.example.com" not in answer.content.decode()
    assert not Case.objects.exists()


def test_who_sends_too_often_is_told_when_to_go_on(form, client, settings):
    settings.FORM_LIMIT_PER_HOUR = 2
    post(client), post(client, message="My second story")

    refused = post(client, message="My third story")
    elsewhere = client.post(
        ADDRESS, {**GOOD, "form_ticket": a_ticket()}, headers={}, REMOTE_ADDR="203.0.113.9"
    )

    assert refused.status_code == 429
    assert "send it again after" in refused.content.decode()
    assert "My third story" in refused.content.decode()
    assert elsewhere.status_code == 302
    assert Case.objects.count() == 3


def test_the_demos_own_requesters_leave_a_visitor_their_share(form, client, settings):
    settings.FORM_LIMIT_PER_HOUR = 1
    shown = {demo_senders.HEADER: demo_senders.proof()}
    Operation.objects.create(id=1, name="Demo", is_demo=True)
    by_the_demo = client.post(ADDRESS, {**GOOD, "form_ticket": a_ticket()}, headers=shown)
    by_a_visitor = post(client)

    assert by_the_demo.status_code == by_a_visitor.status_code == 302
    assert post(client).status_code == 429


def test_outside_a_demo_and_without_the_key_no_header_adds_to_a_share(form, client, settings):
    settings.FORM_LIMIT_PER_HOUR = 1
    post(client)
    for shown in (demo_senders.proof(), "forged:proof", ""):
        headers = {demo_senders.HEADER: shown}
        refused = client.post(ADDRESS, {**GOOD, "form_ticket": a_ticket()}, headers=headers)
        assert refused.status_code == 429


def test_the_hour_passes(form, client, settings):
    settings.FORM_LIMIT_PER_HOUR = 1
    post(client)
    FormTicket.objects.update(submitted_at=timezone.now() - timedelta(minutes=61))

    assert post(client).status_code == 302


def test_where_a_form_came_from_is_forgotten(form, client):
    post(client)
    ticket = FormTicket.objects.get()

    assert forget_old_tickets(now=ticket.submitted_at + timedelta(days=1)) == 0
    assert forget_old_tickets(now=ticket.submitted_at + timedelta(days=3)) == 1
    assert Case.objects.exists()


def test_no_address_is_stored(form, client):
    client.post(ADDRESS, {**GOOD, "form_ticket": a_ticket()}, REMOTE_ADDR="203.0.113.9")

    kept = bytes(FormTicket.objects.get().address_hash)
    assert len(kept) == 32
    assert b"203.0.113.9" not in kept


def test_a_password_written_by_mistake_is_hidden_and_said_so(form, client):
    answer = post(client, message="My password is Hunter2!x, please help")

    assert "Hunter2" not in Message.objects.get().text
    assert "We have hidden it" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("answers", [{"message": ["a", "b"]}, {"email": "x" * 100_000}])
def test_odd_answers_are_answered_with_a_page(form, client, answers):
    assert post(client, **answers).status_code in {302, 422}


def test_too_many_fields_are_refused(form, client):
    assert client.post(ADDRESS, {f"field-{n}": "x" for n in range(10_000)}).status_code == 400


def test_a_post_too_large_to_read_is_answered_unread(form, client):
    answer = client.post(ADDRESS, GOOD, CONTENT_LENGTH="999999999")

    assert answer.status_code == 413
    assert "nothing was sent" in answer.content.decode()


def test_a_form_posted_from_another_site_is_refused(form):
    assert post(Client(enforce_csrf_checks=True)).status_code == 403


def test_who_refuses_cookies_is_told_what_to_do(form, settings):
    settings.CSRF_FAILURE_VIEW = "caseward.web.views.public.words.not_from_our_page"

    refused = post(Client(enforce_csrf_checks=True))

    assert refused.status_code == 403
    assert "Allow cookies for this site" in refused.content.decode()
    assert not Case.objects.exists()


def test_unknown_forms_and_bad_confirmations_are_not_found(form, client):
    assert client.get("/help/no-such-line/").status_code == 404
    assert client.get("/help/sent/CW-1234-567~1~x").status_code == 404


def test_a_form_costs_a_fixed_number_of_queries(form, client, django_assert_num_queries):
    client.get(ADDRESS)
    with django_assert_num_queries(4):
        client.get(ADDRESS)


@pytest.mark.parametrize("address", ["/help/", ADDRESS])
def test_pages_say_who_may_keep_them_and_load_nothing_inline(form, client, address):
    page = client.get(address)

    assert "no-store" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page.content.decode())


def test_two_sendings_at_once_make_one_case(committed_db, settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    with acting(Actor.system("tests")):
        security()
    ticket = a_ticket()

    answers = at_once([lambda: post(Client(), form_ticket=ticket)] * 2)

    with acting(Actor.system("tests")):
        assert Case.objects.count() == 1
        assert Message.objects.count() == 1
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url.split("~")[0] for answer in answers}) == 1
